/** The built command and a Redmine, with a configuration that was written for Kibana, unchanged. */
import { readFileSync } from "node:fs";

import { orSkip, redmineTarget } from "@stepwire/test-rig";
import { afterAll, describe, expect, it } from "vitest";

import { stepwireJson } from "../e2e/support/command.ts";
import { makeProject } from "../e2e/support/project.ts";

const redmine = await orSkip("the command against Redmine", redmineTarget());
const { url = "" } = redmine ?? {};
afterAll(async () => redmine?.close());

const given = readFileSync(new URL("redmine.case.json", import.meta.url), "utf8").replaceAll("{base}", url);
const { config, secrets } = JSON.parse(given) as { config: object; secrets: { user: string; password: string } };
const connectors = { connectors: [{ name: "case-system", type: ".cases-webhook", config, secrets }] };

const TITLE = "Disk \"full\" on C:\\ {{x}} é☃😀 'single' </script>";
const DESCRIPTION = 'line 1\nline 2 <b>&amp;</b>\n\n{{{case.title}}} \\n "quoted"';
const COMMENT = 'First "comment"\nsecond line é☃ {{x}}';

/** Read back through Redmine's own API, by nothing of ours. */
async function stored(id: unknown) {
  const authorization = `Basic ${Buffer.from(`${secrets.user}:${secrets.password}`).toString("base64")}`;
  const response = await fetch(`${url}/issues/${String(id)}.json?include=journals`, { headers: { authorization } });
  const { issue } = (await response.json()) as {
    issue: { subject: string; description: string; custom_fields: { value: unknown }[]; journals: { notes: string }[] };
  };
  return {
    subject: issue.subject,
    description: issue.description.replaceAll("\r\n", "\n"),
    fields: issue.custom_fields.map(({ value }) => value),
    notes: issue.journals.map(({ notes }) => notes.replaceAll("\r\n", "\n")).filter(Boolean),
  };
}

describe.runIf(redmine !== undefined)("a configuration of Kibana's", () => {
  it("creates, reads, updates and comments through connectors exec", async () => {
    const { folder } = makeProject({ "connectors.json": JSON.stringify(connectors) });
    const exec = async (action: string, params: object) => {
      const args = ["connectors", "exec", "case-system", action, "--connectors", "connectors.json"];
      const result = await stepwireJson([...args, "--params", JSON.stringify(params)], { cwd: folder });
      expect(result.json, JSON.stringify(result)).toMatchObject({ status: "ok" });
      return (result.json as { data: { id: string } }).data;
    };
    const params = {
      title: TITLE,
      description: DESCRIPTION,
      labels: ["phishing", "malware"],
      severity: "high",
      status: "in-progress",
      caseId: "case-1",
    };
    const created = await exec("createCase", params);
    expect(created).toMatchObject({ title: TITLE, url: `${url}/issues/${created.id}` });
    expect(await stored(created.id)).toEqual({
      subject: TITLE,
      description: DESCRIPTION,
      fields: [["phishing", "malware"], "case-1"],
      notes: [],
    });
    const externalId = created.id;
    expect(await exec("getCase", { externalId })).toEqual({
      id: externalId,
      title: TITLE,
      url: created["url" as never],
    });
    await exec("updateCase", { externalId, summary: `${TITLE} 2`, description: "d", tags: ["noise"], severity: "low" });
    await exec("addComment", { externalId, comment: COMMENT });
    expect(await stored(externalId)).toEqual({
      subject: `${TITLE} 2`,
      description: "d",
      fields: [["noise"], "case-1"],
      notes: [COMMENT],
    });
  });

  it("creates, updates and comments in a workflow", async () => {
    const workflow = `name: respond
steps:
  - name: open_case
    type: cases-webhook.pushToService
    connector-id: case-system
    with:
      incident:
        title: "{{ event.title }}"
        description: "{{ event.description }}"
        severity: critical
        status: open
        tags: "\${{ event.labels }}"
        id: "{{ event.id }}"
      comments:
        - { comment: "{{ event.comment }}", commentId: first }
  - name: look
    type: cases-webhook.getCase
    connector-id: case-system
    with: { externalId: "{{ steps.open_case.output.id }}" }
  - name: close_case
    type: cases-webhook
    connector-id: case-system
    with:
      externalId: "{{ steps.open_case.output.id }}"
      summary: "Closed: {{ steps.look.output.title }}"
      description: "{{ event.description }}"
      status: closed
      additionalComments: "{{ event.comment }} again"
`;
    const event = { id: "case-2", title: TITLE, description: DESCRIPTION, comment: COMMENT, labels: ["malware"] };
    const { folder } = makeProject({
      "connectors.json": JSON.stringify(connectors),
      "respond.yaml": workflow,
      "event.json": JSON.stringify(event),
    });
    const args = ["run", "respond.yaml", "--event", "event.json", "--connectors", "connectors.json"];
    const { json } = await stepwireJson(args, { cwd: folder });
    expect(json, JSON.stringify(json)).toMatchObject({ status: "completed" });
    const [open] = (json as { steps: { output: { id: string } }[] }).steps;
    expect(await stored(open?.output.id)).toEqual({
      subject: `Closed: ${TITLE}`,
      description: DESCRIPTION,
      fields: [[], "case-2"],
      notes: [COMMENT, `${COMMENT} again`],
    });
  });
});
