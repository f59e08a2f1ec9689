import type { Resolve } from "../../src/private-address.ts";
import type { Row } from "./row.ts";

/** Stands for the system's look-up; a name that the row does not know is unknown. */
export function resolver(dns: NonNullable<Row["dns"]>, asked: string[]): Resolve {
  const counts = new Map<string, number>();
  return (host, _options, callback) => {
    asked.push(host);
    const answers = dns[host];
    const count = counts.get(host) ?? 0;
    counts.set(host, count + 1);
    const answer = answers?.[Math.min(count, answers.length - 1)];
    const unknown = Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: "ENOTFOUND" });
    const addresses = (answer ?? []).map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    // Never in the same turn: Node's own does not answer in it either.
    setImmediate(() => callback(answer === undefined ? unknown : null, addresses));
  };
}
