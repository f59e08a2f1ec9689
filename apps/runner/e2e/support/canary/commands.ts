import { BROKEN_WAYS } from "./broken-files.ts";
import { CRASHING } from "./connectors.ts";

/** Arguments of the command, after the status that it should end with. */
export type Command = readonly [status: number, ...args: string[]];

/** Every command that meets secrets, in its ways to write. */
export function commandsOf(parts: { proxies: string[]; wrong: string[]; urls: string[] }): Command[] {
  const exec = (status: number, id: string, action: string, params: object, ...more: string[]) =>
    [status, "connectors", "exec", id, action, "--params", JSON.stringify(params), ...more] as const;
  const request = { method: "POST", path: "/echo/401/json" };
  return [
    // The longest first.
    [0, "run", "repeated.yaml", "--output", "json", "--verbose"],
    [0, "run", "kinds.yaml", "--output", "json", "--verbose"],
    [0, "run", "all.yaml", "--output", "json", "--log-format", "json", "--verbose"],
    [0, "run", "all.yaml", "--verbose"],
    [0, "run", "faults.yaml", "--verbose"],
    [0, "run", "faults.yaml", "--output", "json", "--log-format", "json"],
    [0, "run", "templates.yaml", "--verbose"],
    [0, "run", "templates.yaml", "--output", "json"],
    [2, "run", "broken.yaml", "--output", "json"],
    [2, "run", "unknown-filter.yaml"],
    [0, "run", "all.yaml", "--dry-run"],
    [0, "run", "kinds.yaml", "--dry-run", "--output", "json"],
    ...["crash-step", "crash-outside", ...CRASHING.map((id) => `crash-${id}`)].flatMap(
      (name, index) =>
        [
          [4, "run", `${name}.yaml`],
          [
            4,
            "run",
            `${name}.yaml`,
            "--output",
            "json",
            "--verbose",
            ...(index % 2 === 0 ? ["--log-format", "json"] : []),
          ],
        ] as const,
    ),
    ...parts.proxies.flatMap(
      (name) =>
        [
          [0, "run", "proxied.yaml", "--settings", `${name}.settings.yaml`, "--output", "json", "--verbose"],
          [2, "doctor", "--settings", `${name}.settings.yaml`, "--url", parts.urls[1] ?? "", "--output", "json"],
        ] as const,
    ),
    [2, "validate", "broken.yaml"],
    [2, "validate", "broken.yaml", "unknown-filter.yaml", "--output", "json"],
    [2, "doctor"],
    [2, "doctor", "--output", "json"],
    ...parts.urls.map((url) => [2, "doctor", "--url", url] as const),
    ...parts.wrong.map((name) => [2, "validate", "all.yaml", "--settings", `${name}.settings.yaml`] as const),
    ...BROKEN_WAYS.map(
      ([name]) => [2, "validate", "all.yaml", "--connectors", `broken-${name}.connectors.yaml`] as const,
    ),
    [0, "connectors", "list"],
    ...["all", "literal", "literal-header", "slack", "proxy-literal"].map(
      (id) => [0, "connectors", "show", id] as const,
    ),
    ...["quotes", "proxy-two", "no-pfx", "bad-header", "bad-hook", "no-space", "no-space-key", "no-space-header"].map(
      (id) => [2, "connectors", "show", id, "--output", "json"] as const,
    ),
    [4, "connectors", "show", "throws"],
    [4, "connectors", "show", "throws", "--output", "json"],
    [1, "connectors", "test", "jira", "--output", "json"],
    [1, "connectors", "test", "signed"],
    [1, "connectors", "test", "api-query"],
    [4, "connectors", "test", "throws", "--output", "json"],
    [2, "connectors", "test", "quotes"],
    exec(1, "all", "request", request),
    exec(0, "all", "request", { ...request, path: "/echo/200/json" }, "--output", "json"),
    exec(1, "oauth", "request", request, "--output", "json"),
    exec(1, "oauth-refused", "request", request),
    exec(1, "slack", "postMessage", { message: "echo/500/html" }),
    exec(1, "untrusted", "request", request),
    exec(1, "proxy-url", "request", request, "--output", "json"),
    exec(3, "slow", "request", { ...request, path: "/echo/200/hang" }),
    exec(4, "throws-later", "call", { path: "/x" }),
    exec(1, "throws-details", "call", { path: "/x" }, "--output", "json"),
    exec(4, "checks", "call", { path: "/echo/200/json" }, "--output", "json"),
    exec(1, "refuses", "call", { path: "/echo/200/json" }, "--output", "json"),
    exec(4, "crashes", "call", { path: "/echo/200/silence" }),
    exec(2, "wrong-passphrase", "request", request),
  ];
}
