import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { ERROR_CODES } from "../src/index.ts";

const page = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
const documented = [...page.matchAll(/^\| `([a-z-]+)`\s*\|/gm)].map((match) => match[1] ?? "");

it("documents every error code once, and no code that does not exist", () => {
  expect(documented.toSorted()).toEqual(Object.keys(ERROR_CODES).toSorted());
});
