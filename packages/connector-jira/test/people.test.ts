import { describe, expect, it } from "vitest";

import { fixture } from "./recorded.ts";
import { bodyOf, fieldsOf, playKind, run, runCloud, sent } from "./support.ts";

describe("assignIssue", () => {
  it.each([
    [{ accountId: "5b10a2844c20165700ede21g" }, { accountId: "5b10a2844c20165700ede21g" }],
    [{ accountId: "-1" }, { accountId: "-1" }],
    [{ accountId: null }, { accountId: null }],
    [{ name: null }, { accountId: null }],
    [{ name: "-1" }, { accountId: "-1" }],
  ])("sends %j to Cloud as an account", async (input, body) => {
    const vendor = playKind("cloud");
    const outcome = await run("cloud", "assignIssue", { issueId: "ENG-42", ...input });
    expect(outcome).toEqual({ output: { issueId: "ENG-42" } });
    expect(sent(vendor)).toEqual(["PUT /issue/ENG-42/assignee"]);
    expect(bodyOf(vendor)).toEqual(body);
  });

  it.each([
    [{ name: "mkrystof" }, { name: "mkrystof" }],
    [{ name: "-1" }, { name: "-1" }],
    [{ name: null }, { name: null }],
    [{ accountId: null }, { name: null }],
    [{ accountId: "-1" }, { name: "-1" }],
  ])("sends %j to Data Center as a name", async (input, body) => {
    const vendor = playKind("dataCenter");
    await run("dataCenter", "assignIssue", { issueId: "ENG-42", ...input });
    expect(bodyOf(vendor)).toEqual(body);
  });

  it.each([
    ["cloud", {}, "Nobody is named"],
    ["cloud", { accountId: "a", name: "b" }, "two accounts"],
    ["cloud", { name: "mkrystof" }, "Cloud knows accounts by id"],
    ["dataCenter", { accountId: "5b10" }, "Data Center knows users by name"],
    ["cloud", { accountId: "" }, "accountId"],
    ["cloud", { accountId: "x".repeat(129) }, "accountId"],
  ] as const)("on %s refuses %j", async (kind, input, named) => {
    const vendor = playKind(kind);
    const { error } = await run(kind, "assignIssue", { issueId: "ENG-42", ...input });
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
    expect(vendor.calls).toEqual([]);
  });

  it("needs an account in jira-cloud, where null is nobody", async () => {
    const vendor = playKind("cloud");
    expect((await runCloud("assignIssue", { issueId: "ENG-42" })).error?.message).toContain("accountId is missing");
    await runCloud("assignIssue", { issueId: "ENG-42", accountId: null });
    expect(bodyOf(vendor)).toEqual({ accountId: null });
  });
});

describe("the assignee of a new or changed issue", () => {
  const issue = { issueType: "Task", summary: "S" };
  it("is an account on Cloud and a name on Data Center", async () => {
    const cloud = playKind("cloud");
    await run("cloud", "createIssue", { ...issue, assigneeAccountId: "5b10a" });
    expect(fieldsOf(cloud)?.["assignee"]).toEqual({ accountId: "5b10a" });
    const dataCenter = playKind("dataCenter");
    await run("dataCenter", "createIssue", { ...issue, assigneeName: "mkrystof" });
    await run("dataCenter", "updateIssue", { issueId: "ENG-42", assigneeName: null });
    expect(fieldsOf(dataCenter)?.["assignee"]).toEqual({ name: "mkrystof" });
    expect(fieldsOf(dataCenter, 1)).toEqual({ assignee: null });
  });

  it("is refused where the other kind is given", async () => {
    playKind("dataCenter");
    const { error } = await run("dataCenter", "createIssue", { ...issue, assigneeAccountId: "5b10a" });
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining("by name") });
  });
});

describe("searchUsers", () => {
  it("asks Cloud with what is given", async () => {
    const vendor = playKind("cloud");
    const { output } = await run("cloud", "searchUsers", { query: "mia k", property: "a.b=c", maxResults: 5 });
    expect(sent(vendor)).toEqual(["GET /user/search?query=mia+k&property=a.b%3Dc&startAt=0&maxResults=5"]);
    expect(output).toEqual({ users: fixture("users"), isLast: true });
  });

  it("asks Data Center by username", async () => {
    const vendor = playKind("dataCenter");
    await run("dataCenter", "searchUsers", { query: "mia", startAt: 10 });
    expect(sent(vendor)).toEqual(["GET /user/search?username=mia&startAt=10&maxResults=50"]);
  });

  it("follows pages until one is not full, or there are as many as were asked for", async () => {
    const page = (url: string) => {
      const { searchParams } = new URL(url);
      const startAt = Number(searchParams.get("startAt"));
      const count = Math.min(Number(searchParams.get("maxResults")), Math.max(0, 70 - startAt));
      return { json: Array.from({ length: count }, (_, index) => ({ accountId: `a${startAt + index}` })) };
    };
    const vendor = playKind("cloud", { "GET /user/search": ({ url }) => page(url) });
    const all = (await run("cloud", "searchUsers", { query: "a", maxResults: 200 })).output as { users: object[] };
    expect(all).toMatchObject({ isLast: true });
    expect(all.users).toHaveLength(70);
    const some = (await run("cloud", "searchUsers", { query: "a", maxResults: 60 })).output as { users: object[] };
    expect(some).toMatchObject({ isLast: false });
    expect(some.users).toHaveLength(60);
    expect(vendor.calls).toHaveLength(4);
  });

  it.each([
    ["cloud", {}, "Nobody is sought"],
    ["dataCenter", {}, "Give one of them"],
    ["dataCenter", { query: "a", username: "b" }, "Give one of them"],
    ["dataCenter", { accountId: "5b10" }, "Cloud's"],
    ["cloud", { query: "" }, "query"],
    ["cloud", { query: "a", maxResults: 1001 }, "maxResults"],
  ] as const)("on %s refuses %j", async (kind, input, named) => {
    const vendor = playKind(kind);
    const { error } = await run(kind, "searchUsers", input);
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
    expect(vendor.calls).toEqual([]);
  });
});
