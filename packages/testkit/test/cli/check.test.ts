import { execFileSync } from "node:child_process";

import { expect, it } from "vitest";

import { plant } from "../kit/faulty.ts";
import { kit } from "./support.ts";

const SCENARIOS = ["--scenarios", "scenarios.js"];

it("runs the kit on a package, and says what is wrong with the fix", async () => {
  const { folder } = await plant([["index.js", "text: z.string().min(1).max(500)", "text: z.string().min(1)"]]);
  const { code, stdout } = await kit(["check", ...SCENARIOS], folder);
  expect(code).toBe(1);
  expect(stdout).toContain("acme/pager.page input.text: A text without a greatest length.\n    fix: Add .max(…)");
  expect(stdout).toMatch(/^schema +failed/m);
  expect(stdout).toMatch(/^listing +passed/m);
});

it("looks at a packed package, and says what it could not look at", async () => {
  const { folder } = await plant([]);
  execFileSync("npm", ["pack", "--silent", "--ignore-scripts"], { cwd: folder, shell: process.platform === "win32" });
  const { code, stdout } = await kit(["check", "stepwire-connector-pager-1.2.0.tgz"], folder);
  expect(stdout).toMatch(/^listing +passed/m);
  expect(stdout).toMatch(/^examples +not-run.*\n +not run: there are no scenarios$/m);
  expect(code).toBe(0);
});

it("refuses what is no packed package", async () => {
  const { folder } = await plant([]);
  const { code, stderr } = await kit(["check", "README.md"], folder);
  expect(code).toBe(2);
  expect(stderr).toContain("README.md is not what npm pack writes");
});
