import { describe, expect, it } from "vitest";

import { bodyOf, fieldsOf, playKind, run, runCloud, sent, SITE } from "./support.ts";

const issue = { issueType: "Task", summary: "Review the alert" };
const refusedFor = async (input: object) => {
  const vendor = playKind("cloud");
  const { error } = await run("cloud", "createIssue", input);
  expect(error?.code).toBe("params-invalid");
  expect(vendor.calls).toEqual([]);
  return error?.message ?? "";
};

describe("createIssue", () => {
  it("sends what the documented flat step says and gives back key and link", async () => {
    const vendor = playKind("cloud2");
    const outcome = await run("cloud2", "createIssue", {
      projectKey: "OPS",
      issueType: "Task",
      summary: "Automated Task: Review 'alert'",
      description: "Workflow 'x' requires manual review.\nSecond line",
    });
    expect(outcome).toEqual({
      output: { id: "10000", key: "ED-24", title: "ED-24", url: `${SITE}/browse/ED-24` },
    });
    expect(sent(vendor)).toEqual(["POST /issue"]);
    expect(bodyOf(vendor)).toEqual({
      fields: {
        project: { key: "OPS" },
        issuetype: { name: "Task" },
        summary: "Automated Task: Review 'alert'",
        description: "Workflow 'x' requires manual review.\nSecond line",
      },
    });
  });

  it("takes the connector's project where the step names none, and sends nothing that is not given", async () => {
    const vendor = playKind("cloud2");
    await run("cloud2", "createIssue", issue);
    expect(fieldsOf(vendor)).toEqual({
      project: { key: "ENG" },
      issuetype: { name: "Task" },
      summary: "Review the alert",
    });
  });

  it("needs the project in jira-cloud, which has none of its own", async () => {
    const vendor = playKind("cloud");
    expect((await runCloud("createIssue", issue)).error?.message).toContain("projectKey is missing");
    await runCloud("createIssue", { ...issue, projectKey: "OPS" });
    expect(fieldsOf(vendor)).toMatchObject({ project: { key: "OPS" } });
  });

  it("takes type, priority and parent by name or key, and by id", async () => {
    const vendor = playKind("cloud");
    await run("cloud", "createIssue", { ...issue, issueType: "Sub-task", priority: "High", parent: "ENG-7" });
    await run("cloud", "createIssue", { ...issue, issueType: "10001", priority: "3", parent: "10042" });
    await run("cloud", "createIssue", { ...issue, issueType: "10001 bugs" });
    expect(fieldsOf(vendor)).toMatchObject({
      issuetype: { name: "Sub-task" },
      priority: { name: "High" },
      parent: { key: "ENG-7" },
    });
    expect(fieldsOf(vendor, 1)).toMatchObject({
      issuetype: { id: "10001" },
      priority: { id: "3" },
      parent: { id: "10042" },
    });
    expect(fieldsOf(vendor, 2)).toMatchObject({ issuetype: { name: "10001 bugs" } });
  });

  it.each([
    ["one\ntwo", "one, two"],
    ["one\r\n\r\n  two  \n", "one, two"],
    ["  kept inside  it ", "kept inside  it"],
    ['quotes "x" \\ and 😀', 'quotes "x" \\ and 😀'],
    ["x".repeat(255), "x".repeat(255)],
  ])("makes one line of the summary %j", async (summary, line) => {
    const vendor = playKind("cloud");
    await run("cloud", "createIssue", { ...issue, summary });
    expect(fieldsOf(vendor)?.["summary"]).toBe(line);
  });

  it.each([
    [{ issueType: "Task" }, "summary: summary is missing."],
    [{ summary: "S" }, "issueType: issueType is missing."],
    [{ ...issue, summary: "" }, "summary is empty"],
    [{ ...issue, summary: " \n " }, "summary is empty"],
    [{ ...issue, summary: `${"x".repeat(255)}\ny` }, "longer than 255 characters"],
    [{ ...issue, sumary: "S" }, "Did you mean summary?"],
    [{ ...issue, projectKey: "" }, "projectKey: this is no project key"],
    [{ ...issue, description: "x".repeat(32_768) }, "description"],
    [{ ...issue, description: 5 }, "give a text, or (version 3) an Atlassian document"],
    [{ ...issue, labels: ["two words"] }, "labels[0]: a label cannot be empty or contain spaces"],
    [{ ...issue, labels: ["ok", "a\tb"] }, "labels[1]"],
    [{ ...issue, labels: [""] }, "labels[0]"],
  ])("refuses wrong parameters before anything is sent (%#: %j)", async (input, named) => {
    expect(await refusedFor(input)).toContain(named);
  });

  it("encodes a key that would change the link", async () => {
    playKind("cloud", { "POST /issue": () => ({ status: 201, json: { id: "1", key: "ENG/../x?y#z" } }) });
    expect((await run("cloud", "createIssue", issue)).output).toMatchObject({
      url: `${SITE}/browse/ENG%2F..%2Fx%3Fy%23z`,
    });
  });

  it("keeps the id of an issue whose key is not told", async () => {
    playKind("cloud", { "POST /issue": () => ({ status: 201, json: { id: "10000" } }) });
    expect((await run("cloud", "createIssue", issue)).error).toMatchObject({
      code: "partial-success",
      retryable: false,
      details: { externalId: "10000", done: ["create the issue"], notDone: ["learn its key"] },
    });
  });

  it("is not sent again after a failure of the server, since the issue may be there", async () => {
    const vendor = playKind("cloud", { "POST /issue": () => ({ status: 502 }) });
    expect((await run("cloud", "createIssue", issue)).error).toMatchObject({ status: 502, retryable: true });
    expect(sent(vendor)).toEqual(["POST /issue"]);
  });

  it("is no success under 2xx without an issue's key", async () => {
    for (const [reply, code] of [
      [{ status: 201, json: { key: "ENG-1" } }, "response-missing-field"],
      [
        { status: 200, text: "<html>Log in</html>", headers: { "content-type": "text/html" } },
        "unsupported-content-type",
      ],
      [{ status: 204 }, "response-missing-field"],
    ] as const) {
      playKind("cloud", { "POST /issue": () => reply });
      expect((await run("cloud", "createIssue", issue)).error).toMatchObject({ code, retryable: false });
    }
  });
});

