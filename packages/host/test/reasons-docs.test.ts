import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { REASONS } from "../src/files/reasons.ts";

it("documents every reason of bad settings once, and none that does not exist", () => {
  const page = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
  const [, section = ""] = /### Reasons of a bad connector([\s\S]*?)\n## /.exec(page) ?? [];
  const cells = [...section.matchAll(/^\| (`.*?`)\s*\|/gm)].map((row) => row[1] ?? "");
  const documented = cells.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map((match) => match[1] ?? ""));
  expect(documented.toSorted()).toEqual([...REASONS].toSorted());
});
