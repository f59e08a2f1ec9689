/**
 * Secrets of every kind, driven through everything that can happen to them: nothing that the command prints or writes,
 * and no error that the library throws, lets anybody read one, in whatever encoding.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";

import type { AnyConnectorType, Plugin } from "@stepwire/core";
import { createConnector } from "@stepwire/host";
import { beforeAll, expect, it } from "vitest";

import { FAULTS, STYLES } from "./support/canary/echo.ts";
import { canary, findLeaks, type Leak } from "./support/canary/finder.ts";
import { makeCanaryProject, type CanaryProject } from "./support/canary/project.ts";
import { stepwire } from "./support/command.ts";

/** As many processes as keep two cores busy. */
const AT_ONCE = 4;

interface Told {
  command: string;
  status: number | null;
  wanted: number;
  output: string;
}

let made: CanaryProject;
const told: Told[] = [];
const thrown: { what: string; text: string }[] = [];
let written: { name: string; bytes: Buffer }[] = [];

beforeAll(async () => {
  made = await makeCanaryProject();
  const { project, env, commands } = made;
  const before = new Map(filesOf(project.folder));
  const waiting = [...commands];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [wanted, ...args] = next;
      const { status, stdout, stderr } = await stepwire(args, { cwd: project.folder, env });
      told.push({ command: args.join(" "), status, wanted, output: `${stdout}\n${stderr}` });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  await throwErrors();
  written = filesOf(project.folder).flatMap(([name, bytes]) =>
    before.get(name)?.equals(bytes) === true ? [] : [{ name, bytes }],
  );
});

/** The same by the library: errors as a program sees them, hidden fields and causes included. */
async function throwErrors(): Promise<void> {
  const { project, calls } = made;
  const index = pathToFileURL(project.file("leaky/index.js")).href;
  const { connectorTypes } = ((await import(/* @vite-ignore */ index)) as { default: Plugin }).default;
  for (const { type: id, action, path: to, ...options } of calls) {
    const type = connectorTypes.find((known) => known.id === id) as AnyConnectorType;
    let outcome: unknown;
    try {
      const connector = createConnector(type, options);
      try {
        outcome = await connector.run(action, { path: to });
      } finally {
        await connector.close();
      }
    } catch (error) {
      outcome = error;
    }
    const { stack = "" } = outcome as Error;
    const text = [inspect(outcome, { depth: null, showHidden: true }), JSON.stringify(outcome), stack].join("\n");
    thrown.push({ what: `${id}.${action} ${to}`, text });
  }
}

/** Every file below a folder but those of installed packages, which are links. */
function filesOf(folder: string): [name: string, bytes: Buffer][] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): [string, Buffer][] => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return filesOf(name);
    return entry.isFile() ? [[name, readFileSync(name)]] : [];
  });
}

const leaksOf = (where: string, text: string): (Leak & { where: string })[] =>
  findLeaks(text, made.canaries).map((leak) => ({ where, ...leak }));

it("ends every command as it should", () => {
  expect(told.filter(({ status, wanted }) => status !== wanted)).toEqual([]);
  expect(told.length).toBe(made.commands.length);
});

it("prints no secret", () => {
  expect(told.flatMap(({ command, output }) => leaksOf(command, output))).toEqual([]);
});

it("throws no secret", () => {
  expect(thrown.length).toBe(made.calls.length);
  expect(thrown.flatMap(({ what, text }) => leaksOf(what, text))).toEqual([]);
});

it("writes no secret", () => {
  expect(written.flatMap(({ name, bytes }) => leaksOf(name, `${name}\n${bytes.toString("latin1")}`))).toEqual([]);
});

it("had every secret that leaves on the wire, and got it back in every way", () => {
  expect([...made.told.canaries].toSorted()).toEqual(made.onTheWire.toSorted());
  const styles = new Set([...made.told.answers].map((answer) => answer.replace(/^\d+\//, "")));
  for (const style of [...Object.keys(STYLES), ...Object.keys(FAULTS)]) expect(styles).toContain(style);
  for (const status of [407, 403, 502, 200]) expect(made.told.answers).toContain(`proxy ${status}`);
  const masked = told.filter(({ output }) => output.includes("[masked]"));
  expect(masked.length).toBeGreaterThan(20);
});

/** Proof that the finder finds: one secret in everything that it is to see through. */
const SECRET = canary("finder");
const BYTES = Buffer.from(SECRET.text);
it.each([
  ["plain", SECRET.text],
  ["its first half", SECRET.text.slice(0, 18)],
  ["in upper case", SECRET.text.toUpperCase()],
  ["JSON in JSON", JSON.stringify(JSON.stringify([SECRET.text]))],
  ["percent-encoded", encodeURIComponent(SECRET.text)],
  ["every character percent-encoded", BYTES.toString("hex").replace(/../g, "%$&")],
  ["every character as in HTML", Array.from(SECRET.text, (letter) => `&#${letter.codePointAt(0)};`).join("")],
  ["base64", BYTES.toString("base64")],
  ["base64 for URLs", BYTES.toString("base64url")],
  ...[1, 2, 3].map((more) => [
    `base64, ${more} bytes in`,
    Buffer.from(`${"x".repeat(more)}${SECRET.text}`).toString("base64"),
  ]),
  ["a Basic pair", `Basic ${Buffer.from(`bob:${SECRET.text}`).toString("base64")}`],
  ["base64, percent-encoded", encodeURIComponent(BYTES.toString("base64"))],
  ["base64, escaped in JSON", JSON.stringify(JSON.stringify(BYTES.toString("base64"))).replaceAll("/", "\\/")],
  ["base64 twice", Buffer.from(BYTES.toString("base64")).toString("base64")],
  ["base64 of percent-encoded", Buffer.from(encodeURIComponent(SECRET.text)).toString("base64")],
  ["hex", `x${BYTES.toString("hex")}`],
  ["UTF-8 read as Latin-1", BYTES.toString("latin1")],
])("finds a secret %s", (_how, text = "") => {
  expect(findLeaks(`{"data": "before ${text} after"}`, [SECRET])).toHaveLength(1);
});

it("finds nothing where nothing is", () => {
  const text = JSON.stringify({ data: "[masked]", more: Buffer.from("x".repeat(1000)).toString("base64") });
  expect(findLeaks(text, [SECRET])).toEqual([]);
});
