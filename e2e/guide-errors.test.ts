/** The connector of docs/guides/errors.md, and the errors that the page says it throws. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { blocksOf } from "./support/guide.ts";
import { execute } from "./support/npm.ts";

const root = path.resolve(import.meta.dirname, "..");
const page = readFileSync(path.join(root, "docs/guides/errors.md"), "utf8");
let folder: string;

const PROGRAM = `
import { mockVendor, runOnce } from "@stepwire/testkit";
import { tracker } from "./tracker.js";

const [action, input, answers] = process.argv.slice(2).map((text) => JSON.parse(text));
const routes = Object.entries(answers).map(([route, reply]) => [route.replace(" ", " https://api.tracker.example"), () => reply]);
const vendor = mockVendor(Object.fromEntries(routes));
const outcome = await runOnce(tracker, { action, input, secrets: { token: "token-of-the-test" } });
console.log(JSON.stringify({ ...outcome, calls: vendor.calls.length }));
vendor.close();
`;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "stepwire-errors-")));
  mkdirSync(path.join(folder, "node_modules"));
  for (const name of ["@stepwire", "zod"])
    symlinkSync(path.join(root, "node_modules", name), path.join(folder, "node_modules", name), "junction");
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
  const pieces = blocksOf(page).filter(({ name }) => name === "tracker.js");
  writeFileSync(path.join(folder, "tracker.js"), pieces.map(({ text }) => text).join("\n"));
  writeFileSync(path.join(folder, "program.js"), PROGRAM);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function outcomeOf(action: string, input: object, answers: object): Promise<unknown> {
  const args = ["program.js", ...[action, input, answers].map((value) => JSON.stringify(value))];
  const { status, stdout, stderr } = await execute(process.execPath, args, folder);
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout) as unknown;
}

const issue = { id: "T-1", title: "Disk full" };
const opening = { title: "Disk full", comment: "It is db-7" };

it("makes an error of a no with a 200", async () => {
  const no = (error: string) => ({ "GET /issues/T-1": { json: { ok: false, error } } });
  expect(await outcomeOf("findIssue", { id: "T-1" }, no("not_allowed"))).toMatchObject({
    error: { code: "http-status", message: "[200] OK: The tracker says: not_allowed", retryable: false },
  });
  expect(await outcomeOf("findIssue", { id: "T-1" }, no("too_many"))).toMatchObject({
    error: { code: "rate-limited", retryable: true },
  });
});

it("takes a 404 for nothing, and no other status", async () => {
  const status = (code: number) => ({ "GET /issues/T-1": { status: code, json: { message: "no" } } });
  expect(await outcomeOf("findIssue", { id: "T-1" }, status(404))).toEqual({ output: {}, calls: 1 });
  expect(await outcomeOf("findIssue", { id: "T-1" }, status(403))).toMatchObject({ error: { status: 403 } });
  expect(await outcomeOf("findIssue", { id: "T-1" }, { "GET /issues/T-1": { json: issue } })).toMatchObject({
    output: { issue },
  });
});

it("names the field that is missing", async () => {
  expect(await outcomeOf("findIssue", { id: "T-1" }, { "GET /issues/T-1": { json: { id: "T-1" } } })).toMatchObject({
    error: { code: "response-missing-field", message: expect.stringContaining("title") as unknown },
  });
});

it("says what was done and what was not", async () => {
  const answers = { "POST /issues": { status: 201, json: issue }, "POST /issues/T-1/comments": { status: 500 } };
  expect(await outcomeOf("openIssue", opening, answers)).toMatchObject({
    error: {
      code: "partial-success",
      message: expect.stringMatching(
        /^Issue T-1 exists \(open the issue: done\), but to comment on it failed: /,
      ) as unknown,
      retryable: false,
      details: { externalId: "T-1", done: ["open the issue"], notDone: ["comment on it"] },
    },
    calls: 2,
  });
});

it("refuses by itself before anything is sent", async () => {
  expect(await outcomeOf("openIssue", { title: "x", comment: "x" }, {})).toMatchObject({
    error: { code: "params-invalid", message: "title and comment are the same. Say more in one of them." },
    calls: 0,
  });
});
