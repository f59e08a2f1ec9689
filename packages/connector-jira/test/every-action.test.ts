import { runOnce, startLoopback, type Outcome } from "@stepwire/testkit";
import { describe, expect, it, onTestFinished } from "vitest";

import { jira, jiraCloud } from "../src/index.ts";
import { play, routesOf, SECRETS, SITE } from "./support.ts";

interface Row {
  /** What is accepted. */
  input: object;
  /** Its first request, below the API. */
  request: string;
  /** Parameters that are too long. */
  tooLong?: object;
  /** A parameter that it cannot do without. */
  required?: string;
}

const LONG_ID = "x".repeat(256);
const LONG_TEXT = "x".repeat(32_768);
const TYPES = "GET /issue/createmeta/ENG/issuetypes";

const shared: Record<string, Row> = {
  createIssue: {
    input: { projectKey: "ENG", issueType: "Task", summary: "S", description: "D", labels: ["a"], priority: "High" },
    request: "POST /issue",
    tooLong: { description: LONG_TEXT },
    required: "summary",
  },
  updateIssue: {
    input: { issueId: "ENG-1", summary: "S", description: null },
    request: "PUT /issue/ENG-1",
    tooLong: { summary: "x".repeat(256) },
    required: "issueId",
  },
  getIssue: {
    input: { issueId: "ENG-1" },
    request: "GET /issue/ENG-1",
    tooLong: { issueId: LONG_ID },
    required: "issueId",
  },
  addComment: {
    input: { issueId: "ENG-1", body: "c" },
    request: "POST /issue/ENG-1/comment",
    tooLong: { body: LONG_TEXT },
    required: "body",
  },
  transitionIssue: {
    input: { issueId: "ENG-1", transitionId: "5" },
    request: "POST /issue/ENG-1/transitions",
    tooLong: { transitionId: "5".repeat(256) },
    required: "transitionId",
  },
  assignIssue: {
    input: { issueId: "ENG-1", accountId: "5b10a2844c20165700ede21g" },
    request: "PUT /issue/ENG-1/assignee",
    tooLong: { accountId: "x".repeat(129) },
    required: "issueId",
  },
  searchIssuesWithJql: {
    input: { jql: "project = ENG" },
    request: "GET /search/jql",
    tooLong: { jql: "x".repeat(6001) },
    required: "jql",
  },
  getProjects: { input: { query: "eng" }, request: "GET /project/search", tooLong: { query: LONG_ID } },
  getProject: {
    input: { projectId: "ENG" },
    request: "GET /project/ENG",
    tooLong: { projectId: LONG_ID },
    required: "projectId",
  },
  getIssueTypes: { input: { projectKey: "ENG" }, request: TYPES, tooLong: { projectKey: LONG_ID } },
  getCreateMetadata: {
    input: { projectKey: "ENG", issueTypeId: "1" },
    request: `${TYPES}/1`,
    tooLong: { issueTypeId: LONG_ID },
    required: "issueTypeId",
  },
  getTransitions: {
    input: { issueId: "ENG-1" },
    request: "GET /issue/ENG-1/transitions",
    tooLong: { issueId: LONG_ID },
    required: "issueId",
  },
  searchUsers: { input: { query: "mia" }, request: "GET /user/search", tooLong: { query: LONG_ID } },
};

const kibana: Record<string, Row> = {
  pushToService: {
    input: { incident: { summary: "S", issueType: "1" }, comments: [{ comment: "c" }] },
    request: "POST /issue",
    tooLong: { incident: { summary: "S", description: LONG_TEXT } },
    required: "incident",
  },
  getIncident: { input: { externalId: "ENG-1" }, request: "GET /issue/ENG-1", tooLong: { externalId: LONG_ID } },
  getFields: { input: {}, request: TYPES },
  issueTypes: { input: {}, request: TYPES },
  fieldsByIssueType: { input: { id: "1" }, request: `${TYPES}/1`, tooLong: { id: LONG_ID }, required: "id" },
  issues: {
    input: { title: "alert" },
    request: "GET /search/jql",
    tooLong: { title: "x".repeat(1001) },
    required: "title",
  },
  issue: { input: { id: "ENG-1" }, request: "GET /issue/ENG-1", tooLong: { id: LONG_ID }, required: "id" },
};

