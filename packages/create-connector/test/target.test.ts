import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { writeFiles } from "../src/target.ts";
import { tempFolder } from "./support.ts";

/** Files one of which somebody else writes in between, and others beside it. */
function contested(folder: string): Map<string, string> {
  return Object.assign(new Map<string, string>(), {
    *[Symbol.iterator]() {
      yield ["src/a.ts", "a"];
      writeFileSync(path.join(folder, "src/theirs.ts"), "theirs");
      yield ["src/theirs.ts", "ours"];
    },
  });
}

it("takes away what it wrote where a file cannot be written, and nothing that is somebody else's", () => {
  const folder = path.join(tempFolder(), "new");
  expect(() => writeFiles(folder, contested(folder))).toThrow("EEXIST");
  expect(readdirSync(folder, { recursive: true })).toEqual(["src", path.join("src", "theirs.ts")]);
  expect(readFileSync(path.join(folder, "src/theirs.ts"), "utf8")).toBe("theirs");
});
