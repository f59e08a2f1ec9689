import { tmpdir } from "node:os";

import { expect, it } from "vitest";

import { kit } from "./support.ts";

it.each([
  [["chekc"], "There is no command chekc. Did you mean check?"],
  [["check", "--scenaros", "x"], "There is no option --scenaros. Did you mean --scenarios?"],
  [["check", "nowhere"], "nowhere is not there"],
  [["check", ".", "more"], "one argument too many: more"],
  [["check", "--output", "xml"], "--output is text or json, not xml."],
  [["docs"], "package.json cannot be read"],
  [["dev"], "package.json cannot be read"],
  [["diff", "old.json"], "package.json cannot be read"],
])("refuses %j and says what to do", async (args, message) => {
  const { code, stdout, stderr } = await kit(args, tmpdir());
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
});

it("says the same as one document", async () => {
  const { code, stdout } = await kit(["docs", "--output=json"], tmpdir());
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    status: "refused",
    findings: [{ code: "usage-invalid", severity: "error" }],
  });
});

it("explains itself", async () => {
  const { code, stdout } = await kit(["--help"], tmpdir());
  expect(code).toBe(0);
  for (const command of ["dev", "check", "diff", "docs", "vendor"]) expect(stdout).toContain(`stepwire-kit ${command}`);
});
