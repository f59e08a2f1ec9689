import { isIdentifier, MASK, splitReferences, type ConnectorEntry } from "@stepwire/host";

/** Headers that carry no key. Any other may: vendors name theirs as they like. */
const HARMLESS_HEADERS = new Set([
  "accept",
  "accept-charset",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "content-language",
  "content-type",
  "kbn-xsrf",
  "user-agent",
  "x-requested-with",
]);

/**
 * A connector as it stands in the file. References name a secret but do not hold it, so they are shown; literals that
 * are secrets, or may be, are masked.
 */
export function asWritten({ id, name, type, config, secrets, network }: ConnectorEntry) {
  const shownSecrets = Object.fromEntries(
    Object.entries(secrets).map(([key, value]) => [hideName(key), isIdentifier(key) ? value : hide(value)]),
  );
  const { headers } = config;
  const shownConfig = headers === undefined ? config : { ...config, headers: withoutKeys(headers) };
  return {
    id,
    name,
    type,
    config: eachText(shownConfig, withoutUserInfo),
    secrets: shownSecrets,
    network: eachText(
      network["proxyPassword"] === undefined ? network : { ...network, proxyPassword: hide(network["proxyPassword"]) },
      withoutUserInfo,
    ),
  };
}

function withoutKeys(headers: unknown): unknown {
  // Something other than a map of names to values is refused elsewhere; it may hold keys all the same.
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) return hide(headers);
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      hideName(name),
      HARMLESS_HEADERS.has(name.toLowerCase()) ? value : hide(value),
    ]),
  );
}

/** Masks all that is no reference. What YAML reads as a number or as true may be a password without its quotes. */
function hide(value: unknown): unknown {
  if (typeof value === "object" || value === undefined) return eachChild(value, hide, hideName);
  return typeof value === "string" ? withoutLiterals(value) : MASK;
}

/** The name of a way to log in, as it stands before the credentials. */
const SCHEME = /^(?:basic|bearer|token) +$/i;

function withoutLiterals(text: string): string {
  return splitReferences(text)
    .map((part, at) => (!part.literal || (at === 0 && SCHEME.test(part.text)) ? part.text : MASK))
    .join("");
}

/** Every text, put through `show`. */
function eachText(value: unknown, show: (text: string) => string): unknown {
  return typeof value === "string" ? show(value) : eachChild(value, (item) => eachText(item, show));
}

/** `{ password:secret }` is a name without a value. */
const hideName = (name: string) => name.replace(/:.*$/s, `:${MASK}`);

function eachChild(
  value: unknown,
  change: (item: unknown) => unknown,
  rename: (name: string) => string = (name) => name,
): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [rename(key), change(item)]));
}

/** What stands before the `@` of a URL; a reference there may hold a slash, as in `${file:secrets/password}`. */
const USER_INFO = /(?<=\/\/)(?:\$\{[a-z][\w-]*:[^}]*\}|(?!\$\{[a-z][\w-]*:[^}]*\})[^/?#\s])*(?=@)/gi;

/** `https://user:password@host` without the part that is nobody's business. */
const withoutUserInfo = (text: string) => text.replaceAll(USER_INFO, withoutLiterals);
