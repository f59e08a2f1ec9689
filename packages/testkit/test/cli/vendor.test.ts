import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { startKit } from "../../src/kit/run-kit.ts";
import { startLoopback } from "../../src/loopback.ts";
import { plant } from "../kit/faulty.ts";
import { kit } from "./support.ts";

const SCENARIOS = ["--scenarios", "scenarios.js"];

/** The sample's own document, as a vendor would publish it: with more than anybody needs. */
function fullDocument(folder: string): Record<string, Record<string, Record<string, unknown>>> {
  const document = JSON.parse(readFileSync(path.join(folder, "vendor.openapi.json"), "utf8")) as ReturnType<
    typeof fullDocument
  >;
  document["paths"] = { ...document["paths"], "/never-called": { get: { responses: { 200: { description: "x" } } } } };
  document["components"]!["schemas"]!["NeverUsed"] = { type: "string" };
  return document;
}

async function vendorGroup(planted: Awaited<ReturnType<typeof plant>>) {
  const run = startKit(planted);
  return run.result("vendor").finally(() => run.close());
}

it("keeps the part that is used, then says what the vendor changed", async () => {
  const planted = await plant([]);
  const { folder } = planted;
  const document = fullDocument(folder);
  const server = await startLoopback(() => ({ json: document }));
  onTestFinished(() => server.close());
  const file = path.join(folder, "vendor.openapi.json");

  const written = await kit(["vendor", ...SCENARIOS, "--source", `${server.url}/openapi.json`], folder);
  expect(written, written.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining("3 operations") });
  const kept = JSON.parse(readFileSync(file, "utf8")) as ReturnType<typeof fullDocument>;
  expect(Object.keys(kept["paths"]!)).toEqual(["/pages", "/pages/{id}", "/search"]);
  expect(Object.keys(kept["components"]!["schemas"]!)).toEqual(["Page"]);
  expect(kept["x-stepwire"]).toEqual({ source: `${server.url}/openapi.json` });

  // It still says all that the kit needs.
  expect(await vendorGroup(planted)).toMatchObject({ status: "passed", checked: 3 });

  const same = await kit(["vendor", ...SCENARIOS, "--refresh"], folder);
  expect(same).toMatchObject({ code: 0, stdout: expect.stringContaining("says what it said before") });

  const page = document["components"]!["schemas"]!["Page"] as {
    required: string[];
    properties: Record<string, unknown>;
  };
  page.properties["status"] = { type: "integer" };
  delete document["paths"]!["/search"];
  const drifted = await kit(["vendor", ...SCENARIOS, "--refresh"], folder);
  expect(drifted.code).toBe(1);
  expect(drifted.stdout).toContain('components.schemas.Page.properties.status.type is "integer"; it was "string"');
  expect(drifted.stdout).toContain("paths./search is gone");
  expect(drifted.stdout).toContain("POST /v1/search is not in the vendor's document");
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(kept);

  await kit(["vendor", ...SCENARIOS, "--refresh", "--write"], folder);
  expect(await vendorGroup(planted)).toMatchObject({ status: "failed" });
});

it("says what is wrong with a source", async () => {
  const { folder } = await plant([]);
  writeFileSync(path.join(folder, "openapi.yaml"), "openapi: 3.1.0\n");
  const yaml = await kit(["vendor", ...SCENARIOS, "--source", "openapi.yaml"], folder);
  expect(yaml).toMatchObject({ code: 2, stderr: expect.stringContaining("it is not JSON") });
  const none = await kit(["vendor", ...SCENARIOS], folder);
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("--source FILE|URL") });
});
