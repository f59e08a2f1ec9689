/** What is wrong with a package as it stands in a folder, one thing at a time. */
import { expect, it } from "vitest";

import { judged, type Change } from "./faulty.ts";

process.env["NODE_OPTIONS"] = "--conditions=@stepwire/source";

const PACKAGE: [name: string, change: Change, where: string, message: RegExp, fix: RegExp][] = [
  [
    "a name nobody finds",
    ["package.json", '"name": "stepwire-connector-pager"', '"name": "pager"'],
    "package.json name",
    /no name of a connector/,
    /stepwire-connector-<name>/,
  ],
  [
    "no field",
    ["package.json", '"contract": 1', '"contract": 7'],
    "package.json stepwire",
    /do not recognise/,
    /"contract": 1/,
  ],
  [
    "no keyword",
    ["package.json", '"stepwire-connector"\n', '"pager"\n'],
    "package.json keywords",
    /found by searching/,
    /stepwire-connector/,
  ],
  [
    "a script at installation",
    ["package.json", '"prepack"', '"postinstall"'],
    "package.json scripts.postinstall",
    /every machine/,
    /prepack/,
  ],
  [
    "a library of its own",
    ["package.json", '"zod": "^4.2.0"', '"axios": "^1.0.0"'],
    "package.json dependencies.axios",
    /nothing but/,
    /ctx\.request/,
  ],
  [
    "a peer",
    ["package.json", '"dependencies"', '"peerDependencies"'],
    "package.json peerDependencies.zod",
    /side by side/,
    /dependencies/,
  ],
  ["a type without a vendor", ["index.js", '"acme/pager"', '"pager"'], "pager", /belong to Stepwire/, /vendor\/pager/],
  [
    "tests in the package",
    ["package.json", '"stepwire.json"\n', '"stepwire.json",\n    "test"\n'],
    "test/a.test.js",
    /Tests would be published/,
    /files/,
  ],
  [
    "an entry that is not published",
    ["package.json", '    "index.js",\n', ""],
    "package.json exports..",
    /publint/,
    /publint/,
  ],
];

it.each(PACKAGE)("package: %s", async (_name, change, where, message, fix) => {
  const { problems } = await judged(
    "package",
    [change, ...TEST_FILE],
    change[1].includes("contract") ? "stale" : "fresh",
  );
  const found = problems.find((problem) => problem.where === where && message.test(problem.message));
  expect(found, JSON.stringify(problems)).toBeDefined();
  expect(found?.fix).toMatch(fix);
});

/** A file that is published only where `files` says so. */
const TEST_FILE: Change[] = [["test/a.test.js", "", "export {};\n"]];

const IMPORT: [name: string, code: string, message: RegExp][] = [
  ["a timer", "setInterval(() => undefined, 1000);", /keeps the process: Timeout/],
  ["a global", "globalThis.pagerCache = {};", /whole process: pagerCache/],
  ["a changed prototype", "Array.prototype.last = () => undefined;", /Array\.prototype\.last/],
  ["a variable", "export const key = process.env.PAGER_KEY;", /reads process\.env\.PAGER_KEY/],
  ["all variables", "export const { env } = process;", /reads process\.env\.\*/],
  ["words", 'console.log("loaded");', /prints: "loaded/],
  ["a throw", 'throw new Error("no licence");', /fails: no licence/],
  ["an end", "process.exit(0);", /ended the process/],
];

it.each(IMPORT)("import: %s", async (_name, code, message) => {
  // It is imported by a process of its own, and must not do to this one what it does there.
  const { problems } = await judged("import", [["index.js", "export default", `${code}\nexport default`]], "unloaded");
  expect(problems).toMatchObject([
    { where: "entry", message: expect.stringMatching(message), fix: expect.stringMatching(/\w/) },
  ]);
});
