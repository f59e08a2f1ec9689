import { isIP } from "node:net";
import { StepwireError } from "@stepwire/core";

/** Which hosts may be called: `network.allowedHosts`, read once. */
export interface AllowList {
  /** Whether this URL's host may be called. Compare and dial the same parsed URL. */
  check(url: URL): boolean;
  /** Throws `host-not-allowed`; `what` says what the URL is for, such as `the create case URL`. */
  assertAllowed(url: URL, what: string): void;
  /**
   * Whether a host or address is written out in the list, not merely covered by `*` or `*.example.com`. Without a
   * port, an entry `host:port` counts only if the list lets no other port of that host through.
   */
  lists(host: string, port?: number): boolean;
}

/** An entry of the list: `host` is `*`, a canonical host name or address, or the suffix behind `*`. */
export interface AllowListEntry {
  readonly kind: "all" | "host" | "subdomains";
  readonly host: string;
  readonly port?: number;
}

/** The URL parser lets more through, such as the braces of a template. */
const HOST = /^(?:[a-z\d._-]+|\[[\da-f:.]+\])$/;

const DEFAULT_PORTS: Record<string, number> = { "http:": 80, "https:": 443 };

/**
 * Reads one entry: `*`, `host`, `*.example.com`, an IPv4 or IPv6 address, each but `*` with an optional `:port`.
 * Names go through the URL parser, so that letter case, IDN and odd spellings of addresses compare as they are dialled.
 * @returns the entry, or a sentence saying what is wrong with it.
 */
export function parseAllowListEntry(text: string): AllowListEntry | string {
  const entry = text.trim();
  if (entry === "*") return { kind: "all", host: "*" };
  if (entry === "") return "An empty text is no host.";
  if (/[/\\?#@\s]/.test(entry)) {
    return "Write the host alone, without scheme, path or user: example.com, *.example.com or example.com:8443.";
  }
  const subdomains = entry.startsWith("*.");
  const rest = subdomains ? entry.slice(2) : entry;
  if (rest.includes("*")) return "A * may only stand alone or as the first label: *.example.com.";

  // A bare IPv6 address has colons that are no port.
  const bare = isIP(rest) === 6 ? `[${rest}]` : rest;
  const match = /^(\[[^\]]*\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(bare);
  if (match?.[1] === undefined)
    return "This is no host. Examples: example.com, *.example.com, example.com:8443, [::1].";
  const port = match[2] === undefined ? undefined : Number(match[2]);
  if (port !== undefined && (port < 1 || port > 65_535)) return "A port is a number from 1 to 65535.";
  const host = canonicalHost(match[1]);
  if (host === undefined) return "This is no host name or address that a URL could have.";
  if (subdomains && isIP(unbracket(host)) !== 0) return "An address has no sub-domains.";
  return { kind: subdomains ? "subdomains" : "host", host, ...(port === undefined ? {} : { port }) };
}

/**
 * An allow-list from the entries of `network.allowedHosts`; an empty one blocks everything.
 * @throws StepwireError `settings-invalid` for an entry that is no host.
 */
export function createAllowList(entries: readonly string[]): AllowList {
  const parsed = entries.map((text) => {
    const entry = parseAllowListEntry(text);
    if (typeof entry === "string") {
      throw new StepwireError("settings-invalid", `network.allowedHosts: ${JSON.stringify(text)}: ${entry}`);
    }
    return entry;
  });
  const check = (url: URL): boolean => parsed.some((entry) => matchesEntry(entry, url));
  return {
    check,
    assertAllowed(url, what) {
      if (check(url)) return;
      const host = url.port === "" ? stripDot(url.hostname) : `${stripDot(url.hostname)}:${url.port}`;
      throw new StepwireError(
        "host-not-allowed",
        `The host ${host} (${what}) may not be called: the setting network.allowedHosts does not list it. ` +
          `Add ${host} there if calls to it are wanted.`,
        { details: { reason: "allowed-hosts", host } },
      );
    },
    lists(name, port) {
      const host = canonicalHost(isIP(name) === 6 ? `[${name}]` : name);
      if (host === undefined) return false;
      const exact = parsed.filter((entry) => entry.kind === "host" && entry.host === host);
      if (exact.some((entry) => entry.port === undefined)) return true;
      if (port !== undefined) return exact.some((entry) => entry.port === port);
      // The port is not known here: only safe if no wider entry lets the host's other ports through.
      return exact.length > 0 && !parsed.some((entry) => entry.kind !== "host" && matchesHost(entry, host));
    },
  };
}

/** Whether an entry covers the host and port that this URL dials. */
export function matchesEntry(entry: AllowListEntry, url: URL): boolean {
  const host = stripDot(url.hostname);
  return host !== "" && matchesHost(entry, host) && (entry.port === undefined || entry.port === portOf(url));
}

function matchesHost(entry: AllowListEntry, host: string): boolean {
  if (entry.kind === "all") return true;
  if (entry.kind === "host") return host === entry.host;
  return host.endsWith(`.${entry.host}`) && host.length > entry.host.length + 1;
}

/**
 * Parses the URL of a request: absolute, http or https, without user info and control characters.
 * @param what names the URL in the message, such as `the create case URL`.
 * @throws StepwireError `url-invalid`. The message never holds the text itself, which may carry secrets.
 */
export function parseTarget(text: string, what: string): URL {
  const refuse = (reason: string, message: string): never => {
    throw new StepwireError("url-invalid", `${capital(what)} ${message}`, { details: { reason } });
  };
  // The parser would silently drop tabs and line ends, so that what is read is not what is called.
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text))
    return refuse("control-character", "has control characters, such as a line end.");
  // The parser would take the first part of the path for the host.
  if (/^https?:(?:\/{0,1}[^/\\]|[/\\]{2}[/?#\\]|[/\\]*$)/i.test(text))
    return refuse("no-host", "has no host. Was a value missing?");
  const url = URL.parse(text);
  if (url === null) return refuse("syntax", "is not a URL. It should look like https://host/path.");
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return refuse("scheme", "must start with http:// or https://.");
  }
  if (url.username !== "" || url.password !== "") {
    return refuse("credentials", "carries a user or password before the host. Put them under secrets instead.");
  }
  if (!HOST.test(url.hostname))
    return refuse("host", "has characters in its host that no host name has, such as braces.");
  return url;
}

/** The port that is dialled, the scheme's own where the URL names none. */
export function portOf(url: URL): number | undefined {
  return url.port === "" ? DEFAULT_PORTS[url.protocol] : Number(url.port);
}

/** A host as the URL parser writes it, without one trailing dot; `undefined` if it is none. */
function canonicalHost(host: string): string | undefined {
  const url = URL.parse(`http://${host}`);
  if (url === null || url.port !== "" || url.pathname !== "/" || !HOST.test(url.hostname)) return undefined;
  const name = stripDot(url.hostname);
  return name === "" ? undefined : name;
}

const stripDot = (host: string): string => (host.endsWith(".") ? host.slice(0, -1) : host);
const unbracket = (host: string): string => host.replace(/^\[|\]$/g, "");
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
