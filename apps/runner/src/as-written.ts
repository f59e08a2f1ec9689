import { isIdentifier, isLiteral, MASK, type ConnectorEntry } from "@stepwire/host";

/** Names of headers and the like whose values are credentials wherever they stand. */
const CREDENTIAL = /authorization|cookie|token|secret|password|api-?key/i;

/**
 * A connector as it stands in the file. References name a secret but do not hold it, so they are shown; literals that
 * are secrets, or may be, are masked.
 */
export function asWritten({ id, name, type, config, secrets, network }: ConnectorEntry) {
  const shownSecrets = Object.fromEntries(
    Object.entries(secrets).map(([key, value]) => [key, isIdentifier(key) ? value : literals(value, () => MASK)]),
  );
  const headers = config["headers"];
  const shownConfig =
    typeof headers === "object" && headers !== null ? { ...config, headers: masked(headers) } : config;
  return {
    id,
    name,
    type,
    config: literals(shownConfig, withoutUserInfo),
    secrets: shownSecrets,
    network: literals(network, withoutUserInfo),
  };
}

function masked(headers: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, CREDENTIAL.test(name) ? literals(value, () => MASK) : value]),
  );
}

/** Every text that is no reference, put through `show`. */
function literals(value: unknown, show: (text: string) => string): unknown {
  if (typeof value === "string") return isLiteral(value) ? show(value) : value;
  if (Array.isArray(value)) return value.map((item) => literals(item, show));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, literals(item, show)]));
}

/** `https://user:password@host` without the part that is nobody's business. */
const withoutUserInfo = (text: string) => text.replaceAll(/(\/\/)[^/?#\s]*@/g, `$1${MASK}@`);
