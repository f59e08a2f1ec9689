import { readFile } from "node:fs/promises";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { environment, startStandIns, type StandIns } from "../stand-ins/index.ts";

let standIns: StandIns;
beforeEach(async () => {
  standIns = await startStandIns();
});
afterEach(() => standIns.closeAll());

interface Answer {
  status: number;
  type: string | null;
  text: string;
  headers: Headers;
}

async function send(method: string, url: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const answer: Answer = {
    status: response.status,
    type: response.headers.get("content-type"),
    text: await response.text(),
    headers: response.headers,
  };
  return answer;
}

function basic({ user, password }: { user: string; password: string }): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

describe("slack", () => {
  test("takes text and blocks, and keeps them in order", async () => {
    const { webhookUrl, messages } = standIns.slack;
    expect(await send("POST", webhookUrl, { text: "{{run}} 🚨" })).toMatchObject({ status: 200, text: "ok" });
    const blocks = [{ type: "divider" }];
    expect(await send("POST", webhookUrl, { blocks })).toMatchObject({ status: 200, text: "ok" });
    expect(await send("POST", webhookUrl, `payload=${encodeURIComponent('{"text":"form"}')}`)).toMatchObject({
      status: 200,
    });
    expect(messages).toEqual([{ text: "{{run}} 🚨" }, { blocks }, { text: "form" }]);
  });

  test.each([
    ["", "{bad", 400, "invalid_payload"],
    ["", "[]", 400, "invalid_payload"],
    ["", "{}", 400, "no_text"],
    ["", '{"text":""}', 400, "no_text"],
    ["", '{"text":"x","blocks":"no"}', 400, "invalid_blocks"],
    ["/services/T00000000/B00000000/wrong", "{}", 403, "invalid_token"],
    ["/services/T00000000/B99999999/x", "{}", 404, "no_service"],
    ["/services/T99999999/B00000000/x", "{}", 404, "no_team"],
    ["/elsewhere", "{}", 404, "no_service"],
  ])("refuses at %j the body %j", async (path, body, status, text) => {
    const { url, webhookUrl, messages } = standIns.slack;
    const answer = await send("POST", path === "" ? webhookUrl : url + path, body);
    expect(answer).toMatchObject({ status, text, type: "text/plain; charset=utf-8" });
    expect(messages).toEqual([]);
  });

  test("is for POST only", async () => {
    expect(await send("GET", standIns.slack.webhookUrl)).toMatchObject({ status: 405 });
  });
});

