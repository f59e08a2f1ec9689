/** `stepwire connectors add` on a terminal, which util-linux's `script` stands for. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { bin, cleanEnv } from "./support/command.ts";
import { makeProject, onCleanup, type ProjectFolder } from "./support/project.ts";

const TERMINAL = "script";

/** Types each answer as soon as its question is on the screen; resolves with all that was there. */
async function onTerminal(project: ProjectFolder, args: string[], answers: readonly (readonly [string, string])[]) {
  const quoted = [process.execPath, bin, ...args].map((word) => `'${word}'`).join(" ");
  const child = spawn(TERMINAL, ["-qec", quoted, "/dev/null"], {
    cwd: project.folder,
    env: { ...cleanEnv({ TERM: "xterm-256color", NO_COLOR: "1" }) },
  });
  onCleanup(() => void child.kill("SIGKILL"));
  const left = [...answers];
  let screen = "";
  let seen = 0;
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    screen += chunk;
    for (let next = left[0]; next !== undefined; next = left[0]) {
      const at = screen.indexOf(next[0], seen);
      if (at === -1) return;
      seen = at + next[0].length;
      left.shift();
      child.stdin.write(next[1]);
    }
  });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, screen };
}

const SECRET = "https://hooks.slack.com/services/T0/B0/secret-part";

it("shows what is typed, but for secrets", async () => {
  const project = makeProject();
  const { status, screen } = await onTerminal(
    project,
    ["connectors", "add", "slack"],
    [
      ["name: ", "alertx\u007Fs\r"],
      ["webhookUrl (not shown): ", `${SECRET}x\u007F\r`],
      ["[y/N] ", "\r"],
    ],
  );
  expect({ status, screen }).toEqual({ status: 0, screen: expect.stringContaining("Added alerts (slack)") as unknown });
  expect(screen).toContain("alertx");
  expect(screen).not.toContain("secret-part");
  expect(screen).not.toMatch(/s.?e.?c.?r.?e.?t.?-/);
  expect(readFileSync(project.file(".env"), "utf8")).toBe(`ALERTS_WEBHOOK_URL=${SECRET}\n`);
});

it("writes nothing after Ctrl-C", async () => {
  for (const [question, key] of [
    ["name: ", "\u0003"],
    ["webhookUrl (not shown): ", "\u0003"],
  ] as const) {
    const project = makeProject();
    const first = question === "name: " ? [] : [["name: ", "alerts\r"] as const];
    const { status, screen } = await onTerminal(project, ["connectors", "add", "slack"], [...first, [question, key]]);
    expect({ status, screen }).toEqual({
      status: 3,
      screen: expect.stringContaining("Nothing was written.") as unknown,
    });
    for (const name of [".env", "connectors.yaml"]) expect(existsSync(project.file(name))).toBe(false);
  }
});

it("keeps the connector after Ctrl-C at the test", async () => {
  const project = makeProject();
  const { status, screen } = await onTerminal(
    project,
    ["connectors", "add", "slack", "--name", "alerts"],
    [
      ["webhookUrl (not shown): ", `${SECRET}\r`],
      ["[y/N] ", "\u0003"],
    ],
  );
  expect({ status, screen }).toEqual({ status: 3, screen: expect.stringContaining("Added alerts (slack)") as unknown });
  expect(screen).not.toContain("Nothing was written.");
});

it("shows nothing of a key that is pasted where its path is asked for", async () => {
  const project = makeProject();
  const pem = [
    "-----BEGIN PRIVATE KEY-----",
    ..."x".repeat(9).split("x").fill("MIIEvQ+/="),
    "-----END PRIVATE KEY-----",
  ];
  const { status, screen } = await onTerminal(
    project,
    ["connectors", "add", "http", "--name=api", "--set=url=https://api.example", "--set=authType=ssl-crt-key"],
    [
      // All of it at once, as a terminal gives what is pasted, and one more in pieces.
      ["crt: ", `${pem.join("\r")}\r`],
      ["crt: ", `${pem.join("\n")}\n`],
      ["crt: ", "\u0003"],
    ],
  );
  expect({ status, screen }).toEqual({
    status: 3,
    screen: expect.stringContaining("This is what the file") as unknown,
  });
  expect(screen).not.toContain("MIIE");
  expect(screen).not.toContain("END PRIVATE KEY");
});

it("takes the end of the input for an end", async () => {
  const project = makeProject();
  const { status, screen } = await onTerminal(project, ["connectors", "add", "slack"], [["name: ", "\u0004"]]);
  expect({ status, screen }).toEqual({ status: 2, screen: expect.stringContaining("Standard input ended") as unknown });
});
