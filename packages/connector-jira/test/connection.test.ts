import { runOnce, startLoopback, testOnce } from "@stepwire/testkit";
import { describe, expect, it, onTestFinished } from "vitest";

import { jira, jiraCloud } from "../src/index.ts";
import { fixture } from "./recorded.ts";
import { play, routesOf, SECRETS, SITE } from "./support.ts";

const config = { apiUrl: SITE, projectKey: "ENG" };
const input = { issueType: "Task", summary: "Review the alert" };
/** Files hold what TypeScript would refuse, and some tests want just that. */
const jiraWith = async (given: { config?: object; secrets?: object; action?: string; input?: object }) =>
  runOnce(jira, { config: config as never, secrets: SECRETS as never, input, ...given } as never);
const cloudWith = async (given: { config?: object; secrets?: object }) =>
  runOnce(jiraCloud, {
    config: { subdomain: "your-domain" },
    secrets: SECRETS,
    action: "getIssue",
    input: { issueId: "ENG-1" },
    ...given,
  } as never);

describe("the credentials of jira", () => {
  it("are Basic with email and token, to the letter and as UTF-8", async () => {
    const vendor = play(routesOf(SITE, 2));
    await jiraWith({});
    await jiraWith({ secrets: { email: "jürgen", apiToken: "geheim-geheim" } });
    expect(vendor.calls.map(({ headers }) => headers["authorization"])).toEqual([
      `Basic ${Buffer.from("bot@example.com:ATATT3xFfGF0-token").toString("base64")}`,
      `Basic ${Buffer.from("jürgen:geheim-geheim").toString("base64")}`,
    ]);
  });

  it("are a bearer token where there is a personal access token", async () => {
    const vendor = play(routesOf(SITE, 2));
    await jiraWith({ secrets: { personalAccessToken: "NjE2NTM0-token" } });
    expect(vendor.calls[0]?.headers["authorization"]).toBe("Bearer NjE2NTM0-token");
  });

  it.each([
    [{}, ["there are no credentials", "email and apiToken", "personalAccessToken"]],
    [{ email: "a@example.com" }, ["secrets.apiToken", "apiToken is missing"]],
    [{ apiToken: "token-token" }, ["secrets.email", "email is missing"]],
    [{ email: "" }, ["secrets.email", "secrets.apiToken"]],
    [{ ...SECRETS, personalAccessToken: "NjE2NTM0-token" }, ["secrets.personalAccessToken", "Keep one way to log in"]],
    [{ email: "a@example.com", personalAccessToken: "NjE2NTM0-token" }, ["there is email beside it"]],
    [{ personalAccessToken: "" }, ["personalAccessToken is empty"]],
    [{ ...SECRETS, password: "x" }, ["secrets.password"]],
  ])("are exactly one of the two ways (%#)", async (secrets, named) => {
    const vendor = play(routesOf(SITE, 2));
    const { error } = await jiraWith({ secrets });
    expect(error?.code).toBe("secrets-invalid");
    for (const words of named) expect(error?.message).toContain(words);
    expect(vendor.calls).toEqual([]);
  });
});

describe("the address of jira", () => {
  it.each([
    [`${SITE}/`, 2, `${SITE}/rest/api/2/issue`, `${SITE}/browse/ED-24`],
    [SITE, "3", `${SITE}/rest/api/3/issue`, `${SITE}/browse/ED-24`],
    [
      "https://tools.example/jira",
      "2",
      "https://tools.example/jira/rest/api/2/issue",
      "https://tools.example/jira/browse/ED-24",
    ],
    [
      "https://tools.example/jira/",
      3,
      "https://tools.example/jira/rest/api/3/issue",
      "https://tools.example/jira/browse/ED-24",
    ],
  ])("is below %s in version %j", async (apiUrl, apiVersion, called, link) => {
    const vendor = play({ [`POST ${called}`]: () => ({ status: 201, json: fixture("created-issue") }) });
    const { output } = await jiraWith({ config: { ...config, apiUrl, apiVersion } });
    expect(vendor.calls[0]?.url).toBe(called);
    expect(output).toMatchObject({ url: link });
  });

  it("is network.baseUrl where a connector has one, but links lead to the site people use", async () => {
    const server = await startLoopback(() => ({ status: 201, json: fixture("created-issue") }));
    onTestFinished(() => server.close());
    const network = { baseUrl: `${server.url}/proxy/` };
    const { output } = await runOnce(jira, { config, secrets: SECRETS, network, input });
    expect(server.requests[0]?.path).toBe("/proxy/rest/api/2/issue");
    expect(output).toMatchObject({ url: `${SITE}/browse/ED-24` });
  });

  it.each([
    [{ ...config, apiUrl: "jira" }, "config.apiUrl"],
    [{ ...config, apiUrl: "ftp://tools.example" }, "config.apiUrl"],
    [{ ...config, apiUrl: `${SITE}/?a=b` }, "holds no ? and no #"],
    [{ ...config, apiUrl: `https://${"a".repeat(2048)}.example` }, "config.apiUrl"],
    [{ ...config, apiVersion: 4 }, "config.apiVersion"],
    [{ ...config, apiVersion: "latest" }, "config.apiVersion"],
    [{ apiUrl: SITE }, "config.projectKey: projectKey is missing."],
    [{ ...config, projectKey: ".." }, "config.projectKey"],
    [{ ...config, apiurl: SITE }, "Did you mean apiUrl?"],
  ])("is refused before anything is sent (%#)", async (wrong, named) => {
    const vendor = play(routesOf(SITE, 2));
    const { error } = await jiraWith({ config: wrong });
    expect(error).toMatchObject({ code: "config-invalid", message: expect.stringContaining(named) });
    expect(vendor.calls).toEqual([]);
  });
});

