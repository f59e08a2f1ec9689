/** The reference of the contract, made anew from the sources of @stepwire/core. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, it, onTestFinished } from "vitest";

const root = path.resolve(import.meta.dirname, "..");

const node = (...args: string[]) => spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });

it("is what the sources say", () => {
  const { status, stderr } = node("--conditions=@stepwire/source", "scripts/contract-reference.mjs", "--check");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});

/** What the script has against a contract of these files. */
function problemsOf(files: Record<string, string>): unknown {
  const folder = mkdtempSync(path.join(tmpdir(), "stepwire-contract-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const { stdout, stderr } = node(
    "--input-type=module",
    "--eval",
    `import { exportsOf } from "./scripts/contract/exports.mjs";
     import { problemsOf } from "./scripts/contract/sections.mjs";
     console.log(JSON.stringify(problemsOf(exportsOf(process.argv[1]))));`,
    path.join(folder, "index.ts"),
  );
  return stderr === "" ? (JSON.parse(stdout) as unknown) : stderr;
}

it("is refused while an export, or a type it is made of, has no docstring", () => {
  const index = 'export { define, type Plain } from "./step.ts";\n';
  const step = `/** Documented. */
export function define(def: Hidden): void {}

// No docstring.
export interface Plain { a: string }

interface Hidden { b: Deeper }

/** Of tools. */ const between = 1;
type Deeper = string;
type Unused = string;
`;
  expect(problemsOf({ "index.ts": index, "step.ts": step })).toEqual(
    ["Plain", "Hidden", "Deeper"].map(
      (name) => `${name} of step.ts has no docstring. Say above it what it is for, with units and errors.`,
    ),
  );
});

it("is refused while a file of the contract has no heading", () => {
  const files = {
    "index.ts": 'export { x } from "./new.ts";\n',
    "new.ts": "/** Documented. */\nexport const x = 1;\n",
  };
  expect(problemsOf(files)).toEqual([
    "new.ts has no heading. Give it one under FILES of scripts/contract/sections.mjs.",
  ]);
});
