import type { Row } from "./row.ts";
import { BLOCKED, DENY, INVALID, NOT_ALLOWED, get, only, target } from "./words.ts";

/** No URL of a host, or one that reads differently than it is called. Only where it stands can be named. */
const NO_TARGET: Row[] = (
  [
    ["user info before a loopback address", "http://good.example@127.0.0.1:PORT/CANARY", "a user or password"],
    ["user and password", "http://user:CANARY@good.example:PORT/", "a user or password"],
    ["an empty user with a password", "http://:CANARY@good.example/", "a user or password"],
    ["an encoded @ in the host", "http://good.example%40127.0.0.1/CANARY", "is not a URL"],
    ["a tab in the host", "http://127.0\t.0.1:PORT/CANARY", "control characters"],
    ["a line end in the scheme", "ht\ntp://127.0.0.1:PORT/CANARY", "control characters"],
    ["a carriage return in the path", "http://good.example/\rCANARY", "control characters"],
    ["NUL at the end of the host", "http://127.0.0.1\u0000.good.example/CANARY", "control characters"],
    ["no slashes", "http:127.0.0.1/CANARY", "has no host"],
    ["one slash", "http:/127.0.0.1/CANARY", "has no host"],
    ["slash and backslash", "http:/\\/127.0.0.1/CANARY", "has no host"],
    ["three slashes", "http:///127.0.0.1/CANARY", "has no host"],
    ["nothing behind the scheme", "http://", "has no host"],
    ["a query instead of a host", "http://?CANARY", "has no host"],
    ["a fragment instead of a host", "http://#@127.0.0.1/CANARY", "has no host"],
    ["a port instead of a host", "http://:80/CANARY", "is not a URL"],
    ["no scheme", "127.0.0.1:80/CANARY", "is not a URL"],
    ["file:", "file:///etc/CANARY", "must start with http"],
    ["ftp:", "ftp://127.0.0.1/CANARY", "must start with http"],
    ["gopher:", "gopher://127.0.0.1:6379/_CANARY", "must start with http"],
    ["data:", "data:text/plain,CANARY", "must start with http"],
    ["javascript:", "javascript:CANARY", "must start with http"],
    ["ws:", "ws://127.0.0.1:PORT/CANARY", "must start with http"],
    ["a socket's path", "http+unix://%2Fvar%2Frun%2Fdocker.sock/CANARY", "must start with http"],
    ["a blob of a URL", "blob:http://127.0.0.1:PORT/CANARY", "must start with http"],
    ["an IPv6 zone", "http://[fe80::1%25lo]/CANARY", "is not a URL"],
    ["an IPv6 zone that is not encoded", "http://[::1%lo]/CANARY", "is not a URL"],
    ["a number above 255", "http://256.1.1.1/CANARY", "is not a URL"],
    ["a number above 32 bits", "http://4294967296/CANARY", "is not a URL"],
    ["five parts", "http://1.2.3.4.5/CANARY", "is not a URL"],
    ["port 65536", "http://good.example:65536/CANARY", "is not a URL"],
    ["braces of a template that was not filled", "http://{{host}}/CANARY", "in its host"],
    [".. in the path", "http://good.example/a/../CANARY", "the segment"],
    [".. percent-encoded in the path", "http://good.example/a/%2e%2E/CANARY", "the segment"],
    ["a host of one dot", "http://./CANARY", "the segment"],
    [".. between backslashes", "http://good.example/a\\..\\CANARY", "the segment"],
  ] as const
).map(([kind, url, names]): Row => ({ name: `no target: ${kind}`, call: get(url), code: INVALID, names, dialled: [] }));

const READ_AS_DIALLED: Row[] = [
  {
    name: "a backslash ends the host before @",
    settings: only("good.example"),
    call: get("http://127.0.0.1:PORT\\@good.example/CANARY"),
    code: NOT_ALLOWED,
    names: "127.0.0.1",
    dialled: [],
  },
  {
    name: "two backslashes for slashes",
    settings: DENY,
    call: get("http:\\\\127.0.0.1:PORT\\CANARY"),
    code: BLOCKED,
    names: "127.0.0.1",
    dialled: [],
  },
  {
    name: "a space before the URL",
    settings: DENY,
    call: get(" http://127.0.0.1:PORT/CANARY"),
    code: BLOCKED,
    names: "127.0.0.1",
    dialled: [],
  },
  {
    name: "scheme and host in upper case",
    settings: DENY,
    call: get("HTTP://LOCALHOST:PORT/CANARY"),
    dns: { localhost: [["127.0.0.1"]] },
    code: BLOCKED,
    names: "localhost",
    dialled: [],
    asked: ["localhost"],
  },
  ...[
    ["a backslash", "\\@127.8.8.8/"],
    ["a query", "?@127.8.8.8/"],
    ["a fragment", "#@127.8.8.8/"],
  ].map(([what, rest]): Row => ({
    name: `an address behind ${what} is none`,
    settings: only("good.example"),
    call: get(`http://good.example:PORT${rest}`),
    dns: { "good.example": [["127.0.0.9"]] },
    code: "ok",
    dialled: ["127.0.0.9:PORT"],
    asked: ["good.example"],
  })),
  {
    name: "an address with two dots at its end is a name",
    settings: DENY,
    call: get(target("127.0.0.1..")),
    dns: { "127.0.0.1..": [["127.0.0.1"]] },
    code: BLOCKED,
    names: "127.0.0.1..",
    dialled: [],
    asked: ["127.0.0.1.."],
  },
];

/** What reads differently than it is called, and what is no target at all. */
export const SPELLINGS: readonly Row[] = [...NO_TARGET, ...READ_AS_DIALLED];
