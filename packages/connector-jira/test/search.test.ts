import { runOnce, type VendorCall } from "@stepwire/testkit";
import { describe, expect, it } from "vitest";

import { jira } from "../src/index.ts";
import { jqlWords } from "../src/jql.ts";
import { fixture } from "./recorded.ts";
import { play, playKind, routesOf, run, runCloud, SECRETS, sent } from "./support.ts";

const SEARCH = "GET /search/jql";
const issue = (number: number) => ({
  id: String(number),
  key: `ENG-${number}`,
  fields: { summary: `Issue ${number}` },
});
const issuesOf = (from: number, count: number) => Array.from({ length: count }, (_, index) => issue(from + index));
const parameter = ({ url }: VendorCall, name: string) => new URL(url).searchParams.get(name);

describe("searchIssuesWithJql", () => {
  it("asks Cloud for pages named by tokens, in both versions", async () => {
    for (const kind of ["cloud", "cloud2"] as const) {
      const vendor = playKind(kind);
      const { output } = await run(kind, "searchIssuesWithJql", { jql: 'project = ENG AND text ~ "a b"' });
      expect(sent(vendor)).toEqual([
        "GET /search/jql?jql=project+%3D+ENG+AND+text+%7E+%22a+b%22&fields=*navigable&maxResults=50",
      ]);
      expect(output).toEqual({ issues: (fixture("found-issues") as { issues: object[] }).issues, isLast: true });
    }
  });

  it("follows tokens to the end or to maxResults, and says how to go on", async () => {
    const vendor = playKind("cloud", {
      [SEARCH]: (call) => {
        const start = Number(parameter(call, "nextPageToken") ?? "0");
        const count = Math.min(Number(parameter(call, "maxResults")), 40);
        const end = start + count;
        return {
          json: { issues: issuesOf(start, count), ...(end < 100 ? { nextPageToken: String(end) } : { isLast: true }) },
        };
      },
    });
    const first = await runCloud("searchIssuesWithJql", { jql: "x", maxResults: 60 });
    expect(first.output).toEqual({ issues: issuesOf(0, 60), nextPageToken: "60", isLast: false });
    expect(vendor.calls.map((call) => parameter(call, "maxResults"))).toEqual(["60", "20"]);
    const second = await runCloud("searchIssuesWithJql", { jql: "x", maxResults: 40, nextPageToken: "60" });
    expect(second.output).toEqual({ issues: issuesOf(60, 40), isLast: true });
  });

  it("counts on Data Center, whose search is another one", async () => {
    const vendor = playKind("dataCenter", {
      "GET /search": (call) => {
        const startAt = Number(parameter(call, "startAt"));
        const count = Math.min(Number(parameter(call, "maxResults")), 30, 70 - startAt);
        return { json: { startAt, maxResults: 30, total: 70, issues: issuesOf(startAt, count) } };
      },
    });
    const first = await run("dataCenter", "searchIssuesWithJql", { jql: "x", maxResults: 45 });
    expect(first.output).toEqual({ issues: issuesOf(0, 45), nextPageToken: "45", isLast: false });
    const rest = await run("dataCenter", "searchIssuesWithJql", { jql: "x", nextPageToken: "45" });
    expect(rest.output).toEqual({ issues: issuesOf(45, 25), isLast: true });
    expect(vendor.calls.map((call) => parameter(call, "startAt"))).toEqual(["0", "30", "45"]);
    expect(sent(vendor)[0]).toBe("GET /search?jql=x&fields=*navigable&maxResults=45&startAt=0");
  });

  it("takes version 3 for Cloud, whatever its name is", async () => {
    const apiUrl = "https://jira.company.example";
    const vendor = play(routesOf(apiUrl, 3));
    const config = { apiUrl, projectKey: "ENG", apiVersion: 3 as const };
    const input = { jql: "x" };
    const { error } = await runOnce(jira, { config, secrets: SECRETS, action: "searchIssuesWithJql", input });
    expect(error).toBeUndefined();
    expect(sent(vendor)[0]).toContain("GET /search/jql");
  });

  it("ends where Data Center counts more issues than it gives out", async () => {
    const vendor = playKind("dataCenter", {
      "GET /search": (call) => ({ json: { total: 9, issues: parameter(call, "startAt") === "0" ? [issue(1)] : [] } }),
    });
    const { output } = await run("dataCenter", "searchIssuesWithJql", { jql: "x" });
    expect(output).toEqual({ issues: [issue(1)], isLast: true });
    expect(vendor.calls).toHaveLength(2);
  });

  it("refuses a token of Cloud on Data Center", async () => {
    const vendor = playKind("dataCenter");
    const { error } = await run("dataCenter", "searchIssuesWithJql", { jql: "x", nextPageToken: "CAEaAggD" });
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining("nextPageToken") });
    expect(vendor.calls).toEqual([]);
  });

  it("does not run in circles", async () => {
    const vendor = playKind("cloud", { [SEARCH]: () => ({ json: { issues: [issue(1)], nextPageToken: "again" } }) });
    const { error } = await run("cloud", "searchIssuesWithJql", { jql: "x" });
    expect(error).toMatchObject({ code: "response-missing-field", details: { reason: "endless-pages" } });
    expect(vendor.calls).toHaveLength(2);
  });

  it("does not run in circles on Data Center either, whose pages are counted", async () => {
    const vendor = playKind("dataCenter", { "GET /search": () => ({ json: { total: 9, issues: [issue(1)] } }) });
    const { error } = await run("dataCenter", "searchIssuesWithJql", { jql: "x" });
    expect(error).toMatchObject({ code: "response-missing-field", details: { reason: "endless-pages" } });
    expect(vendor.calls).toHaveLength(2);
  });

  it("gives up after 200 pages that lead nowhere", async () => {
    let token = 0;
    const vendor = playKind("cloud", {
      [SEARCH]: () => ({ json: { issues: [], nextPageToken: String((token += 1)) } }),
    });
    const { error } = await run("cloud", "searchIssuesWithJql", { jql: "x" });
    expect(error).toMatchObject({ details: { reason: "endless-pages" } });
    expect(vendor.calls).toHaveLength(200);
  });

  it("says what to do where a Cloud site is taken for Data Center", async () => {
    // developer.atlassian.com/changelog: what Cloud answers since the search was removed
    const errorMessages = ["The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."];
    playKind("dataCenter", { "GET /search": () => ({ status: 410, json: { errorMessages, errors: {} } }) });
    const { error } = await run("dataCenter", "searchIssuesWithJql", { jql: "x" });
    expect(error).toMatchObject({ status: 410, message: expect.stringContaining("set apiVersion: 3") });
  });
});

