import { jiraTarget, orSkip } from "@stepwire/test-rig";
import { runOnce, startLoopback } from "@stepwire/testkit";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";

import { casesWebhook } from "../src/index.ts";
import { presets } from "../src/presets.ts";

const jira = await orSkip("cases-webhook against a mock of Jira", jiraTarget());
const url = jira?.url(2) ?? "";
afterAll(async () => jira?.close());

/** Between connector and mock, to see what the mock has against a request. */
async function startRelay() {
  const violations: string[] = [];
  const relay = await startLoopback(async (request) => {
    const { authorization = "", "content-type": type } = request.headers;
    const response = await fetch(`${url}${request.path}`, {
      method: request.method,
      headers: { authorization, ...(type === undefined ? {} : { "content-type": type }) },
      ...(request.body === "" ? {} : { body: request.body }),
    });
    const found = response.headers.get("sl-violations");
    if (found !== null) violations.push(`${request.method} ${request.path}: ${found}`);
    const text = await response.text();
    const contentType = response.headers.get("content-type");
    return {
      status: response.status,
      ...(contentType === null ? {} : { headers: { "content-type": contentType } }),
      ...(text === "" ? {} : { text }),
    };
  });
  onTestFinished(() => relay.close());
  return { url: relay.url, violations, requests: relay.requests };
}

describe.runIf(jira !== undefined)("the preset for Jira", () => {
  it("makes requests that Atlassian's own document has nothing against", async () => {
    const relay = await startRelay();
    const values: Record<string, string> = { base: relay.url, project: "ENG", issueType: "Task" };
    const text = JSON.stringify(presets.jira.config);
    const config = JSON.parse(
      text.replaceAll(/(?<!\{)\{(\w+)\}(?!\})/g, (_, key: string) => values[key] ?? ""),
    ) as (typeof presets)["jira"]["config"] as never;
    const incident = { title: 'Disk "full"', description: "line1\nline2", tags: ["a-b"] };
    for (const externalId of [null, "10000"]) {
      const { output, error } = await runOnce(casesWebhook, {
        config,
        secrets: { user: "bot@example.com", password: "token-of-jira" },
        input: { incident: { ...incident, externalId }, comments: [{ comment: "c \\ \n", commentId: "1" }] },
      });
      expect(error).toBeUndefined();
      expect(output).toMatchObject({ id: "10000", title: "ED-1", url: `${relay.url}/browse/ED-1`, comments: [{}] });
    }
    expect(relay.violations).toEqual([]);
    expect(relay.requests.map(({ method }) => method)).toEqual(["POST", "GET", "POST", "PUT", "GET", "POST"]);
  });

  it("is judged by a mock that does find fault", async () => {
    const relay = await startRelay();
    await fetch(`${relay.url}/rest/api/2/issue`, {
      method: "POST",
      headers: { authorization: "Basic eDp5", "content-type": "application/json" },
      body: JSON.stringify({ fields: { summary: "s", description: { type: "doc" } } }),
    });
    expect(relay.violations).toHaveLength(1);
  });
});
