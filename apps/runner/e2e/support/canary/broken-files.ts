import { canary } from "./finder.ts";
import type { Keeper } from "./keeper.ts";

/** Ways in which a secret without quotes, or with wrong ones, is no YAML. */
export const BROKEN_WAYS = [
  ["quote", (text: string) => `"${text}"${text}`],
  ["alias", (text: string) => `*${text}`],
  ["tag", (text: string) => `!${text} x`],
  ["directive", (text: string) => `%${text}`],
  ["at", (text: string) => `@${text}`],
  ["colon", (text: string) => `a: ${text}: b`],
  ["escape", (text: string) => `"\\${text}"`],
  ["open", (text: string) => `"${text}`],
  ["list", (text: string) => `[${text}`],
  ["key", (text: string) => `{ ${text} }`],
  ["anchor", (text: string) => `&${text} x\n    other: *none`],
  ["unknown-tag", (text: string) => `!${text}!${text}`],
  ["odd-tag", (text: string) => `!<${text}> x`],
  ["empty-tag", (text: string) => `!x${text}! y`],
  ["block", (text: string) => `|${text}`],
  ["folded", (text: string) => `>${text}\n      x`],
  ["unicode", (text: string) => `"\\U${text}"`],
  ["document", (text: string) => `x\n%${text}\n---\n`],
  ["no-space", (text: string) => `x\n  network: { proxyPassword:${text} }`],
  ["tab", (text: string) => `\n\t${text}: x`],
] as const;

/** A connectors file for each. */
export const brokenFiles = (keeper: Keeper): Record<string, string> =>
  Object.fromEntries(
    BROKEN_WAYS.map(([name, write]) => {
      const password = write(keeper.secret(`broken-${name}`, canary(`broken-${name}`, "_")));
      const lines = [
        "connectors:",
        "- name: all",
        "  type: http",
        '  config: { url: "http://127.0.0.1:1", hasAuth: true }',
        "  secrets:",
        "    user: bob",
        `    password: ${password}`,
      ];
      return [`broken-${name}.connectors.yaml`, `${lines.join("\n")}\n`];
    }),
  );