describe("jira", () => {
  const fields = { project: { key: "ENG" }, issuetype: { name: "Task" }, summary: "S", description: "a\nb" };
  const call = (method: string, path: string, body?: unknown) => {
    const { url, email: user, apiToken: password } = standIns.jira;
    return send(method, `${url}/rest/api/2/${path}`, body, basic({ user, password }));
  };

  test("creates, reads, changes, comments and shows an issue", async () => {
    const { url } = standIns.jira;
    const created = await call("POST", "issue", { fields });
    const self = `${url}/rest/api/2/issue/10001`;
    expect(created.status).toBe(201);
    expect(JSON.parse(created.text)).toEqual({ id: "10001", key: "ENG-1", self });

    expect(await call("PUT", "issue/10001", { fields: { summary: "<T>" } })).toMatchObject({ status: 204, type: null });
    expect(await call("POST", "issue/ENG-1/comment", { body: "seen" })).toMatchObject({ status: 201 });
    expect(JSON.parse((await call("GET", "issue/eng-1")).text)).toMatchObject({
      id: "10001",
      key: "ENG-1",
      fields: { ...fields, summary: "<T>", comment: { total: 1, comments: [{ body: "seen" }] } },
    });
    const browsed = await send("GET", `${url}/browse/ENG-1`);
    expect(browsed.text).toContain("[ENG-1] &#60;T&#62;");
  });

  test.each([
    [{ project: undefined }, { project: "valid project is required" }],
    [{ project: { key: "NOPE" } }, { project: "valid project is required" }],
    [{ issuetype: { name: "task" } }, { issuetype: "Specify a valid issue type" }],
    [{ issuetype: undefined }, { issuetype: "Specify an issue type" }],
    [{ summary: undefined }, { summary: "You must specify a summary of the issue." }],
    [{ summary: "a\nb" }, { summary: "The summary is invalid because it contains newline characters." }],
    [{ summary: "x".repeat(256) }, { summary: "Summary can't exceed 255 characters." }],
    [{ description: { type: "doc" } }, { description: "Operation value must be a string" }],
    [{ labels: ["a b"] }, { labels: "The label 'a b' contains spaces which is invalid." }],
    [{ priority: { name: "Urgent" } }, { priority: "Priority name 'Urgent' is not valid" }],
    [{ nope: 1 }, { nope: "Field 'nope' cannot be set. It is not on the appropriate screen, or unknown." }],
  ])("refuses an issue with %j", async (wrong, errors) => {
    const answer = await call("POST", "issue", { fields: { ...fields, ...wrong } });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({ errorMessages: [], errors });
    expect(standIns.jira.issues).toEqual([]);
  });

  test("answers an unknown issue, bad credentials, bad JSON and a bad type", async () => {
    const unknown = await call("GET", "issue/ENG-9");
    expect(unknown.status).toBe(404);
    expect(JSON.parse(unknown.text)).toEqual({
      errorMessages: ["Issue does not exist or you do not have permission to see it."],
      errors: {},
    });
    const stranger = await send("POST", `${standIns.jira.url}/rest/api/2/issue`, { fields });
    expect(stranger).toMatchObject({ status: 401, type: "text/html; charset=UTF-8" });
    expect(await call("POST", "issue", "{bad")).toMatchObject({ status: 400 });
    const { email: user, apiToken: password, url } = standIns.jira;
    const plain = { ...basic({ user, password }), "content-type": "text/plain" };
    expect(await send("POST", `${url}/rest/api/2/issue`, { fields }, plain)).toMatchObject({ status: 415 });
  });

  test("tells who one is and which issue types there are", async () => {
    expect(JSON.parse((await call("GET", "myself")).text)).toMatchObject({ active: true });
    const types = await call("GET", "issue/createmeta/ENG/issuetypes");
    expect(JSON.parse(types.text)).toMatchObject({ total: 3, issueTypes: [{ id: "10001", name: "Task" }, {}, {}] });
    expect(await call("GET", "issue/createmeta/NOPE/issuetypes")).toMatchObject({ status: 404 });
  });
});

describe("cases", () => {
  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    send(method, standIns.cases.url + path, body, { ...basic(standIns.cases), ...headers });

  test("creates, changes and comments a case; changes answer with nothing", async () => {
    const issue = { subject: "S", description: "a\nb", severity: "high", tags: ["x"] };
    const created = await call("POST", "/issues.json", { issue });
    expect(created.status).toBe(201);
    expect(created.headers.get("location")).toBe(`${standIns.cases.url}/issues/1`);
    expect(JSON.parse(created.text)).toEqual({ issue: { id: 1, ...issue, description: "a\r\nb" } });

    const nothing = { status: 204, type: null, text: "" };
    expect(await call("PUT", "/issues/1.json", { issue: { subject: "T" } })).toMatchObject(nothing);
    expect(await call("PUT", "/issues/1.json", { issue: { notes: "seen" } })).toMatchObject(nothing);
    expect(JSON.parse((await call("GET", "/issues/1.json?include=journals")).text)).toMatchObject({
      issue: { id: 1, subject: "T", journals: [{ id: 1, notes: "seen" }] },
    });
    expect((await send("GET", `${standIns.cases.url}/issues/1`)).text).toContain("#1 T");
  });

  test.each([
    [{}, "Subject cannot be blank"],
    [{ subject: " " }, "Subject cannot be blank"],
    [{ subject: "x".repeat(256) }, "Subject is too long (maximum is 255 characters)"],
    [{ subject: "S", severity: "" }, "Severity is not included in the list"],
    [{ subject: "S", tags: "malware" }, "Tags is invalid"],
  ])("refuses the case %j", async (issue, message) => {
    const answer = await call("POST", "/issues.json", { issue });
    expect(answer.status).toBe(422);
    expect(JSON.parse(answer.text)).toEqual({ errors: [message] });
    expect(standIns.cases.issues).toEqual([]);
  });

  test("refuses with empty bodies", async () => {
    const empty = { type: "application/json", text: "" };
    expect(await call("GET", "/issues/7.json")).toMatchObject({ status: 404, ...empty });
    const stranger = await send("GET", `${standIns.cases.url}/issues/1.json`);
    expect(stranger).toMatchObject({ status: 401, ...empty });
    expect(stranger.headers.get("www-authenticate")).toBe('Basic realm="Cases API"');
    expect(await call("POST", "/issues.json", "{bad")).toMatchObject({ status: 400, text: "" });
  });

  test("does not read a body that is not announced as JSON", async () => {
    const answer = await call("POST", "/issues.json", { issue: { subject: "S" } }, { "content-type": "text/plain" });
    expect(answer).toMatchObject({ status: 422, text: '{"errors":["Subject cannot be blank"]}' });
  });
});

