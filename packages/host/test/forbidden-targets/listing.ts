import type { Row } from "./row.ts";
import { BLOCKED, DENY, NOT_ALLOWED, OPEN, get, only, refused, target } from "./words.ts";

const NOT_LISTED: Row[] = (
  [
    ["an empty list", [], "good.example", "good.example"],
    ["another host", ["good.example"], "evil.example", "evil.example"],
    ["the domain of *.example.com", ["*.example.com"], "example.com", "example.com"],
    ["a longer name than *.example.com", ["*.example.com"], "evilexample.com", "evilexample.com"],
    ["a name that goes on after it", ["*.example.com"], "a.example.com.evil.net", "a.example.com.evil.net"],
    ["an empty label under it", ["*.example.com"], ".example.com", ".example.com"],
    ["a sub-domain of a host", ["example.com"], "a.example.com", "a.example.com"],
    ["a Cyrillic homograph", ["example.com"], "ex\u0430mple.com", "xn--exmple-4nf.com"],
    ["a dotless i", ["mail.example"], "ma\u0131l.example", "xn--mal-kua.example"],
    ["sharp s, which is no ss", ["fass.example"], "fa\u00DF.example", "xn--fa-hia.example"],
    ["punycode of a homograph", ["example.com"], "xn--exmple-4nf.com", "xn--exmple-4nf.com"],
    ["two dots at the end", ["example.com"], "example.com..", "example.com."],
    ["an underscore more", ["example.com"], "_example.com", "_example.com"],
    ["an address where a name is listed", ["localhost"], "127.0.0.1", "127.0.0.1"],
    ["a name where an address is listed", ["127.0.0.1"], "localhost", "localhost"],
    ["mapped where the IPv4 address is listed", ["127.0.0.1"], "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"],
    ["another port", ["good.example:443"], "good.example", "good.example"],
    ["another port of an address", ["127.0.0.1:1"], "127.0.0.1", "127.0.0.1"],
  ] as const
).map(([kind, entries, host, names]) => refused(only(...entries), NOT_ALLOWED)([`not listed: ${kind}`, host, names]));

/** What the list does let through, so that the rows above are not refused for everything alike. */
const LISTED: Row[] = (
  [
    ["upper case", ["GOOD.Example"], "gOOd.eXample", "good.example"],
    ["a dot at the end of the name", ["good.example"], "good.example.", "good.example."],
    ["a dot at the end of the entry", ["good.example."], "good.example", "good.example"],
    ["a sub-domain", ["*.good.example"], "a.b.good.example", "a.b.good.example"],
    ["the port", ["good.example:PORT"], "good.example", "good.example"],
    ["full-width letters", ["good.example"], "ｇｏｏｄ.example", "good.example"],
    ["an ideographic full stop", ["good.example"], "good。example", "good.example"],
    ["a percent-encoded letter", ["good.example"], "%67ood.example", "good.example"],
    ["an IDN listed as punycode", ["xn--fa-hia.example"], "fa\u00DF.example", "xn--fa-hia.example"],
    ["punycode listed as IDN", ["FA\u00DF.example"], "xn--fa-hia.example", "xn--fa-hia.example"],
  ] as const
).map(([kind, entries, host, name]): Row => ({
  name: `listed: ${kind}`,
  settings: only(...entries),
  call: get(target(host)),
  dns: { [name]: [["127.0.0.9"]] },
  code: "ok",
  dialled: ["127.0.0.9:PORT"],
  asked: [name],
}));

const LISTED_ADDRESSES: Row[] = [
  {
    name: "a private address that is listed, in another spelling",
    settings: { ...DENY, allowedHosts: ["*", "127.0.0.9"] },
    call: get(target("0x7f.9")),
    code: "ok",
    dialled: ["127.0.0.9:PORT"],
  },
  {
    name: "IPv6 loopback listed in full",
    settings: { ...DENY, allowedHosts: ["0:0:0:0:0:0:0:1"] },
    call: get(target("[::1]")),
    code: "ok",
    dialled: ["[::1]:PORT"],
  },
  {
    name: "a private address listed for its port, beside *",
    settings: { ...DENY, allowedHosts: ["*", "127.0.0.9:PORT"] },
    call: get(target("127.0.0.9")),
    code: "ok",
    dialled: ["127.0.0.9:PORT"],
  },
  {
    name: "a private address listed for another port, beside *",
    settings: { ...DENY, allowedHosts: ["*", "127.0.0.9:1"] },
    call: get(target("127.0.0.9")),
    code: BLOCKED,
    names: "127.0.0.9",
    dialled: [],
  },
  {
    name: "one private address listed, another called",
    settings: OPEN,
    call: get(target("127.8.8.8")),
    code: BLOCKED,
    names: "127.8.8.8",
    dialled: [],
  },
];

/** What `allowedHosts` covers, and what it does not. */
export const LISTING: readonly Row[] = [...NOT_LISTED, ...LISTED, ...LISTED_ADDRESSES];
