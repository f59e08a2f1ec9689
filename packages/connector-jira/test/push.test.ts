import { runOnce } from "@stepwire/testkit";
import { describe, expect, it } from "vitest";

import { jira } from "../src/index.ts";
import { bodyOf, fieldsOf, KINDS, playKind, run, SECRETS, sent, SITE } from "./support.ts";

/** What the stand-in's issue has for dates is no date (`"updated": 1`); these are as Jira writes them. */
const issue = {
  id: "10000",
  key: "ENG-24",
  fields: { created: "2021-01-17T12:34:00.000+0000", updated: "2021-01-18T23:45:00.000+0200" },
};
const GET = "GET /issue/:id";
const CREATE = "POST /issue";
const COMMENT = "POST /issue/:id/comment";
const routes = {
  [CREATE]: () => ({ status: 201, json: { id: "10000", key: "ENG-24" } }),
  [GET]: () => ({ json: issue }),
};
const incident = { summary: "Review the alert", issueType: "10001" };
const created = { id: "10000", title: "ENG-24", url: `${SITE}/browse/ENG-24`, pushedDate: "2021-01-17T12:34:00.000Z" };

describe("pushToService", () => {
  it("creates an issue, reads it back and adds the comments in order", async () => {
    const vendor = playKind("cloud2", routes);
    const outcome = await run("cloud2", "pushToService", {
      incident: { ...incident, description: "text", priority: "High", labels: ["a"], parent: "ENG-7" },
      comments: [{ comment: "first", commentId: "c1" }, { comment: "second" }],
    });
    const pushedDate = "2021-01-17T12:34:00.000Z";
    expect(outcome).toEqual({
      output: {
        ...created,
        comments: [
          { commentId: "c1", pushedDate },
          { commentId: "2", pushedDate },
        ],
      },
    });
    expect(sent(vendor)).toEqual([
      "POST /issue",
      "GET /issue/10000?fields=created%2Cupdated",
      "POST /issue/10000/comment",
      "POST /issue/10000/comment",
    ]);
    expect(fieldsOf(vendor)).toEqual({
      project: { key: "ENG" },
      issuetype: { id: "10001" },
      summary: "Review the alert",
      description: "text",
      priority: { name: "High" },
      labels: ["a"],
      parent: { key: "ENG-7" },
    });
    expect([bodyOf(vendor, 2), bodyOf(vendor, 3)]).toEqual([{ body: "first" }, { body: "second" }]);
  });

  it("updates an issue where there is an externalId, with the date of the update", async () => {
    const vendor = playKind("cloud", routes);
    const outcome = await run("cloud", "pushToService", { incident: { summary: "S", externalId: "10000" } });
    expect(outcome).toEqual({ output: { ...created, pushedDate: "2021-01-18T21:45:00.000Z" } });
    expect(sent(vendor)).toEqual(["PUT /issue/10000", "GET /issue/10000?fields=created%2Cupdated"]);
    expect(fieldsOf(vendor)).toEqual({ summary: "S" });
  });

  it("takes null for nothing", async () => {
    const vendor = playKind("cloud", routes);
    const nothing = {
      description: null,
      priority: null,
      parent: null,
      labels: null,
      otherFields: null,
      externalId: null,
    };
    await run("cloud", "pushToService", { incident: { ...incident, ...nothing }, comments: null });
    expect(fieldsOf(vendor)).toEqual({
      project: { key: "ENG" },
      issuetype: { id: "10001" },
      summary: "Review the alert",
    });
  });

  it("takes the project's first issue type where none is given", async () => {
    const vendor = playKind("cloud", routes);
    await run("cloud", "pushToService", { incident: { summary: "S", issueType: null } });
    expect(sent(vendor)[0]).toContain("GET /issue/createmeta/ENG/issuetypes");
    expect(fieldsOf(vendor, 1)?.["issuetype"]).toEqual({ id: "1" });
  });

  it("says so where the project has no issue type", async () => {
    playKind("cloud", { "GET /issue/createmeta/:project/issuetypes": () => ({ json: { issueTypes: [], total: 0 } }) });
    const { error } = await run("cloud", "pushToService", { incident: { summary: "S" } });
    expect(error).toMatchObject({ code: "response-missing-field", message: expect.stringContaining("projectKey") });
  });

  it.each([
    [{}, "incident: incident is missing."],
    [{ incident: {} }, "incident.summary: summary is missing."],
    [{ incident: { ...incident, externalId: "" } }, "incident.externalId"],
    [{ incident: { ...incident, labels: ["two words"] } }, "cannot be empty or contain spaces"],
    [{ incident: { ...incident, otherFields: { summary: "x" } } }, "summary cannot be set here"],
    [
      { incident: { ...incident, otherFields: '{"project":{"key":"EVIL"}}' } },
      "the connector's projectKey is for that",
    ],
    [{ incident: { ...incident, otherFields: { issueType: "x" } } }, "issueType cannot be set here"],
    [{ incident: { ...incident, externalid: "x" } }, "incident.externalid"],
    [{ incident, comments: [{ comment: " " }] }, "the comment is empty"],
    [{ incident, comments: [{ comment: "x".repeat(32_768) }] }, "comments[0].comment"],
    [{ incident, subAction: "x" }, "subAction"],
  ])("refuses wrong parameters before anything is sent (%#)", async (input, named) => {
    const vendor = playKind("cloud", routes);
    const { error } = await run("cloud", "pushToService", input);
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
    expect(vendor.calls).toEqual([]);
  });

  it("lets otherFields set the assignee, for which the incident has no property", async () => {
    const vendor = playKind("dataCenter", routes);
    await run("dataCenter", "pushToService", { incident: { ...incident, otherFields: { assignee: { name: "mk" } } } });
    expect(fieldsOf(vendor)).toMatchObject({ assignee: { name: "mk" } });
  });
});

