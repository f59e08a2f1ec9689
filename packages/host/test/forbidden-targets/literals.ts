import type { Row } from "./row.ts";
import { BLOCKED, DENY, refused } from "./words.ts";

const LOOPBACK_SPELLINGS: Row[] = (
  [
    ["plain", "127.0.0.1"],
    ["decimal", "2130706433"],
    ["hex", "0x7f000001"],
    ["hex in upper case", "0X7F000001"],
    ["hex by byte", "0x7f.0x0.0x0.0x1"],
    ["octal", "017700000001"],
    ["octal by byte", "0177.0.0.01"],
    ["with leading zeros", "127.000.000.001"],
    ["of two parts", "127.1"],
    ["of three parts", "127.0.1"],
    ["hex, octal and decimal at once", "0x7f.00.1"],
    ["with a dot at its end", "127.0.0.1."],
    ["with a percent-encoded digit", "%31%32%37.0.0.1"],
    ["with a percent-encoded dot", "127%2e0.0.1"],
    ["with a percent-encoded dot at its end", "127.0.0.1%2E"],
    ["in full-width digits", "１２７.０.０.１"],
    ["in enclosed digits", "①②⑦.⓪.⓪.①"],
    ["in mathematical digits", "𝟏𝟐𝟕.𝟎.𝟎.𝟏"],
    ["with ideographic full stops", "127。0。0。1"],
    ["with half-width full stops", "127｡0｡0｡1"],
    ["with a soft hyphen inside", "127.0.0\u00AD.1"],
    ["with a zero-width space inside", "127.0\u200B.0.1"],
  ] as const
).map(([kind, host]) => refused(DENY, BLOCKED)([`IPv4 loopback ${kind}`, host, "127.0.0.1"]));

const PRIVATE_LITERALS: Row[] = (
  [
    ["another address of 127/8", "127.8.8.8", "127.8.8.8"],
    ["the end of 127/8", "127.255.255.254", "127.255.255.254"],
    ["unspecified IPv4", "0.0.0.0", "0.0.0.0"],
    ["unspecified IPv4 as one digit", "0", "0.0.0.0"],
    ["this network", "0.1.2.3", "0.1.2.3"],
    ["10/8", "10.0.0.1", "10.0.0.1"],
    ["172.16/12", "172.31.255.255", "172.31.255.255"],
    ["192.168/16", "192.168.1.1", "192.168.1.1"],
    ["shared addresses", "100.64.0.1", "100.64.0.1"],
    ["protocol assignments, with a cloud's metadata", "192.0.0.192", "192.0.0.192"],
    ["benchmarks", "198.18.0.1", "198.18.0.1"],
    ["documentation", "192.0.2.1", "192.0.2.1"],
    ["multicast", "224.0.0.1", "224.0.0.1"],
    ["broadcast", "255.255.255.255", "255.255.255.255"],
    ["IPv6 loopback", "[::1]", "::1"],
    ["IPv6 loopback in full", "[0000:0000:0000:0000:0000:0000:0000:0001]", "::1"],
    ["unspecified IPv6", "[::]", "::"],
    ["mapped, dotted", "[::ffff:127.0.0.1]", "::ffff:7f00:1"],
    ["mapped, hex", "[::FFFF:7F00:0001]", "::ffff:7f00:1"],
    ["mapped private", "[::ffff:10.0.0.1]", "::ffff:a00:1"],
    ["compatible", "[::127.0.0.1]", "::7f00:1"],
    ["compatible, of a public address", "[::8.8.8.8]", "::808:808"],
    ["translated", "[::ffff:0:127.0.0.1]", "::ffff:0:7f00:1"],
    ["NAT64", "[64:ff9b::127.0.0.1]", "64:ff9b::7f00:1"],
    ["local NAT64", "[64:ff9b:1::1]", "64:ff9b:1::1"],
    ["6to4", "[2002:7f00:1::]", "2002:7f00:1::"],
    ["Teredo", "[2001::1]", "2001::1"],
    ["unique local", "[fd12:3456::1]", "fd12:3456::1"],
    ["site-local", "[fec0::1]", "fec0::1"],
    ["IPv6 multicast", "[ff02::1]", "ff02::1"],
    ["discard only", "[100::1]", "100::1"],
    ["IPv6 documentation", "[2001:db8::1]", "2001:db8::1"],
  ] as const
).map(([kind, host, names]) => refused(DENY, BLOCKED)([`literal: ${kind}`, host, names]));

/** Refused though private addresses are allowed. */
const LINK_LOCAL_LITERALS: Row[] = (
  [
    ["plain", "169.254.169.254", "169.254.169.254"],
    ["decimal", "2852039166", "169.254.169.254"],
    ["hex", "0xA9FEA9FE", "169.254.169.254"],
    ["octal by byte", "0251.0376.0251.0376", "169.254.169.254"],
    ["of three parts", "169.254.43518", "169.254.169.254"],
    ["with a dot at its end", "169.254.169.254.", "169.254.169.254"],
    ["of containers", "169.254.170.2", "169.254.170.2"],
    ["mapped, dotted", "[::ffff:169.254.169.254]", "::ffff:a9fe:a9fe"],
    ["mapped, hex", "[::ffff:a9fe:a9fe]", "::ffff:a9fe:a9fe"],
    ["compatible", "[::169.254.169.254]", "::a9fe:a9fe"],
    ["NAT64", "[64:ff9b::a9fe:a9fe]", "64:ff9b::a9fe:a9fe"],
    ["6to4", "[2002:a9fe:a9fe::1]", "2002:a9fe:a9fe::1"],
    ["local NAT64", "[64:ff9b:1::a9fe:a9fe]", "64:ff9b:1::a9fe:a9fe"],
    ["of IPv6", "[fe80::1]", "fe80::1"],
    ["at the end of fe80::/10", "[febf::1]", "febf::1"],
    ["of EC2 over IPv6", "[fd00:ec2::254]", "fd00:ec2::254"],
    ["of Google over IPv6", "[fd20:ce::254]", "fd20:ce::254"],
    ["of Alibaba, in decimal", "1684301000", "100.100.100.200"],
    ["of EC2 over IPv6, spelled otherwise", "[FD00:0EC2:0:0::0254]", "fd00:ec2::254"],
  ] as const
).map(([kind, host, names]) => refused({}, BLOCKED)([`metadata or link-local ${kind}`, host, names]));

/** Addresses written in the URL. */
export const LITERALS: readonly Row[] = [...LOOPBACK_SPELLINGS, ...PRIVATE_LITERALS, ...LINK_LOCAL_LITERALS];
