import { StepwireError } from "@stepwire/core";

/** Headers that describe the message or the connection itself; a user's value could only break them. */
const OWNED = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
  "upgrade",
  "te",
  "trailer",
  "expect",
  "proxy-authorization",
  "proxy-connection",
]);

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/**
 * Why a header cannot be sent, or `undefined`. Control characters are refused here because the HTTP client would
 * silently drop them, and with them what the user meant.
 */
export function headerProblem(name: string, value: unknown): string | undefined {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
    // `X-Key:secret` between braces is a name without a value.
    const shown = name.replace(/:.*$/s, ":…");
    return `the name ${JSON.stringify(shown)} is not a header name`;
  }
  if (OWNED.has(name.toLowerCase())) return `${name} is set by Stepwire and cannot be given`;
  if (typeof value !== "string") return `the value of ${name} is not a text`;
  if (CONTROL.test(value)) return `the value of ${name} holds a line break or another control character`;
  if (/[^\t -\u00ff]/.test(value)) return `the value of ${name} holds characters outside Latin-1`;
  return undefined;
}

/** Later groups win over earlier ones, whatever the letter case. Throws `params-invalid` for a header that cannot be sent. */
export function mergeHeaders(...groups: (Readonly<Record<string, string>> | undefined)[]): Record<string, string> {
  const merged = new Map<string, [string, string]>();
  for (const group of groups) {
    for (const [name, value] of Object.entries(group ?? {})) {
      const problem = headerProblem(name, value);
      if (problem !== undefined) {
        throw new StepwireError("params-invalid", `A header cannot be sent: ${problem}.`, {
          details: { reason: "header" },
        });
      }
      merged.set(name.toLowerCase(), [name, value]);
    }
  }
  return Object.fromEntries(merged.values());
}

/** Whether there is a header of this name, which is given in lower case. */
export const hasHeader = (headers: Readonly<Record<string, string>>, name: string): boolean =>
  Object.keys(headers).some((key) => key.toLowerCase() === name);
