import { mockVendor, runOnce, startLoopback, testOnce, type MockVendor, type Reply } from "@stepwire/testkit";
import { describe, expect, it, onTestFinished } from "vitest";

import { jira } from "../src/index.ts";

const SITE = "https://your-domain.atlassian.net";
const CREATE = `POST ${SITE}/rest/api/2/issue`;
const config = { apiUrl: SITE, projectKey: "ENG" };
const secrets = { email: "bot@example.com", apiToken: "ATATT3xFfGF0-token" };
const issue = { issueType: "Task", summary: "Review the alert" };
/** As Jira Cloud answers a create. */
const CREATED = { id: "10000", key: "ENG-24", self: `${SITE}/rest/api/2/issue/10000` };

let playing: MockVendor | undefined;

/** A later call in a test takes the place of an earlier one. */
function play(reply: Reply = { status: 201, json: CREATED }, route = CREATE): MockVendor {
  playing?.close();
  const vendor = mockVendor({ [route]: () => reply });
  playing = vendor;
  onTestFinished(() => vendor.close());
  return vendor;
}
const create = async (input: object) => runOnce(jira, { config, secrets, input });
const fieldsOf = (vendor: MockVendor) =>
  (vendor.calls[0]?.body as { fields?: Record<string, unknown> } | undefined)?.fields;

describe("createIssue", () => {
  it("sends what the documented step says and gives back key and link", async () => {
    const vendor = play();
    const outcome = await create({
      projectKey: "OPS",
      issueType: "Task",
      summary: "Automated Task: Review 'alert'",
      description: "Workflow 'x' requires manual review.\nSecond line",
    });
    expect(outcome).toEqual({
      output: { id: "10000", key: "ENG-24", title: "ENG-24", url: `${SITE}/browse/ENG-24` },
    });
    expect(vendor.calls).toHaveLength(1);
    expect(vendor.calls[0]).toMatchObject({ method: "POST", headers: { "content-type": "application/json" } });
    expect(vendor.calls[0]?.body).toEqual({
      fields: {
        project: { key: "OPS" },
        issuetype: { name: "Task" },
        summary: "Automated Task: Review 'alert'",
        description: "Workflow 'x' requires manual review.\nSecond line",
      },
    });
  });

  it("takes the connector's project where the step names none, and sends no description where there is none", async () => {
    const vendor = play();
    await create(issue);
    expect(fieldsOf(vendor)).toEqual({
      project: { key: "ENG" },
      issuetype: { name: "Task" },
      summary: "Review the alert",
    });
  });

  it.each([
    ["10001", { id: "10001" }],
    ["Sub-task", { name: "Sub-task" }],
    ["10001 bugs", { name: "10001 bugs" }],
  ])("takes %j as an issue type", async (issueType, sent) => {
    const vendor = play();
    await create({ ...issue, issueType });
    expect(fieldsOf(vendor)?.["issuetype"]).toEqual(sent);
  });

  it.each([
    ["one\ntwo", "one, two"],
    ["one\r\n\r\n  two  \n", "one, two"],
    ["  kept inside  it ", "kept inside  it"],
    ['quotes "x" \\ and 😀', 'quotes "x" \\ and 😀'],
  ])("makes one line of the summary %j", async (summary, sent) => {
    const vendor = play();
    await create({ ...issue, summary });
    expect(fieldsOf(vendor)?.["summary"]).toBe(sent);
  });

  it.each([
    [{ issueType: "Task" }, "summary"],
    [{ summary: "S" }, "issueType"],
    [{ ...issue, summary: "" }, "summary"],
    [{ ...issue, sumary: "S" }, "Did you mean summary?"],
    [{ ...issue, projectKey: "" }, "projectKey"],
  ])("refuses wrong parameters before anything is sent (%#: %j)", async (input, named) => {
    const vendor = play();
    const { error } = await create(input);
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
    expect(vendor.calls).toEqual([]);
  });

  it("refuses a description that Jira would refuse for its length", async () => {
    const vendor = play();
    const { error } = await create({ ...issue, description: "x".repeat(32_768) });
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining("description") });
    expect(vendor.calls).toEqual([]);
  });
});