interface Around {
  timeout?: string;
  network?: { baseUrl: string; responseTimeout: string };
}
type Run = (action: string, input: object, around?: Around) => Promise<Outcome>;

const jiraConfig = (apiVersion: 2 | 3) => ({ apiUrl: SITE, projectKey: "ENG", apiVersion });
const runJira =
  (apiVersion: 2 | 3): Run =>
  async (action, input, around = {}) =>
    runOnce(jira, { config: jiraConfig(apiVersion), secrets: SECRETS, action, input, ...around });
const runCloud: Run = async (action, input, around = {}) =>
  runOnce(jiraCloud, { config: { subdomain: "your-domain" }, secrets: SECRETS, action, input, ...around });

const types = [
  { name: "jira, version 2", type: jira, version: 2, rows: { ...shared, ...kibana }, run: runJira(2) },
  { name: "jira, version 3", type: jira, version: 3, rows: { ...shared, ...kibana }, run: runJira(3) },
  { name: "jira-cloud", type: jiraCloud, version: 3, rows: shared, run: runCloud },
] as const;

describe.each(types)("every action of $name", ({ type, version, rows, run }) => {
  const api = `${SITE}/rest/api/${version}`;
  const table = Object.entries(rows as Record<string, Row>);
  const refusing = (request: string, reply: { status: number; headers?: Record<string, string>; json?: unknown }) => {
    const [method, path] = request.split(" ");
    return play({ [`${method} ${api}${path}`]: () => reply });
  };

  it("is in the table", () => {
    expect(table.map(([name]) => name).toSorted()).toEqual(Object.keys(type.actions).toSorted());
  });

  it.each(table)("%s succeeds, beginning with the request it is about", async (action, { input, request }) => {
    const vendor = play(routesOf(SITE, version));
    const { error, output } = await run(action, input);
    expect(error).toBeUndefined();
    expect(output).toBeDefined();
    const [first] = vendor.calls;
    expect(`${first?.method} ${first?.url.replace(/\?.*/, "")}`).toBe(request.replace(" ", ` ${api}`));
  });

  it.each(table)("%s keeps Jira's words and the names of fields", async (action, { input, request }) => {
    const errors = { summary: "You must specify a summary of the issue." };
    const vendor = refusing(request, {
      status: 400,
      json: { errorMessages: ["Field 'priority' is required"], errors },
    });
    const { error } = await run(action, input);
    expect(error).toMatchObject({ code: "http-status", status: 400, retryable: false, details: { errors } });
    expect(error?.message).toContain("Field 'priority' is required; summary: You must specify a summary of the issue.");
    expect(vendor.calls).toHaveLength(1);
  });

  it.each(table)("%s is told to slow down", async (action, { input, request }) => {
    const vendor = refusing(request, { status: 429, headers: { "Retry-After": "30" } });
    const { error } = await run(action, input, { timeout: "10s" });
    expect(error).toMatchObject({ code: "rate-limited", status: 429, retryable: true, retryAfterMs: 30_000 });
    expect(vendor.calls).toHaveLength(1);
  });

  it.each(table)("%s runs out of time", async (action, { input }) => {
    const server = await startLoopback(() => undefined);
    onTestFinished(() => server.close());
    // A second attempt would begin 250 ms after the first at the earliest, which is after the step's time.
    const network = { baseUrl: server.url, responseTimeout: "100ms" };
    const { error } = await run(action, input, { timeout: "250ms", network });
    expect(error).toMatchObject({ code: "timeout", retryable: true });
  });

  it.each(table)("%s refuses what its schema does not know", async (action, { input, tooLong, required }) => {
    const vendor = play(routesOf(SITE, version));
    const refused = async (wrong: object, named: string) =>
      expect((await run(action, wrong)).error).toMatchObject({
        code: "params-invalid",
        message: expect.stringContaining(named),
      });
    await refused({ ...input, nonsense: 1 }, "There is no key nonsense here");
    if (tooLong !== undefined) await refused({ ...input, ...tooLong }, Object.keys(tooLong)[0] ?? "");
    if (required !== undefined) {
      const rest = Object.fromEntries(Object.entries(input).filter(([name]) => name !== required));
      await refused(rest, `${required} is missing`);
    }
    expect(vendor.calls).toEqual([]);
  });
});
