import { describe, expect, it } from "vitest";

import { bodyOf, playKind, run, runCloud, sent } from "./support.ts";

describe("addComment", () => {
  it("sends a document in version 3 and the text as it is in version 2", async () => {
    const cloud = playKind("cloud");
    const { output } = await run("cloud", "addComment", { issueId: "ENG-42", body: "one" });
    expect(output).toEqual({ id: "10000", created: "2021-01-17T12:34:00.000+0000" });
    const content = [{ type: "paragraph", content: [{ type: "text", text: "one" }] }];
    expect(bodyOf(cloud)).toEqual({ body: { type: "doc", version: 1, content } });
    const dataCenter = playKind("dataCenter");
    await run("dataCenter", "addComment", { issueId: "ENG-42", body: "*one*" });
    expect(bodyOf(dataCenter)).toEqual({ body: "*one*" });
  });

  it("refuses what Jira would: nothing, and a document in version 2", async () => {
    const vendor = playKind("cloud2");
    for (const [body, named] of [
      [" \n ", "the comment is empty"],
      [{ type: "doc", version: 1, content: [] }, "body is an Atlassian document"],
    ] as const) {
      const { error } = await run("cloud2", "addComment", { issueId: "ENG-42", body });
      expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
    }
    expect(vendor.calls).toEqual([]);
  });
});

describe("updateIssue", () => {
  it("sends what is given and leaves the rest as it is", async () => {
    const vendor = playKind("cloud2");
    const outcome = await run("cloud2", "updateIssue", { issueId: "ENG-42", summary: "one\ntwo", labels: ["a"] });
    expect(outcome).toEqual({ output: { issueId: "ENG-42" } });
    expect(sent(vendor)).toEqual(["PUT /issue/ENG-42"]);
    expect(bodyOf(vendor)).toEqual({ fields: { summary: "one, two", labels: ["a"] } });
  });

  it("clears what is null, and labels by an empty list", async () => {
    const vendor = playKind("cloud");
    await runCloud("updateIssue", {
      issueId: "ENG-42",
      description: null,
      priority: null,
      labels: [],
      assigneeAccountId: null,
      parent: null,
      otherFields: { customfield_10010: null },
    });
    expect(bodyOf(vendor)).toEqual({
      fields: { description: null, priority: null, labels: [], assignee: null, customfield_10010: null },
      update: { parent: [{ set: { none: true } }] },
    });
  });

  it("takes an empty text for a document without content", async () => {
    const vendor = playKind("cloud");
    await run("cloud", "updateIssue", { issueId: "ENG-42", description: "" });
    expect(bodyOf(vendor)).toEqual({ fields: { description: { type: "doc", version: 1, content: [] } } });
  });

  it("can take the parent away alone, and set it", async () => {
    const vendor = playKind("cloud");
    await run("cloud", "updateIssue", { issueId: "ENG-42", parent: null });
    await run("cloud", "updateIssue", { issueId: "ENG-42", parent: "ENG-7" });
    expect(bodyOf(vendor)).toEqual({ fields: {}, update: { parent: [{ set: { none: true } }] } });
    expect(bodyOf(vendor, 1)).toEqual({ fields: { parent: { key: "ENG-7" } } });
  });

  it.each([
    [{ issueId: "ENG-42" }, "There is nothing to change"],
    [{ issueId: "ENG-42", otherFields: {} }, "There is nothing to change"],
    [{ issueId: "", summary: "S" }, "issueId: this is no issue key or id"],
    [{ issueId: "..", summary: "S" }, "issueId"],
    [{ issueId: "ENG-42\n", summary: "S" }, "issueId"],
    [{ issueId: "ENG-42", summary: null }, "summary"],
    [{ issueId: "ENG-42", labels: null }, "labels"],
    [{ issueId: "ENG-42", otherFields: { project: { key: "EVIL" } } }, "project cannot be set here"],
  ])("refuses what cannot be meant (%#: %j)", async (input, named) => {
    const vendor = playKind("cloud");
    const { error } = await run("cloud", "updateIssue", input);
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
    expect(vendor.calls).toEqual([]);
  });

  it("is sent again after a failure of the server, since it changes nothing twice", async () => {
    let calls = 0;
    const vendor = playKind("cloud", { "PUT /issue/:id": () => ({ status: (calls += 1) === 1 ? 502 : 204 }) });
    expect((await run("cloud", "updateIssue", { issueId: "ENG-42", summary: "S" })).error).toBeUndefined();
    expect(sent(vendor)).toHaveLength(2);
  });
});

describe("transitionIssue", () => {
  it("sends the transition by its id", async () => {
    const vendor = playKind("cloud");
    const input = { issueId: "ENG-42", transitionId: "31" };
    expect(await run("cloud", "transitionIssue", input)).toEqual({ output: input });
    expect(bodyOf(vendor)).toEqual({ transition: { id: "31" } });
  });

  it("takes no name of a status, and says where ids come from", async () => {
    const vendor = playKind("cloud");
    const { error } = await run("cloud", "transitionIssue", { issueId: "ENG-42", transitionId: "Done" });
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining("getTransitions") });
    expect(vendor.calls).toEqual([]);
  });
});

describe("ids in paths", () => {
  it.each([
    ["getIssue", { issueId: "a/b?c#d" }, "GET /issue/a%2Fb%3Fc%23d"],
    ["updateIssue", { issueId: "a/../b", summary: "S" }, "PUT /issue/a%2F..%2Fb"],
    ["addComment", { issueId: "a b", body: "c" }, "POST /issue/a%20b/comment"],
    ["transitionIssue", { issueId: "%2e%2e", transitionId: "5" }, "POST /issue/%252e%252e/transitions"],
    ["assignIssue", { issueId: "ü", accountId: null }, "PUT /issue/%C3%BC/assignee"],
    ["getTransitions", { issueId: "a;b" }, "GET /issue/a%3Bb/transitions"],
    ["getProject", { projectId: "x/search" }, "GET /project/x%2Fsearch"],
    ["getIncident", { externalId: "a/b" }, "GET /issue/a%2Fb"],
  ])("are encoded by %s", async (action, input, called) => {
    const vendor = playKind("cloud");
    await run("cloud", action, input);
    expect(sent(vendor)).toEqual([called]);
  });

  it.each(["", ".", "..", " ", "a\u0000b", "a\nb", "x".repeat(256)])("are never %j", async (id) => {
    const vendor = playKind("cloud");
    for (const [action, input] of [
      ["getIssue", { issueId: id }],
      ["getProject", { projectId: id }],
      ["addComment", { issueId: id, body: "c" }],
      ["getCreateMetadata", { projectKey: "ENG", issueTypeId: id }],
      ["issue", { id }],
      ["pushToService", { incident: { summary: "S", externalId: id } }],
    ] as const) {
      expect((await run("cloud", action, input)).error?.code, action).toBe("params-invalid");
    }
    expect(vendor.calls).toEqual([]);
  });
});
