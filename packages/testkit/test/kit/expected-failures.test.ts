/** A list of what is known to fail may only shrink, and says why. */
import { writeFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { readExpectedFailures } from "../../src/kit/expected-failures.ts";
import { failureText } from "../../src/kit/format.ts";
import { startKit } from "../../src/kit/run-kit.ts";
import { plant } from "./faulty.ts";

const KNOWN = { group: "schema", where: "acme/pager.page input.text", reason: "The vendor does not say" };

async function judge(list: unknown) {
  const planted = await plant([["index.js", "text: z.string().min(1).max(500)", "text: z.string().min(1)"]]);
  const file = path.join(planted.folder, "expected.json");
  writeFileSync(file, typeof list === "string" ? list : JSON.stringify(list));
  const run = startKit({ ...planted, expectedFailures: readExpectedFailures(file) });
  return run.result("schema").finally(() => run.close());
}

it("lets a failure on the list pass, and tells of it", async () => {
  const result = await judge([KNOWN]);
  expect(result).toMatchObject({ status: "expected", problems: [], known: [{ where: KNOWN.where }], stale: [] });
  expect(failureText(result)).toBe("");
});

it("fails for one that is not on the list", async () => {
  const result = await judge([]);
  expect(result).toMatchObject({ status: "failed", problems: [{ where: KNOWN.where }] });
});

it("fails for an entry that fails no more", async () => {
  const result = await judge([KNOWN, { ...KNOWN, where: "acme/pager.page input.urgent" }]);
  expect(result).toMatchObject({ status: "failed", problems: [], stale: [{ where: "acme/pager.page input.urgent" }] });
  expect(failureText(result)).toBe(
    "acme/pager.page input.urgent: It is expected to fail (The vendor does not say), and does not.\n" +
      "  fix: Take its entry for schema out of the expected failures.",
  );
});

it.each<[string, unknown, string]>([
  ["without a reason", [{ ...KNOWN, reason: " " }], "entry 1 has no reason"],
  ["for a group that there is not", [{ ...KNOWN, group: "shema" }], "name a group shema"],
  ["that is no list", { ...KNOWN }, "is not a list"],
  ["that is not JSON", "[", "cannot be read"],
])("refuses a list %s", async (_name, list, message) => {
  await expect(judge(list)).rejects.toThrow(message);
});