describe("a failure after the issue was written", () => {
  it("keeps its id and address, says what is done, and is not repeated", async () => {
    for (const [reply, status] of [
      [{ status: 404, json: { errorMessages: ["Issue does not exist"] } }, 404],
      [{ status: 200, json: { id: "10000" } }, undefined],
      [{ status: 200, text: "<html>", headers: { "content-type": "text/html" } }, undefined],
    ] as const) {
      const vendor = playKind("cloud", { ...routes, [GET]: () => reply });
      const { error } = await run("cloud", "pushToService", { incident, comments: [{ comment: "c" }] });
      expect(error).toMatchObject({
        code: "partial-success",
        retryable: false,
        details: {
          externalId: "10000",
          url: `${SITE}/browse/ENG-24`,
          done: ["create the issue"],
          notDone: ["read the issue back", "add comment 1"],
        },
      });
      expect(error?.status).toBe(status);
      expect(vendor.calls).toHaveLength(2);
    }
  });

  it("names the comments that are missing", async () => {
    let comments = 0;
    playKind("cloud", {
      ...routes,
      [COMMENT]: () =>
        (comments += 1) === 2
          ? { status: 400, json: { errors: { comment: "no" } } }
          : { status: 201, json: { id: "1" } },
    });
    const input = { incident, comments: [{ comment: "a" }, { comment: "b" }, { comment: "c" }] };
    const { error } = await run("cloud", "pushToService", input);
    expect(error).toMatchObject({
      code: "partial-success",
      details: {
        done: ["create the issue", "read the issue back", "add comment 1"],
        notDone: ["add comment 2", "add comment 3"],
        cause: { code: "http-status", status: 400 },
      },
    });
    expect(error?.message).toContain("comment: no");
  });

  it("is an update's, too", async () => {
    playKind("cloud", { ...routes, [GET]: () => ({ status: 403 }) });
    const { error } = await run("cloud", "pushToService", { incident: { summary: "S", externalId: "ENG-24" } });
    expect(error).toMatchObject({
      code: "partial-success",
      details: { externalId: "ENG-24", done: ["update the issue"] },
    });
  });

  it("is none where the create itself fails", async () => {
    const vendor = playKind("cloud", { ...routes, [CREATE]: () => ({ status: 500 }) });
    const { error } = await run("cloud", "pushToService", { incident });
    expect(error).toMatchObject({ code: "http-status", status: 500 });
    expect(sent(vendor)).toEqual(["POST /issue"]);
  });
});

