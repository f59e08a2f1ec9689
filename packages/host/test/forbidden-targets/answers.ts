import type { Row } from "./row.ts";
import { BLOCKED, DENY, OPEN, get, target } from "./words.ts";

/** Names under `denyPrivateAddresses`, and what they resolve to. */
const PRIVATE_ANSWERS: Row[] = (
  [
    ["localhost", "localhost", ["127.0.0.1", "::1"]],
    ["localhost with a dot at its end", "localhost.", ["127.0.0.1"]],
    ["a name under localhost", "app.localhost", ["127.0.0.1"]],
    ["loopback elsewhere in 127/8", "rebind.example", ["127.8.8.8"]],
    ["unspecified", "rebind.example", ["0.0.0.0"]],
    ["unspecified IPv6", "rebind.example", ["::"]],
    ["private", "rebind.example", ["10.0.0.1", "192.168.0.1"]],
    ["mapped, dotted", "rebind.example", ["::ffff:127.0.0.1"]],
    ["mapped, hex", "rebind.example", ["::ffff:7f00:1"]],
    ["compatible", "rebind.example", ["::7f00:1"]],
    ["NAT64", "rebind.example", ["64:ff9b::7f00:1"]],
    ["6to4", "rebind.example", ["2002:7f00:1::1"]],
    ["unique local", "rebind.example", ["fd12:3456::1"]],
    ["unique local with a zone", "rebind.example", ["fd12:3456::1%lo"]],
    ["both families", "rebind.example", ["fd12:3456::1", "10.0.0.1"]],
    ["what is no address", "rebind.example", ["localhost"]],
  ] as const
).map(([kind, host, answer]): Row => ({
  name: `resolves to a private address: ${kind}`,
  settings: DENY,
  call: get(target(host)),
  dns: { [host]: [answer] },
  code: BLOCKED,
  names: host.replace(/\.$/, ""),
  dialled: [],
  asked: [host],
}));

/** The same without `denyPrivateAddresses`. */
const LINK_LOCAL_ANSWERS: Row[] = (
  [
    ["metadata", ["169.254.169.254"]],
    ["metadata, mapped", ["::ffff:169.254.169.254"]],
    ["metadata, NAT64", ["64:ff9b::a9fe:a9fe"]],
    ["metadata, 6to4", ["2002:a9fe:a9fe::"]],
    ["metadata of EC2 over IPv6", ["fd00:ec2::254"]],
    ["link-local", ["fe80::1"]],
    ["link-local with a zone", ["fe80::1%lo"]],
    ["several of them", ["169.254.169.254", "fe80::1", "fd00:ec2::254"]],
  ] as const
).map(([kind, answer]): Row => ({
  name: `resolves to ${kind}`,
  call: get(target("rebind.example")),
  dns: { "rebind.example": [answer] },
  code: BLOCKED,
  names: "rebind.example",
  dialled: [],
  asked: ["rebind.example"],
}));