describe("authentication and address", () => {
  it("is Basic with the email and the token, to the letter", async () => {
    const vendor = play();
    await create(issue);
    const pair = Buffer.from("bot@example.com:ATATT3xFfGF0-token").toString("base64");
    expect(vendor.calls[0]?.headers["authorization"]).toBe(`Basic ${pair}`);
  });

  it("encodes names outside ASCII as UTF-8", async () => {
    const vendor = play();
    await runOnce(jira, { config, secrets: { email: "jürgen", apiToken: "geheim-geheim" }, input: issue });
    expect(vendor.calls[0]?.headers["authorization"]).toBe(
      `Basic ${Buffer.from("jürgen:geheim-geheim").toString("base64")}`,
    );
  });

  it.each([
    [`${SITE}/`, `${SITE}/rest/api/2/issue`, `${SITE}/browse/ENG-24`],
    [
      "https://tools.example/jira",
      "https://tools.example/jira/rest/api/2/issue",
      "https://tools.example/jira/browse/ENG-24",
    ],
    [
      "https://tools.example/jira/",
      "https://tools.example/jira/rest/api/2/issue",
      "https://tools.example/jira/browse/ENG-24",
    ],
  ])("is found below %s", async (apiUrl, called, link) => {
    const vendor = play(undefined, `POST ${called}`);
    const { output } = await runOnce(jira, { config: { ...config, apiUrl }, secrets, input: issue });
    expect(vendor.calls[0]?.url).toBe(called);
    expect(output).toMatchObject({ url: link });
  });

  it("encodes a key that would change the link", async () => {
    play({ status: 201, json: { ...CREATED, key: "ENG/../x?y#z" } });
    expect((await create(issue)).output).toMatchObject({ url: `${SITE}/browse/ENG%2F..%2Fx%3Fy%23z` });
  });

  it("sends to network.baseUrl, but links to the site people use", async () => {
    const server = await startLoopback(() => ({ status: 201, json: CREATED }));
    onTestFinished(() => server.close());
    const network = { baseUrl: `${server.url}/proxy/` };
    const { output } = await runOnce(jira, { config, secrets, network, input: issue });
    expect(server.requests[0]?.path).toBe("/proxy/rest/api/2/issue");
    expect(output).toMatchObject({ url: `${SITE}/browse/ENG-24` });
  });

  it("names every field that is missing or wrong", async () => {
    const { error } = await runOnce(jira, {
      config: { apiUrl: "jira" } as never,
      secrets: { email: "" } as never,
      input: issue,
    });
    for (const field of ["config.apiUrl", "config.projectKey", "secrets.email", "secrets.apiToken"]) {
      expect(error?.message).toContain(field);
    }
  });
});

describe("Jira's refusals", () => {
  it("keep the names of the fields", async () => {
    // https://developer.atlassian.com/cloud/jira/platform/rest/v2/, create issue, 400
    play({
      status: 400,
      json: {
        errorMessages: ["Field 'priority' is required"],
        errors: { project: "project is required", issuetype: "is wrong" },
      },
    });
    const { error } = await create(issue);
    expect(error).toMatchObject({ code: "http-status", status: 400, retryable: false });
    expect(error?.message).toBe(
      "[400] Bad Request: Field 'priority' is required; project: project is required; issuetype: is wrong",
    );
    expect(error?.details).toMatchObject({ data: { errors: { issuetype: "is wrong" } } });
  });

  it("are readable where only a field is named", async () => {
    play({ status: 400, json: { errorMessages: [], errors: { description: "Operation value must be a string" } } });
    expect((await create(issue)).error?.message).toBe(
      "[400] Bad Request: description: Operation value must be a string",
    );
  });

  it("are readable where a login page comes", async () => {
    const page =
      "<html><head><title>Unauthorized (401)</title><style>p{}</style></head><body><h1>Unauthorized</h1><p>Basic authentication with passwords is deprecated.</p></body></html>";
    play({ status: 401, text: page, headers: { "content-type": "text/html;charset=UTF-8" } });
    const { error } = await create(issue);
    expect(error).toMatchObject({ status: 401, retryable: false });
    expect(error?.message).toBe("[401] Unauthorized: Unauthorized Basic authentication with passwords is deprecated.");
    expect(JSON.stringify(error)).not.toContain("<");
  });

  it("are readable where there is no body", async () => {
    play({ status: 404 });
    expect((await create(issue)).error).toMatchObject({
      status: 404,
      message: "[404] Not Found from your-domain.atlassian.net",
      details: { data: null },
    });
    play({
      status: 404,
      json: { errorMessages: ["Issue does not exist or you do not have permission to see it."], errors: {} },
    });
    expect((await create(issue)).error?.message).toContain("Issue does not exist");
  });

  it("never show the token, its Basic form or its encodings", async () => {
    const pair = Buffer.from(`${secrets.email}:${secrets.apiToken}`).toString("base64");
    play({ status: 403, json: { message: `no: Basic ${pair}, ${secrets.apiToken}`, email: secrets.email } });
    const text = JSON.stringify((await create(issue)).error);
    expect(text).not.toContain(secrets.apiToken);
    expect(text).not.toContain(pair);
    expect(text).toContain(secrets.email);
  });

  it("are no success under 2xx without an issue's key", async () => {
    for (const reply of [
      { status: 201, json: { id: "10000" } },
      { status: 200, text: "<html><body>Log in</body></html>", headers: { "content-type": "text/html" } },
      { status: 204 },
    ]) {
      play(reply);
      expect((await create(issue)).error).toMatchObject({ code: "response-missing-field", retryable: false });
    }
  });
});

describe("the test of a connector", () => {
  it("asks who the account is, and reads only", async () => {
    const vendor = play(
      { json: { accountId: "5b10", emailAddress: "bot@example.com" } },
      `GET ${SITE}/rest/api/2/myself`,
    );
    expect(await testOnce(jira, { config, secrets })).toEqual({});
    expect(vendor.calls).toHaveLength(1);
    expect(vendor.calls[0]).toMatchObject({ method: "GET", body: undefined });
  });

  it("fails with what Jira says", async () => {
    play(
      { status: 401, text: "Client must be authenticated to access this resource." },
      `GET ${SITE}/rest/api/2/myself`,
    );
    expect((await testOnce(jira, { config, secrets })).error).toMatchObject({ status: 401 });
    play({ text: "<html>Log in</html>", headers: { "content-type": "text/html" } }, `GET ${SITE}/rest/api/2/myself`);
    expect((await testOnce(jira, { config, secrets })).error?.code).toBe("unsupported-content-type");
  });
});
