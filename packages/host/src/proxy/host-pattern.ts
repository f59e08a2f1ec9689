import { BlockList, isIP } from "node:net";

import { matchesEntry, parseAllowListEntry, type AllowListEntry } from "../allow-list.ts";

/** An entry of `proxyBypassHosts` or `proxyOnlyHosts`: as in the allow-list, or a range of addresses in CIDR form. */
export type HostPattern = { readonly matches: (url: URL) => boolean };

/** Reads one entry; a sentence says what is wrong with it. Ranges match addresses written in a URL: names are not looked up. */
export function parseHostPattern(text: string): HostPattern | string {
  const range = /^\s*\[?([\da-f.:]+)\]?\/(\d{1,3})\s*$/i.exec(text);
  if (range !== null) return cidrPattern(range[1] ?? "", Number(range[2]));
  const entry: AllowListEntry | string = parseAllowListEntry(text);
  return typeof entry === "string" ? entry : { matches: (url) => matchesEntry(entry, url) };
}

function cidrPattern(network: string, prefix: number): HostPattern | string {
  const version = isIP(network);
  if (version === 0 || prefix > (version === 4 ? 32 : 128)) {
    return "This is no range of addresses. Examples: 10.0.0.0/8, fd00::/8.";
  }
  // To the list every IPv4 address is an IPv6 one as well, so that `::/0` would cover everything.
  const covers = (family: number): boolean => (version === 4 ? family !== 0 : family === 6);
  const list = new BlockList();
  list.addSubnet(network, prefix, version === 4 ? "ipv4" : "ipv6");
  return {
    matches(url) {
      const address = url.hostname.replace(/^\[|\]$/g, "");
      const family = isIP(address);
      // A word that is no address must not ask: the list would answer for a family that was never meant.
      return covers(family) && list.check(address, family === 4 ? "ipv4" : "ipv6");
    },
  };
}