describe("automation", () => {
  const isolate = (body: unknown, headers: Record<string, string> = basic(standIns.automation)) =>
    send("POST", `${standIns.automation.url}/v1/response-actions/isolate`, body, headers);

  test("isolates an endpoint once, and says so when asked again", async () => {
    const first = await isolate({ endpoint_id: "e-1" });
    expect(first.status).toBe(202);
    expect(JSON.parse(first.text)).toEqual({ action_id: "isolate-1", endpoint_id: "e-1", status: "pending" });
    const second = await isolate({ endpoint_id: "e-1" });
    expect(second.status).toBe(200);
    expect(JSON.parse(second.text)).toEqual({ action_id: "isolate-1", endpoint_id: "e-1", status: "isolated" });
    expect(standIns.automation.isolated).toEqual(["e-1"]);
  });

  test("refuses what it cannot use", async () => {
    expect(await isolate({ endpoint_id: "e-1" }, {})).toMatchObject({ status: 401 });
    expect(await isolate({ endpoint_id: "" })).toMatchObject({ status: 422 });
    expect(await isolate("{bad")).toMatchObject({ status: 400 });
    const form = { ...basic(standIns.automation), "content-type": "application/x-www-form-urlencoded" };
    expect(await isolate("endpoint_id=e-1", form)).toMatchObject({ status: 415 });
    expect(await send("GET", `${standIns.automation.url}/v1/response-actions/isolate`)).toMatchObject({ status: 401 });
    expect(await send("POST", `${standIns.automation.url}/v2`, {})).toMatchObject({ status: 404 });
    expect(standIns.automation.isolated).toEqual([]);
  });

  test("takes JSON at its webhook without a password", async () => {
    const hook = `${standIns.automation.url}/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX`;
    expect(await send("POST", hook, { event_id: "1" })).toMatchObject({ status: 200 });
    expect(await send("POST", hook, "event_id=1", { "content-type": "text/plain" })).toMatchObject({ status: 415 });
    expect(standIns.automation.hooks).toEqual([{ event_id: "1" }]);
  });
});

describe("all of them", () => {
  test("record requests as they came", async () => {
    await send("POST", `${standIns.slack.webhookUrl}?a=1`, '{ "text": "é" }', { "x-trace": "7" });
    expect(standIns.slack.requests).toMatchObject([
      {
        method: "POST",
        path: "/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX?a=1",
        headers: { "content-type": "application/json", "x-trace": "7" },
        body: '{ "text": "é" }',
        status: 200,
      },
    ]);
  });

  test("fail to order, once each", async () => {
    const { slack } = standIns;
    slack.failNext({ status: 429, headers: { "retry-after": "1" }, body: "rate_limited" });
    expect(await send("POST", slack.webhookUrl, { text: "x" })).toMatchObject({ status: 429, text: "rate_limited" });
    expect(await send("POST", slack.webhookUrl, { text: "x" })).toMatchObject({ status: 200 });
    expect(slack.requests.map((request) => request.status)).toEqual([429, 200]);
    expect(slack.messages).toHaveLength(1);
  });

  test("leave nothing running when one cannot start", async () => {
    const taken = Number(new URL(standIns.jira.url).port);
    await expect(startStandIns({ ports: { jira: taken } })).rejects.toThrow("EADDRINUSE");
  });

  test("give the variables that connectors.yaml and .env.example name", async () => {
    const names = new Set(Object.keys(environment(standIns)));
    const read = (file: string): Promise<string> => readFile(new URL(`../${file}`, import.meta.url), "utf8");
    const example = [...(await read(".env.example")).matchAll(/^(\w+)=/gm)];
    const used = [...(await read("connectors.yaml")).matchAll(/^ +[^#\n]*\$\{env:(\w+)\}/gm)];
    expect(new Set(example.map((match) => match[1]))).toEqual(names);
    expect(new Set(used.map((match) => match[1]))).toEqual(names);
  });
});
