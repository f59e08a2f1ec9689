import { spawnSync } from "node:child_process";
import path from "node:path";

import { expect, it } from "vitest";

it("runs the whole demo: every workflow, and every value of the event intact", () => {
  const home = path.resolve(import.meta.dirname, "..");
  const { status, stdout, stderr } = spawnSync(process.execPath, ["demo.ts"], { cwd: home, encoding: "utf8" });
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toContain("6 workflows ran");
});