describe("a push that is run again", () => {
  const push = async (parts: Map<string, unknown>) =>
    runOnce(jira, {
      config: KINDS.cloud.config,
      secrets: SECRETS,
      action: "pushToService",
      input: { incident: { summary: "S" }, comments: [{ comment: "first" }, { comment: "second" }] },
      parts,
    });
  const whole = [
    "GET /issue/createmeta/ENG/issuetypes?startAt=0&maxResults=100",
    "POST /issue",
    "GET /issue/10000?fields=created%2Cupdated",
    "POST /issue/10000/comment",
    "POST /issue/10000/comment",
  ];

  it.each([0, 1, 2, 3, 4, 5])("repeats none of the %i requests that were answered before it died", async (count) => {
    const parts = new Map<string, unknown>();
    const first = playKind("cloud", routes);
    const before = await push(parts);
    expect(sent(first)).toEqual(whole);
    const second = playKind("cloud", routes);
    expect(await push(new Map([...parts].slice(0, count)))).toEqual(before);
    expect(sent(second)).toEqual(whole.slice(count));
  });

  it("says of every comment what became of it, and sends only the rest", async () => {
    const parts = new Map<string, unknown>();
    let isBroken = true;
    const answers = {
      ...routes,
      [COMMENT]: ({ body }: { body: unknown }) =>
        isBroken && JSON.stringify(body).includes("second") ? { status: 400 } : { status: 201, json: { id: "1" } },
    };
    playKind("cloud", answers);
    const { error } = await push(parts);
    expect(error).toMatchObject({
      code: "partial-success",
      details: {
        comments: [
          { commentId: "1", status: "done", pushedDate: expect.any(String) },
          { commentId: "2", status: "failed" },
        ],
      },
    });
    isBroken = false;
    const vendor = playKind("cloud", answers);
    expect((await push(parts)).output).toMatchObject({ id: "10000", comments: [{}, {}] });
    expect(sent(vendor)).toEqual(["POST /issue/10000/comment"]);
  });
});

describe("Kibana's reads", () => {
  it("give an issue's fields beside id and key", async () => {
    const fields = { ...issue.fields, summary: "S", id: "not the issue's" };
    const vendor = playKind("cloud", { [GET]: () => ({ json: { ...issue, fields } }) });
    const output = { id: "10000", key: "ENG-24", ...issue.fields, summary: "S" };
    expect((await run("cloud", "getIncident", { externalId: "ENG-24" })).output).toEqual(output);
    expect((await run("cloud", "getIncident", { id: "ENG-24" })).output).toEqual(output);
    expect(sent(vendor)).toEqual(["GET /issue/ENG-24", "GET /issue/ENG-24"]);
  });

  it("take one id of an incident, not two and not none", async () => {
    for (const input of [{}, { id: "1", externalId: "1" }]) {
      expect((await run("cloud", "getIncident", input)).error?.code).toBe("params-invalid");
    }
  });

  it("give an issue's key and title, or null", async () => {
    playKind("cloud", { [GET]: () => ({ json: { ...issue, fields: { summary: "S" } } }) });
    expect((await run("cloud", "issue", { id: "ENG-24" })).output).toEqual({ id: "10000", key: "ENG-24", title: "S" });
    playKind("cloud", { [GET]: () => ({ json: { id: "10000", key: "ENG-24" } }) });
    expect((await run("cloud", "issue", { id: "ENG-24" })).output).toMatchObject({ title: null });
  });
});
