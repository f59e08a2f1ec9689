import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { plant } from "../kit/faulty.ts";
import { kit } from "./support.ts";

it("writes the tables of a README from the schemas, once", async () => {
  const { folder } = await plant([]);
  const file = path.join(folder, "README.md");
  const before = readFileSync(file, "utf8");

  expect(await kit(["docs", "--check"], folder)).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("stepwire-kit docs"),
  });
  expect(readFileSync(file, "utf8")).toBe(before);

  expect((await kit(["docs"], folder)).code).toBe(0);
  const written = readFileSync(file, "utf8");
  expect(written.startsWith(before.trimEnd())).toBe(true);
  expect(written).toMatch(/^\| `text` +\| text \(up to 500 characters\) +\| What to say\. \*\*Required\.\*\* +\|$/m);
  expect(written).toContain("Effect: write; repeated by itself only where it surely was not done.");

  // What a formatter does to a table is no difference.
  writeFileSync(file, written.replaceAll(/ +\|/g, " |").replaceAll(/-{3,}/g, "---"));
  expect(await kit(["docs", "--check", "--output", "json"], folder)).toMatchObject({ code: 0 });

  writeFileSync(file, written.replace("up to 500", "up to 400"));
  expect((await kit(["docs", "--check"], folder)).code).toBe(1);
});

it("refuses a README with half of its marks", async () => {
  const { folder } = await plant([["README.md", "## Actions\n", "<!-- generated: schemas -->\n"]]);
  const { code, stderr } = await kit(["docs"], folder);
  expect(code).toBe(2);
  expect(stderr).toContain("only one of the lines");
});
