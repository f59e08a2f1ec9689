import { runOnce, startLoopback } from "@stepwire/testkit";
import { describe, expect, it, onTestFinished } from "vitest";

import { casesWebhook } from "../src/index.ts";
import { BASE, CONFIG, redmine, run, sent } from "./support.ts";

const TEXTS = { title: "Disk full", description: "line1" };
const long = (length: number) => "x".repeat(length);

interface Row {
  input: Record<string, unknown>;
  output: object;
  /** Its first request, which is the one that fails below. */
  first: string;
  /** Inputs that the schema refuses, and the field that is named. */
  refused: readonly [Record<string, unknown>, string][];
}

const ACTIONS: Record<keyof typeof casesWebhook.actions, Row> = {
  createCase: {
    input: TEXTS,
    output: { id: "1", title: "Disk full", url: `${BASE}/issues/1` },
    first: "POST /issues.json",
    refused: [
      [{ ...TEXTS, title: long(10_001) }, "title"],
      [{ ...TEXTS, description: long(100_001) }, "description"],
      [{ ...TEXTS, tags: Array.from({ length: 1001 }, () => "t") }, "tags"],
      [{ ...TEXTS, externalId: "1" }, "externalId"],
      [{}, "title"],
    ],
  },
  updateCase: {
    input: { ...TEXTS, externalId: "1" },
    output: { id: "1", title: "Disk full", url: `${BASE}/issues/1` },
    first: "PUT /issues/1.json",
    refused: [
      [TEXTS, "externalId"],
      [{ ...TEXTS, externalId: long(1001) }, "externalId"],
      [{ ...TEXTS, externalId: "1", severity: "urgent" }, "severity"],
      [{ ...TEXTS, externalId: "1", state: "open" }, "state"],
    ],
  },
  getCase: {
    input: { externalId: "1" },
    output: { id: "1", title: "Disk full", url: `${BASE}/issues/1` },
    first: "GET /issues/1.json",
    refused: [
      [{}, "externalId"],
      [{ externalId: "" }, "externalId"],
      [{ externalId: "1", title: "x" }, "title"],
    ],
  },
  addComment: {
    input: { externalId: "1", comment: "seen" },
    output: { commentId: "1" },
    first: "PUT /issues/1/notes.json",
    refused: [
      [{ externalId: "1" }, "comment"],
      [{ externalId: "1", comment: long(100_001) }, "comment"],
      [{ externalId: "1", comment: "a", commentId: long(1001) }, "commentId"],
    ],
  },
  pushToService: {
    input: { incident: TEXTS, comments: [{ comment: "seen", commentId: "c" }] },
    output: { id: "1", title: "Disk full", url: `${BASE}/issues/1`, comments: [{ commentId: "c" }] },
    first: "POST /issues.json",
    refused: [
      [{ incident: { ...TEXTS, title: long(10_001) } }, "incident.title"],
      [{ incident: { ...TEXTS, status: "done" } }, "incident.status"],
      [{ incident: TEXTS, comments: [{ comment: long(100_001) }] }, "comments[0].comment"],
      [{ ...TEXTS, additionalComments: long(100_001) }, "additionalComments"],
      [{ incident: { ...TEXTS, owner: "x" } }, "owner"],
    ],
  },
};

it("is about every action there is", () => {
  expect(Object.keys(ACTIONS)).toEqual(Object.keys(casesWebhook.actions));
});

describe.each(Object.entries(ACTIONS))("%s", (action, { input, output, first, refused }) => {
  it("does what it says", async () => {
    const vendor = redmine();
    expect((await run(input, { action })).output).toMatchObject(output);
    expect(sent(vendor)[0]).toBe(first);
  });

  it("keeps what the other system says against it", async () => {
    const vendor = redmine();
    vendor.use({ [`ALL ${BASE}/*`]: () => ({ status: 422, json: { errors: ["Subject cannot be blank"] } }) });
    const { error } = await run(input, { action });
    expect(error).toMatchObject({
      code: "http-status",
      status: 422,
      retryable: false,
      message: "[422] Unprocessable Entity: Subject cannot be blank",
      details: { data: { errors: ["Subject cannot be blank"] } },
    });
    expect(sent(vendor)).toEqual([first]);
  });

  it("says how long to wait where the other system asks for it", async () => {
    redmine().use({ [`ALL ${BASE}/*`]: () => ({ status: 429, headers: { "Retry-After": "30" } }) });
    // The step has not the time to wait for it.
    const { error } = await run(input, { action, timeout: "5s" });
    expect(error).toMatchObject({ code: "rate-limited", status: 429, retryable: true, retryAfterMs: 30_000 });
  });

  it("gives up on a system that is silent", async () => {
    const server = await startLoopback(() => undefined);
    onTestFinished(() => server.close());
    const config = JSON.parse(JSON.stringify(CONFIG).replaceAll(BASE, server.url)) as typeof CONFIG;
    const { error } = await runOnce(casesWebhook, {
      action,
      config,
      input,
      network: { responseTimeout: "100ms" },
      timeout: "400ms",
    });
    expect(error).toMatchObject({ code: "timeout", retryable: true });
    expect(server.requests[0]).toMatchObject({ method: first.split(" ")[0], path: first.split(" ")[1] });
  });

  it.each(refused)("refuses what does not fit before anything is sent (%#)", async (wrong, named) => {
    const vendor = redmine();
    const { error } = await run(wrong, { action });
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
    expect(vendor.calls).toEqual([]);
  });
});