const OTHER_ANSWERS: Row[] = [
  {
    name: "mixed answers: only what is public is dialled",
    settings: OPEN,
    call: get(target("mixed.example")),
    dns: { "mixed.example": [["127.0.0.1", "::1", "127.0.0.9", "10.0.0.1"]] },
    code: "ok",
    dialled: ["127.0.0.9:PORT"],
    asked: ["mixed.example"],
  },
  {
    name: "mixed answers: metadata between addresses that are tried one after the other",
    call: get(target("mixed.example")),
    dns: { "mixed.example": [["169.254.169.254", "127.0.0.2", "fe80::1", "127.0.0.1"]] },
    code: "ok",
    dialled: ["127.0.0.2:PORT", "127.0.0.1:PORT"],
    asked: ["mixed.example"],
  },
  {
    name: "an empty answer",
    call: get(target("empty.example")),
    dns: { "empty.example": [[]] },
    code: "connection",
    names: "empty.example",
    dialled: [],
    asked: ["empty.example", "empty.example", "empty.example"],
  },
  {
    name: "an unknown name",
    call: get(target("unknown.example")),
    code: "connection",
    names: "unknown.example",
    dialled: [],
    asked: ["unknown.example", "unknown.example", "unknown.example"],
  },
  {
    name: "a listed name may be private",
    settings: { ...DENY, allowedHosts: ["db.example"] },
    call: get(target("db.example")),
    dns: { "db.example": [["127.0.0.1"]] },
    code: "ok",
    dialled: ["127.0.0.1:PORT"],
    asked: ["db.example"],
  },
  {
    name: "a name that is covered but not written out may not be private",
    settings: { ...DENY, allowedHosts: ["*.example"] },
    call: get(target("db.example")),
    dns: { "db.example": [["127.0.0.1"]] },
    code: BLOCKED,
    names: "db.example",
    dialled: [],
    asked: ["db.example"],
  },
  {
    name: "a name listed for one port may not be private at others",
    settings: { ...DENY, allowedHosts: ["*", "db.example:1"] },
    call: get(target("db.example")),
    dns: { "db.example": [["127.0.0.1"]] },
    code: BLOCKED,
    names: "db.example",
    dialled: [],
    asked: ["db.example"],
  },
  {
    name: "localhost may be private where it is listed beside *",
    settings: { ...DENY, allowedHosts: ["*", "localhost"] },
    call: get(target("localhost")),
    dns: { localhost: [["127.0.0.1"]] },
    code: "ok",
    dialled: ["127.0.0.1:PORT"],
    asked: ["localhost"],
  },
];

const OVER_TIME: Row[] = [
  {
    name: "rebinding between two calls: the connection that was checked is kept",
    call: get(target("rebind.example")),
    times: 2,
    dns: { "rebind.example": [["127.0.0.9"], ["169.254.169.254"]] },
    code: "ok",
    dialled: ["127.0.0.9:PORT"],
    asked: ["rebind.example"],
  },
  {
    name: "rebinding between two calls: a new connection is checked anew",
    call: get(target("rebind.example")),
    times: 2,
    hangUp: true,
    dns: { "rebind.example": [["127.0.0.9"], ["169.254.169.254"]] },
    code: BLOCKED,
    names: "rebind.example",
    dialled: ["127.0.0.9:PORT"],
    asked: ["rebind.example", "rebind.example"],
  },
  {
    name: "rebinding between two calls, to loopback",
    settings: OPEN,
    call: get(target("rebind.example")),
    times: 2,
    hangUp: true,
    dns: { "rebind.example": [["127.0.0.9"], ["127.0.0.1"]] },
    code: BLOCKED,
    names: "rebind.example",
    dialled: ["127.0.0.9:PORT"],
    asked: ["rebind.example", "rebind.example"],
  },
  {
    name: "rebinding between a redirect and its target",
    call: get(`http://rebind.example:PORT/start`),
    redirects: { "/start": "302 /CANARY" },
    dns: { "rebind.example": [["127.0.0.9"], ["169.254.169.254"]] },
    code: BLOCKED,
    names: "rebind.example",
    dialled: ["127.0.0.9:PORT"],
    asked: ["rebind.example", "rebind.example"],
  },
  {
    name: "rebinding between two attempts",
    call: get(target("rebind.example")),
    dns: { "rebind.example": [["127.0.0.2"], ["169.254.169.254"]] },
    code: BLOCKED,
    names: "rebind.example",
    dialled: ["127.0.0.2:PORT"],
    asked: ["rebind.example", "rebind.example"],
  },
  {
    name: "an answer that is forbidden first is not asked for again",
    call: get(target("rebind.example")),
    dns: { "rebind.example": [["169.254.169.254"], ["127.0.0.9"]] },
    code: BLOCKED,
    names: "rebind.example",
    dialled: [],
    asked: ["rebind.example"],
  },
];

/** What names resolve to, at once and over time. */
export const ANSWERS: readonly Row[] = [...PRIVATE_ANSWERS, ...LINK_LOCAL_ANSWERS, ...OTHER_ANSWERS, ...OVER_TIME];
