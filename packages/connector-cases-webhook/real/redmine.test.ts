import { orSkip, redmineTarget } from "@stepwire/test-rig";
import { runOnce } from "@stepwire/testkit";
import { afterAll, describe, expect, it } from "vitest";

import { casesWebhook } from "../src/index.ts";
import { presets } from "../src/presets.ts";
import { answers } from "../test/support.ts";

const redmine = await orSkip("cases-webhook against Redmine", redmineTarget());
const { url = "", user = "", password = "" } = redmine ?? {};
afterAll(async () => redmine?.close());

const FIELDS = '"custom_fields":[{"id":1,"value":{{{case.tags}}}},{"id":2,"value":{{{case.id}}}}]';
const CONFIG = {
  createIncidentUrl: `${url}/issues.json`,
  createIncidentJson: `{"issue":{"project_id":"cases","subject":{{{case.title}}},"description":{{{case.description}}},${FIELDS}}}`,
  createIncidentResponseKey: "issue.id",
  getIncidentUrl: `${url}/issues/{{{external.system.id}}}.json`,
  getIncidentResponseExternalTitleKey: "issue.subject",
  viewIncidentUrl: `${url}/issues/{{{external.system.ID}}}`,
  updateIncidentUrl: `${url}/issues/{{{external.system.ID}}}.json`,
  updateIncidentJson: `{"issue":{"subject":"[SOC] {{{case.title}}}","description":{{{case.description}}},${FIELDS}}}`,
  createCommentUrl: `${url}/issues/{{{external.system.id}}}.json`,
  createCommentJson: '{"issue":{"notes":{{{case.comment}}}}}',
};
const TITLE = 'Disk "full" on C:\\ {{x}} {{{case.id}}} é☃😀';
const DESCRIPTION = 'line 1\nline 2 <b>&amp;</b>\t"tab"\\n';

const run = async (action: string, input: object, secrets: object = {}, config: object = {}) =>
  runOnce(casesWebhook, { action, input, config: { ...CONFIG, ...config }, secrets: { user, password, ...secrets } });

/** Read back through Redmine's own API, by nothing of ours. */
async function stored(id: unknown) {
  const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
  const response = await fetch(`${url}/issues/${String(id)}.json?include=journals`, { headers });
  const { issue } = (await response.json()) as { issue: Issue };
  return { ...issue, description: issue.description.replaceAll("\r\n", "\n"), notes: notesOf(issue) };
}
interface Issue {
  subject: string;
  description: string;
  custom_fields: { id: number; value: unknown }[];
  journals: { notes: string }[];
}
const notesOf = ({ journals }: Issue) => journals.map(({ notes }) => notes.replaceAll("\r\n", "\n")).filter(Boolean);
const idOf = (outcome: { output?: unknown }) => (outcome.output as { id?: unknown } | undefined)?.id;

