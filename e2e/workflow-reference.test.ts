/** The reference of the workflow language, made anew from the code. */
import { spawnSync } from "node:child_process";
import path from "node:path";

import { expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "..");

it("is what the code says", () => {
  const args = ["--conditions=@stepwire/source", "scripts/workflow-reference.mjs", "--check"];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
