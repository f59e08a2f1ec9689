import { readFileSync } from "node:fs";
import path from "node:path";

import { withBoundary } from "../boundary.ts";
import { callExample, callTest } from "../call.ts";
import { importsOf } from "../imports.ts";
import { examplesOf, type Kit, type PackageFolder, type Subject } from "../kit.ts";
import type { Report } from "../problem.ts";
import { watching, type Sighting } from "../watch.ts";

/** A connector's own code computes; whatever leaves the process goes through the host. */
export async function ownIo(kit: Kit, report: Report): Promise<void> {
  // Whatever the kit opens for itself is opened before anybody watches.
  await kit.stage();
  for (const subject of kit.subjects) await run(kit, subject, report);
  for (const { type } of kit.plugin.steps)
    report.notRun(`${type}: scenarios are for connectors, so that the step was not run`);
  if (kit.pack === undefined) report.notRun("no folder was given, so that imports were not looked at");
  else await imports(kit.pack, report);
}

async function run(kit: Kit, { type, scenarios }: Subject, report: Report): Promise<void> {
  const told = new Set<string>();
  await watching(async ({ boundary, sightings, callEnded }) => {
    const watched = { type: withBoundary(type, boundary), scenarios };
    const calls = [...examplesOf(watched)].map(
      ({ action, example }) =>
        async () =>
          callExample(kit, watched, action, example),
    );
    if (type.connection.def.test !== undefined) calls.push(async () => callTest(kit, watched));
    for (const call of calls) {
      await call();
      callEnded();
      report.checked();
    }
    for (const { part, kind, name } of sightings) {
      const where = part.startsWith(".") ? `${type.id}${part}` : `${type.id} ${part}`;
      const [message, fix] = WORDS[kind](name);
      if (!told.has(`${where} ${message}`)) report.problem(where, message, fix);
      told.add(`${where} ${message}`);
    }
  });
}

const WORDS: Record<Sighting["kind"], (name: string) => [message: string, fix: string]> = {
  io: (name) => [
    `It calls ${name}.`,
    "Send with ctx.request(): the host logs in, keeps to the settings for the network, and hides secrets.",
  ],
  environment: (name) => [
    `It reads ${name}.`,
    "Take it from config or secrets: the user says there what a connector gets.",
  ],
  print: (name) => [`It prints with ${name}.`, "Use ctx.log: what is printed is hidden from nobody, secrets included."],
  timer: (name) => [
    `It starts a timer with ${name} that is still to come when its call has ended.`,
    "Wait for it, or stop it before the call ends and when ctx.signal aborts.",
  ],
};

/** Whatever Node or npm could bring in; the files of the package itself do not count. */
async function imports(pack: PackageFolder, report: Report): Promise<void> {
  let names: readonly string[];
  try {
    names = await pack.files();
  } catch (error) {
    return report.notRun(`npm could not say what it would pack: ${(error as Error).message.split("\n")[0]}`);
  }
  const code = names.filter((name) => /\.[cm]?js$/.test(name));
  if (code.length === 0) report.notRun("no JavaScript would be published: build the package first");
  for (const name of code) {
    report.checked();
    for (const specifier of importsOf(readFileSync(path.join(pack.folder, name), "utf8"))) {
      if (specifier === undefined) {
        report.problem(
          name,
          "It imports something whose name is made while it runs.",
          "Name the file in import(), so that it can be told what is loaded.",
        );
      } else if (!isAllowed(specifier, pack.json["name"])) {
        report.problem(
          name,
          `It imports ${specifier}; a connector runs with @stepwire/core, zod and its own files.`,
          `Use ctx.request() to send, what is global in JavaScript (URL, TextEncoder), and of Node ${[...PURE].join(", ")}; bundle what is small and does no I/O.`,
        );
      }
    }
  }
}

/** Of Node, what only computes. */
const PURE = new Set(["buffer", "crypto", "url", "util"]);

const isAllowed = (specifier: string, own: unknown): boolean =>
  /^(?:\.{1,2}\/|#)/.test(specifier) ||
  PURE.has(specifier.replace(/^node:/, "")) ||
  ["@stepwire/core", "zod", own].some((name) => specifier === name || specifier.startsWith(`${String(name)}/`));