describe("jira-cloud", () => {
  it("is at its subdomain, in version 3, with Basic", async () => {
    const vendor = play(routesOf(SITE, 3));
    const { output } = await cloudWith({ config: { subdomain: "Your-Domain" } });
    expect(vendor.calls[0]).toMatchObject({
      url: `${SITE}/rest/api/3/issue/ENG-1`,
      headers: { authorization: `Basic ${Buffer.from("bot@example.com:ATATT3xFfGF0-token").toString("base64")}` },
    });
    expect(output).toMatchObject({ key: "ED-1", url: `${SITE}/browse/ED-1` });
  });

  it.each([
    "https://your-domain.atlassian.net",
    "your-domain.atlassian.net",
    "evil.example/x?",
    "a@evil.example#",
    "-a",
    "a-",
    "",
    "a".repeat(64),
    "a\nb",
    "münchen",
  ])("takes %j for no subdomain", async (subdomain) => {
    const vendor = play(routesOf(SITE, 3));
    const { error } = await cloudWith({ config: { subdomain } });
    expect(error).toMatchObject({ code: "config-invalid", message: expect.stringContaining("config.subdomain") });
    expect(vendor.calls).toEqual([]);
  });

  it("says what a subdomain is", async () => {
    const { error } = await cloudWith({ config: { subdomain: "https://your-domain.atlassian.net" } });
    expect(error?.message).toContain("your-site for https://your-site.atlassian.net");
  });

  it("needs email and apiToken", async () => {
    const { error } = await cloudWith({ secrets: {} });
    expect(error?.code).toBe("secrets-invalid");
    for (const name of ["secrets.email", "secrets.apiToken"]) expect(error?.message).toContain(name);
  });
});

describe("a redirect", () => {
  const issue = `${SITE}/rest/api/2/issue/ENG-1`;
  it.each([
    ["takes the credentials along to another site of Atlassian's", "https://renamed.atlassian.net", true],
    ["leaves the credentials behind on the way anywhere else", "https://jira.example.net", false],
    ["leaves them behind where a name only ends alike", "https://evil-atlassian.net", false],
  ])("%s", async (_, origin, isTrusted) => {
    const vendor = play({
      [`GET ${issue}`]: () => ({ status: 302, headers: { location: `${origin}/moved` } }),
      [`GET ${origin}/moved`]: () => ({ json: fixture("issue") }),
    });
    const { error } = await jiraWith({ action: "getIssue", input: { issueId: "ENG-1" } });
    expect(error).toBeUndefined();
    expect(vendor.calls.map(({ url, headers }) => [url, "authorization" in headers])).toEqual([
      [issue, true],
      [`${origin}/moved`, isTrusted],
    ]);
  });
});

describe("the test of a connector", () => {
  it("asks who the account is, and reads only", async () => {
    const vendor = play({ ...routesOf(SITE, 2), ...routesOf(SITE, 3) });
    expect(await testOnce(jira, { config, secrets: SECRETS })).toEqual({});
    expect(await testOnce(jiraCloud, { config: { subdomain: "your-domain" }, secrets: SECRETS })).toEqual({});
    expect(vendor.calls.map(({ method, url, body }) => [method, url, body])).toEqual([
      ["GET", `${SITE}/rest/api/2/myself`, undefined],
      ["GET", `${SITE}/rest/api/3/myself`, undefined],
    ]);
  });

  it("fails with what Jira says", async () => {
    const route = `GET ${SITE}/rest/api/2/myself`;
    play({ [route]: () => ({ status: 401, text: "Client must be authenticated to access this resource." }) });
    expect((await testOnce(jira, { config, secrets: SECRETS })).error).toMatchObject({ status: 401 });
    play({ [route]: () => ({ text: "<html>Log in</html>", headers: { "content-type": "text/html" } }) });
    expect((await testOnce(jira, { config, secrets: SECRETS })).error?.code).toBe("unsupported-content-type");
  });
});