describe.runIf(redmine !== undefined)("Redmine", () => {
  it("gets a case with everything in it, as it was given", async () => {
    const outcome = await run("createCase", {
      title: TITLE,
      description: DESCRIPTION,
      labels: ["phishing", "malware"],
      severity: "high",
      status: "open",
      caseId: 'case-"1"',
    });
    const id = idOf(outcome);
    expect(outcome.output).toEqual({
      id,
      title: TITLE,
      url: `${url}/issues/${String(id)}`,
      pushedDate: expect.any(String),
    });
    expect(id).toMatch(/^\d+$/);
    expect(await stored(id)).toMatchObject({
      subject: TITLE,
      description: DESCRIPTION,
      custom_fields: [
        { id: 1, value: ["phishing", "malware"] },
        { id: 2, value: 'case-"1"' },
      ],
      notes: [],
    });
  });

  it("has a case updated, commented and read", async () => {
    const id = idOf(await run("createCase", { title: "first", description: "d", tags: ["noise"] }));
    const updated = await run("updateCase", { externalId: id, title: TITLE, description: DESCRIPTION, tags: [] });
    expect(updated.output).toMatchObject({ id, title: `[SOC] ${TITLE}` });
    expect((await run("addComment", { externalId: id, comment: `${TITLE}\n${DESCRIPTION}` })).output).toMatchObject({
      commentId: "1",
    });
    expect((await run("getCase", { externalId: id })).output).toEqual({
      id,
      title: `[SOC] ${TITLE}`,
      url: `${url}/issues/${String(id)}`,
    });
    const issue = await stored(id);
    expect(issue).toMatchObject({ subject: `[SOC] ${TITLE}`, notes: [`${TITLE}\n${DESCRIPTION}`] });
    expect(issue.custom_fields[0]).toMatchObject({ id: 1, value: [] });
  });

  it("takes Kibana's push: a create with comments, then an update with another", async () => {
    const incident = {
      title: TITLE,
      description: DESCRIPTION,
      severity: "critical",
      status: "open",
      tags: ["malware"],
    };
    const comments = [
      { comment: "one", commentId: "c-1" },
      { comment: 'two "2"', commentId: "c-2" },
    ];
    const created = await run("pushToService", { incident, comments });
    const id = idOf(created);
    expect(created.output).toMatchObject({ title: TITLE, comments: [{ commentId: "c-1" }, { commentId: "c-2" }] });
    await run("pushToService", {
      incident: { ...incident, title: "closed", externalId: id },
      comments: [{ comment: "three", commentId: "c-3" }],
    });
    expect(await stored(id)).toMatchObject({ subject: "[SOC] closed", notes: ["one", 'two "2"', "three"] });
  });

  // Not ids such as 1?x: Redmine itself takes the number at their beginning.
  it.each(["1/../2", "../users/current", "%31", "x/1"])("finds nothing under the id %j", async (externalId) => {
    await run("createCase", { title: "there is a case 1", description: "d" });
    expect((await run("getCase", { externalId })).error).toMatchObject({ code: "http-status", status: 404 });
  });

  it("says no in the words of the recorded answers", async () => {
    const input = { title: "t", description: "d" };
    const broken = {
      createIncidentJson: '{"x":"{{{case.title}}}{{{case.description}}}"}',
      createIncidentUrl: `${url}/nowhere`,
    };
    for (const [name, outcome] of [
      ["blankSubject", await run("createCase", { ...input, title: "" })],
      ["longSubject", await run("createCase", { ...input, title: "x".repeat(256) })],
      ["unknownTag", await run("createCase", { ...input, tags: ["nope"] })],
      ["unknownId", await run("getCase", { externalId: "999999" })],
      ["unauthorized", await run("getCase", { externalId: "1" }, { password: "wrong-pass" })],
    ] as const) {
      const recorded = answers[name];
      expect(outcome.error, name).toMatchObject({ code: "http-status", status: recorded?.status, retryable: false });
      expect(outcome.error?.details?.["data"], name).toEqual(recorded?.body);
    }
    expect((await run("createCase", input, {}, broken)).error).toMatchObject({ code: "http-status", status: 404 });
  });

  it("keeps what was created when a comment is refused", async () => {
    const { error } = await run(
      "pushToService",
      { title: "half done", description: "d", comments: [{ comment: "x" }] },
      {},
      { createCommentUrl: `${url}/issues/999999{{{external.system.id}}}.json` },
    );
    expect(error).toMatchObject({ code: "partial-success", status: 404 });
    expect(await stored(error?.details?.["externalId"])).toMatchObject({ subject: "half done", notes: [] });
  });

  it("answers with the fields that the fixture has", async () => {
    const headers = {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
      "content-type": "application/json",
    };
    const body = JSON.stringify({ issue: { project_id: "cases", subject: "s", description: "d" } });
    const response = await fetch(`${url}/issues.json`, { method: "POST", headers, body });
    const recorded = answers["created"];
    expect([response.status, response.headers.get("content-type")]).toEqual([recorded?.status, recorded?.contentType]);
    const names = (answer: unknown) => Object.keys((answer as { issue: object }).issue).toSorted();
    expect(names(await response.json())).toEqual(names(recorded?.body));
  });

  it("works with the preset", async () => {
    const config = JSON.parse(
      JSON.stringify(presets.redmine.config).replaceAll("{base}", url).replaceAll("{project}", "cases"),
    ) as object;
    const input = { title: TITLE, description: DESCRIPTION, severity: "low", additionalComments: "see the runbook" };
    const outcome = await run("pushToService", input, {}, config);
    expect(outcome.error).toBeUndefined();
    expect(await stored(idOf(outcome))).toMatchObject({
      subject: TITLE,
      description: `${DESCRIPTION}\n\nSeverity: low`,
      notes: ["see the runbook"],
    });
  });
});
