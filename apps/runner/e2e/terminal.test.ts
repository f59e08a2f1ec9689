/** The live list, on a terminal that util-linux's `script` stands for. */
import { writeFileSync } from "node:fs";

import { expect, it } from "vitest";

import { bin, cleanEnv, startProcess } from "./support/command.ts";
import { makeProject, sendJson, startVendor } from "./support/project.ts";
import { API, call, HOSTILE, SECRET_ENV } from "./support/workflows.ts";

/** Runs on a terminal of this width; what it shows at the end, and every state of the live line before. */
async function onTerminal(cwd: string, columns: number, args: string[], env: Record<string, string> = {}) {
  const quoted = [process.execPath, bin, ...args].map((word) => `'${word}'`).join(" ");
  const file = `${cwd}/on-terminal.sh`;
  writeFileSync(file, `stty cols ${columns} rows 40\nexec ${quoted}\n`);
  const { done } = startProcess("script", ["-qec", `sh ${file}`, "/dev/null"], {
    cwd,
    env: { ...cleanEnv(env), ...SECRET_ENV, TERM: "xterm-256color" },
  });
  const { status, stdout } = await done;
  return { status, raw: stdout, ...screen(stdout) };
}

// oxlint-disable-next-line no-control-regex -- colours are taken out
const withoutColors = (text: string) => text.replaceAll(/\u001B\[[\d;]*m/g, "");

/** What is left on the screen when every `\r` and "clear to the end of the line" has been obeyed. */
function screen(raw: string) {
  const states = withoutColors(raw)
    .split("\n")
    .map((line) => line.replace(/\r$/, "").split("\r\u001B[K"));
  return { lines: states.map((line) => line.at(-1) ?? ""), live: states.flatMap((line) => line.slice(0, -1)) };
}

const WORKFLOW = `steps:
  - name: each
    type: foreach
    foreach: [1, 2]
    steps:
      - { name: call, type: http, connector-id: api, with: { path: /ok } }
${call("bad", "/bad", ", on-failure: { retry: { max-attempts: 1, delay: 1ms } }")}`;

async function project() {
  const vendor = await startVendor((request, response) => {
    if (request.path === "/bad") sendJson(response, 400, { message: HOSTILE });
    else sendJson(response, 200, {});
  });
  const long = "a step with a very long name ".repeat(4);
  return makeProject({
    "connectors.yaml": API(vendor.url),
    "w.yaml": WORKFLOW,
    "long.yaml": `steps:\n  - { name: ${long}漢字, type: http, connector-id: api, with: { path: /ok } }\n`,
  }).folder;
}

it("shows the running step with its time, then every finished one, with nothing left over", async () => {
  const { status, raw, lines, live } = await onTerminal(await project(), 100, ["run", "w.yaml"]);
  expect(status).toBe(1);
  const time = String.raw`\d+(\.\d)? m?s`;
  const expected = [
    /^w {2}run [\w-]+$/,
    new RegExp(String.raw`^ {2}✓ each\[0\]\.call {2}http {2}${time}$`),
    new RegExp(String.raw`^ {2}✓ each\[1\]\.call {2}http {2}${time}$`),
    new RegExp(`^ {2}✓ each {2}foreach {2}${time}$`),
    new RegExp(`^ {2}✗ bad {2}http {2}${time}$`),
    /^ {6}\[400\] Bad Request: no /,
    /^ {2}↻ bad {2}again in 1 ms$/,
    new RegExp(`^ {2}✗ bad {2}http {2}${time} {2}2 attempts$`),
    /^ {6}\[400\] Bad Request: no /,
    new RegExp(`^failed in ${time}$`),
    /^To do what failed again, .*: stepwire runs retry [\w-]+$/,
    /^$/,
  ];
  expect(lines).toEqual(expected.map((line) => expect.stringMatching(line) as unknown));
  expect(live).toContainEqual(expect.stringMatching(/^ {2}… each\[0\]\.call {2}http {2}\d+ ms$/));
  expect(live).toContainEqual(expect.stringMatching(/^ {2}… bad {2}http {2}again in /));
  // Besides colours there is only "clear to the end of the line".
  expect(withoutColors(raw).replaceAll("\u001B[K", "")).not.toContain("\u001B");
  expect(raw).not.toContain("\u0007");
  expect(raw).toContain("\u001B[32m✓\u001B[39m");
});

it("keeps the live line on one row, with its time, however narrow the terminal is", async () => {
  const { status, live } = await onTerminal(await project(), 40, ["run", "long.yaml"]);
  expect(status).toBe(0);
  const running = live.filter((line) => line.includes("…"));
  expect(running).toContainEqual(expect.stringMatching(/^ {2}… "a step with .* {2}http {2}\d+ ms$/));
  for (const line of running) expect(line.length).toBeLessThan(40);
});

it("shows whole lines on a terminal that does not tell its width", async () => {
  const { live } = await onTerminal(await project(), 0, ["run", "w.yaml"]);
  expect(live).toContainEqual(expect.stringMatching(/^ {2}… each\[0\]\.call {2}http {2}\d+ ms$/));
});

it("has no colours with NO_COLOR", async () => {
  const { raw, lines } = await onTerminal(await project(), 80, ["run", "w.yaml"], { NO_COLOR: "1" });
  // oxlint-disable-next-line no-control-regex -- colours are looked for
  expect(raw).not.toMatch(/\u001B\[[\d;]*m/);
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}✓ each {2}foreach/));
});

it("draws nothing live where the log is JSON, or quiet", async () => {
  const folder = await project();
  for (const extra of [["--log-format", "json"], ["--quiet"]]) {
    expect((await onTerminal(folder, 80, ["run", "w.yaml", ...extra])).live).toEqual([]);
  }
});