describe("texts", () => {
  it("become Atlassian documents in version 3", async () => {
    const vendor = playKind("cloud");
    await run("cloud", "createIssue", { ...issue, description: "one" });
    expect(fieldsOf(vendor)?.["description"]).toEqual({
      type: "doc",
      version: 1,
      content: [{ type: "paragraph", content: [{ type: "text", text: "one" }] }],
    });
  });

  it("may be documents already in version 3, and only there", async () => {
    const description = { type: "doc", version: 1, content: [{ type: "rule" }] };
    const cloud = playKind("cloud");
    await run("cloud", "createIssue", { ...issue, description });
    expect(fieldsOf(cloud)?.["description"]).toEqual(description);
    const other = playKind("cloud2");
    const { error } = await run("cloud2", "createIssue", { ...issue, description });
    expect(error).toMatchObject({ code: "params-invalid", details: { parameter: "description" } });
    expect(error?.message).toContain("apiVersion: 3");
    expect(other.calls).toEqual([]);
  });
});

describe("otherFields", () => {
  const sentFor = async (otherFields: unknown) => {
    const vendor = playKind("cloud");
    expect((await run("cloud", "createIssue", { ...issue, otherFields })).error).toBeUndefined();
    return fieldsOf(vendor);
  };

  it("go along as a map or as JSON text", async () => {
    const fields = { customfield_10010: 5, components: [{ name: "api" }], duedate: "2026-12-24", environment: null };
    expect(await sentFor(fields)).toMatchObject(fields);
    expect(await sentFor(JSON.stringify(fields))).toMatchObject(fields);
  });

  it.each([
    ["project", "projectKey"],
    ["Project", "projectKey"],
    ["issuetype", "issueType"],
    ["issueType", "issueType"],
    ["summary", "summary"],
    ["description", "description"],
    ["priority", "priority"],
    ["labels", "labels"],
    ["parent", "parent"],
    ["assignee", "assigneeAccountId"],
  ])("cannot stand in for a parameter: %s", async (name, parameter) => {
    for (const otherFields of [{ [name]: { key: "EVIL" } }, JSON.stringify({ [name]: "EVIL" })]) {
      expect(await refusedFor({ ...issue, otherFields })).toContain(
        `${name} cannot be set here; ${parameter} is for that`,
      );
    }
  });

  it.each([
    ['{"__proto__":{"polluted":1}}', '"__proto__" is no id of a field'],
    [{ "": 1 }, '"" is no id of a field'],
    [{ "a b": 1 }, "is no id of a field"],
    ["[1]", "no JSON object"],
    ["null", "no JSON object"],
    ["{", "no JSON object"],
    [Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`customfield_${index}`, 1])), "at most 50"],
    [{ customfield_1: "x".repeat(131_072) }, "longer than 131072"],
    [{ ["c".repeat(256)]: 1 }, "otherFields"],
    [5, "otherFields"],
  ])("refuse what is no map of fields (%#)", async (otherFields, named) => {
    expect(await refusedFor({ ...issue, otherFields })).toContain(named);
  });

  it("take fields with names of JavaScript's own properties as fields", async () => {
    expect(await sentFor({ constructor: 1, toString: 2 })).toMatchObject({ constructor: 1, toString: 2 });
  });

  it("do not reach a prototype as a map either", async () => {
    const fields = await sentFor(JSON.parse('{"customfield_1":1,"__proto__":{"summary":"evil"}}'));
    expect(fields).toEqual({
      project: { key: "ENG" },
      issuetype: { name: "Task" },
      summary: "Review the alert",
      customfield_1: 1,
    });
  });
});
