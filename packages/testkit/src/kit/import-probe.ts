/**
 * Run as a process of its own: imports a package's entry and prints as JSON what that did besides defining things.
 * Arguments: the entry's URL, and the package's folder.
 */
import { writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

import type { ImportFacts } from "./groups/import.ts";

const [entry = "", folder = ""] = process.argv.slice(2);
const own = pathToFileURL(folder).href.replace(/\/?$/, "/");
const environment = new Set<string>();
const written: string[] = [];

/** zod keeps its registry there, so that several copies of it share one. */
const KNOWN_GLOBALS = /^__zod_/;

/** Only what the package's own files ask for: what it stands on is not its author's. */
const byPackage = (): boolean =>
  (new Error("who asks").stack ?? "")
    .replaceAll("\\", "/")
    .split("\n")
    .some((line) => line.includes(own) && !line.includes(`${own}node_modules/`));
const variables = new Proxy(process.env, {
  get(target, name) {
    if (typeof name === "string" && byPackage()) environment.add(name);
    return Reflect.get(target, name) as unknown;
  },
});
let isHeld = false;
Object.defineProperty(process, "env", {
  get() {
    isHeld ||= byPackage();
    return variables;
  },
});
for (const stream of [process.stdout, process.stderr]) {
  stream.write = ((chunk: unknown) => {
    written.push(String(chunk));
    return true;
  }) as typeof stream.write;
}

const globals = (): string[] => [
  ...Reflect.ownKeys(globalThis).map(String),
  ...[Object, Array, String, Promise, Function].flatMap((builtIn) =>
    Reflect.ownKeys(builtIn.prototype as object).map((key) => `${builtIn.name}.prototype.${String(key)}`),
  ),
];
const before = { globals: new Set(globals()), resources: count(process.getActiveResourcesInfo()) };
const cpu = process.cpuUsage();
let error: string | undefined;
try {
  await import(entry);
} catch (failure) {
  error = failure instanceof Error ? failure.message : String(failure);
}
const { user, system } = process.cpuUsage(cpu);
const facts: ImportFacts = {
  ...(error === undefined ? {} : { error }),
  cpuMs: Math.round((user + system) / 1000),
  globals: globals().filter((name) => !before.globals.has(name) && !KNOWN_GLOBALS.test(name)),
  resources: more(before.resources, count(process.getActiveResourcesInfo())),
  // Who takes hold of all of them and names none may read them later, unseen.
  environment: isHeld && environment.size === 0 ? ["*"] : [...environment],
  written: written.join("").slice(0, 200),
};
writeSync(1, JSON.stringify(facts));
process.exit(0);

function count(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function more(earlier: ReadonlyMap<string, number>, later: ReadonlyMap<string, number>): string[] {
  return [...later].filter(([name, number]) => number > (earlier.get(name) ?? 0)).map(([name]) => name);
}
