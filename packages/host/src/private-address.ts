import { lookup as systemLookup, type LookupAddress, type LookupOptions } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { StepwireError } from "@stepwire/core";
import { portOf, type AllowList } from "./allow-list.ts";

/** `link-local` holds the cloud metadata addresses too; `private` is everything else that is not globally routable. */
export type AddressClass = "public" | "private" | "link-local";

// IANA's special-purpose registries (https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-).
const PRIVATE = `
  0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24
  192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
  ::/96 ::ffff:0:0:0/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 3fff::/20 5f00::/16
  fc00::/7 fe80::/10 fec0::/10 ff00::/8`;
// Amazon's, Google's and Alibaba's metadata services stand outside of the link-local ranges too.
const LINK_LOCAL = "169.254.0.0/16 fe80::/10 fd00:ec2::254/128 fd20:ce::254/128 100.100.100.200/32";

/** Names under which clouds serve a machine's own credentials. */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "instance-data",
  "instance-data.ec2.internal",
]);

const privateRanges = blockList(PRIVATE);
const linkLocalRanges = blockList(LINK_LOCAL);

/**
 * Where an IPv4 or IPv6 address (without brackets) leads. IPv4 addresses inside IPv6 ones (mapped, compatible, NAT64,
 * 6to4) are judged as themselves. What is no address counts as `private`, so that it is refused where that matters.
 */
export function classifyAddress(ip: string): AddressClass {
  const address = ip.replace(/%.*$/, "");
  const version = isIP(address);
  if (version === 0) return "private";
  const family = version === 4 ? "ipv4" : "ipv6";
  if (linkLocalRanges.check(address, family)) return "link-local";
  const embedded = version === 6 ? embeddedIPv4(address) : undefined;
  const inside = embedded === undefined ? "public" : classifyAddress(embedded);
  if (inside === "link-local") return inside;
  return privateRanges.check(address, family) ? "private" : inside;
}

export interface AddressGuard {
  /** Judges a host that is an IP literal, which Node never looks up. @throws StepwireError `private-address-blocked`. */
  checkLiteral(url: URL): void;
  /** Judges names that lead to such an address wherever they are looked up, for requests whose name a proxy looks up. */
  checkName(url: URL): void;
  /**
   * For the `lookup` option of Node's agents: what it answers is what is dialled. It fails with a StepwireError
   * `private-address-blocked` if no address is left that may be dialled.
   */
  readonly lookup: LookupFunction;
}

/** The part of `dns.lookup` that is needed. */
export type Resolve = (
  host: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Keeps requests from private addresses (if `denyPrivateAddresses`) and always from link-local and metadata ones,
 * unless the host or the address is written out in the allow-list.
 */
export function createAddressGuard(options: {
  denyPrivateAddresses: boolean;
  allowList: AllowList;
  /** Stands in for `dns.lookup` in tests. */
  resolve?: Resolve;
}): AddressGuard {
  const { denyPrivateAddresses, allowList, resolve = systemLookup } = options;
  const forbidden = (address: string): boolean => {
    const kind = classifyAddress(address);
    return kind === "link-local" || (denyPrivateAddresses && kind === "private");
  };

  return {
    checkLiteral(url) {
      const address = url.hostname.replace(/^\[|\]$/g, "");
      if (isIP(address) === 0 || !forbidden(address) || allowList.lists(address, portOf(url))) return;
      throw blocked(address, address);
    },
    checkName(url) {
      const host = url.hostname.replace(/\.+$/, "");
      const address = /(?:^|\.)localhost$/.test(host)
        ? "127.0.0.1"
        : METADATA_NAMES.has(host)
          ? "169.254.169.254"
          : undefined;
      if (address === undefined || !forbidden(address) || allowList.lists(host, portOf(url))) return;
      throw blocked(host, address);
    },
    lookup(host, lookupOptions, callback) {
      resolve(host, { ...lookupOptions, all: true }, (error, addresses) => {
        if (error !== null) return callback(error, []);
        const allowed = allowList.lists(host)
          ? addresses
          : addresses.filter(({ address }) => !forbidden(address) || allowList.lists(address));
        const [first] = allowed;
        // Node throws where nobody can catch it when it is handed an empty list.
        if (first === undefined)
          return callback(addresses[0] ? blocked(host, addresses[0].address) : unknownHost(host), []);
        if (lookupOptions.all === true) return callback(null, allowed);
        return callback(null, first.address, first.family);
      });
    },
  };
}

function blocked(host: string, address: string): StepwireError {
  const subject = host === address ? `The address ${address} is` : `The host ${host} leads to ${address}, which is`;
  const linkLocal = classifyAddress(address) === "link-local";
  return new StepwireError(
    "private-address-blocked",
    `${subject} a ${linkLocal ? "link-local or metadata" : "private"} address and was not called. ` +
      `If it should be, write ${host} itself into the setting network.allowedHosts` +
      (linkLocal ? "." : ", or set network.denyPrivateAddresses to false."),
    { details: { reason: linkLocal ? "link-local" : "private", host, address } },
  );
}

function unknownHost(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: "ENOTFOUND", syscall: "getaddrinfo" });
}

function blockList(ranges: string): BlockList {
  const list = new BlockList();
  for (const range of ranges.trim().split(/\s+/)) {
    const [network = "", prefix] = range.split("/");
    list.addSubnet(network, Number(prefix), isIP(network) === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

/** The IPv4 address an IPv6 one carries, if it is of a kind that does. */
function embeddedIPv4(ip: string): string | undefined {
  const groups = ipv6Groups(ip);
  const at = (index: number): string => {
    const [high = 0, low = 0] = groups.slice(index, index + 2);
    return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  };
  if (groups[0] === 0x2002) return at(1);
  // NAT64's prefix for local use (RFC 8215), with the address at its end.
  if (groups[0] === 0x64 && groups[1] === 0xff9b && groups[2] === 1) return at(6);
  const prefix = groups.slice(0, 6).join(":");
  const carries =
    prefix === "0:0:0:0:0:0" || // compatible
    prefix === "0:0:0:0:0:65535" || // mapped
    prefix === "0:0:0:0:65535:0" || // translated
    prefix === `${0x64}:${0xff9b}:0:0:0:0`; // NAT64
  return carries ? at(6) : undefined;
}

/** The eight 16-bit groups of a valid IPv6 address, whatever way it is written. */
function ipv6Groups(ip: string): number[] {
  const [left = "", right] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split("::");
  const numbers = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const [head, tail] = [numbers(left), numbers(right ?? "")];
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}