describe("an answer that becomes the output of a step", () => {
  // The limit of 1 MiB is for answers that an action reads for itself.
  const long = { id: "1", key: "ENG-1", name: "x", fields: { description: "x".repeat(1_200_000) } };
  it.each([
    ["searchIssuesWithJql", { jql: "x" }, SEARCH, { issues: [long] }],
    ["getIssue", { issueId: "ENG-1" }, "GET /issue/:id", long],
    ["getIncident", { externalId: "ENG-1" }, "GET /issue/:id", long],
    ["getProject", { projectId: "ENG" }, "GET /project/:id", long],
    ["getIssueTypes", {}, "GET /issue/createmeta/:project/issuetypes", { issueTypes: [long], total: 1 }],
  ])("may be as long as an output in %s", async (action, input, route, json) => {
    playKind("cloud", { [route]: () => ({ json }) });
    const { error, output } = await run("cloud", action, input);
    expect(error).toBeUndefined();
    expect(JSON.stringify(output).length).toBeGreaterThan(1_200_000);
  });
});

describe("issues", () => {
  it("finds the words of a title in the connector's project", async () => {
    const vendor = playKind("cloud", { [SEARCH]: () => ({ json: { issues: [issue(1), { id: "2", key: "ENG-2" }] } }) });
    const { output } = await run("cloud", "issues", { title: "it's down" });
    const [call] = vendor.calls;
    expect(call && parameter(call, "jql")).toBe(`project = "ENG" AND summary ~ "it's down"`);
    expect(call && parameter(call, "fields")).toBe("summary");
    expect(output).toEqual([
      { id: "1", key: "ENG-1", title: "Issue 1" },
      { id: "2", key: "ENG-2", title: null },
    ]);
  });

  it("finds issues on Data Center, too", async () => {
    playKind("dataCenter", { "GET /search": () => ({ json: { startAt: 0, total: 1, issues: [issue(1)] } }) });
    expect((await run("dataCenter", "issues", { title: "x" })).output).toEqual([
      { id: "1", key: "ENG-1", title: "Issue 1" },
    ]);
  });

  it.each(["", " ", "?!", "x".repeat(1001)])("needs a word to look for: %j", async (title) => {
    const vendor = playKind("cloud");
    expect((await run("cloud", "issues", { title })).error?.code).toBe("params-invalid");
    expect(vendor.calls).toEqual([]);
  });
});

describe("a title in JQL", () => {
  it.each([
    ["it's", `"it's"`],
    // Lucene sees \" and \\; JQL's own text needs a backslash before each of these once more.
    ['say "hi"', String.raw`"say \\\"hi\\\""`],
    ["C:\\temp", String.raw`"C\\:\\\\temp"`],
    ["a-b (c) [d] {e}", String.raw`"a\\-b \\(c\\) \\[d\\] \\{e\\}"`],
    ["1+1 & 2|3 !4 ^5 ~6 *7 ?8 /9", String.raw`"1\\+1 \\& 2\\|3 \\!4 \\^5 \\~6 \\*7 \\?8 \\/9"`],
    ['" OR project = EVIL OR summary ~ "x', String.raw`"\\\" or project = EVIL or summary \\~ \\\"x"`],
    ["NOT AND NOTE", '"not and NOTE"'],
    ["one\r\n\ttwo\u0000three ", '"one two three"'],
    ["ünïcode 😀", '"ünïcode 😀"'],
  ])("is only words: %j", (title, jql) => {
    expect(jqlWords(title)).toBe(jql);
  });

  it("comes back as it was when JQL and Lucene have read it", () => {
    const title = String.raw`a "b" \ c: it's (d) && e/f`;
    const lucene = jqlWords(title).slice(1, -1).replace(/\\(.)/g, "$1");
    expect(lucene.replace(/\\(.)/g, "$1")).toBe(title);
  });
});
