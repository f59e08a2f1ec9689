/** Names that Elastic's pages use and Kibana's code does not have, and what becomes of them here. */
import { expect, it } from "vitest";

import { stepwireJson } from "./support/command.ts";
import { makeProject } from "./support/project.ts";

const CONNECTORS = `connectors:
  - { id: one, name: chat, type: slack_api, secrets: { token: xoxb-of-nobody } }
  - { id: two, name: tracker, type: jira, config: { apiUrl: "https://jira.example.test", projectKey: OPS }, secrets: { email: a@example.test, apiToken: t0ken-of-nobody } }
  - { id: three, name: twice, type: slack_api, secrets: { token: xoxb-of-nobody } }
  - { id: four, name: twice, type: slack_api, secrets: { token: xoxb-of-nobody } }
`;

interface Told {
  rule: string;
  message: string;
  hint?: string;
}

async function findings(step: string): Promise<Told[]> {
  const { folder } = makeProject({ "connectors.yaml": CONNECTORS, "flow.yaml": `steps: [${step}]\n` });
  const { json } = await stepwireJson(["validate", "flow.yaml"], { cwd: folder });
  return (json as { findings: Told[] }).findings;
}

it("takes jira.createIssue, and type jira with the flat fields of the documentation", async () => {
  const fields = "connector-id: tracker, with: { projectKey: OPS, issueType: Task, summary: s }";
  expect(await findings(`{ name: a, type: jira.createIssue, ${fields} }`)).toEqual([]);
  expect(await findings(`{ name: a, type: jira, ${fields} }`)).toEqual([]);
});

it("names the step type that was meant where the documentation writes slack.postMessage", async () => {
  const [wrong] = await findings(
    `{ name: a, type: slack.postMessage, connector-id: chat, with: { channels: [general], text: hi } }`,
  );
  expect(wrong).toMatchObject({ rule: "connectorNotFound", hint: expect.stringContaining("slack_api") });
});

it("says of pagerduty.triggerIncident that no package has it", async () => {
  const [wrong] = await findings("{ name: a, type: pagerduty.triggerIncident, connector-id: p, with: {} }");
  expect(wrong).toMatchObject({
    rule: "schemaViolation",
    message: expect.stringContaining("pagerduty.triggerIncident"),
  });
});

it("finds a connector by its id, then by a name that it alone has", async () => {
  const post = (connector: string): string =>
    `{ name: a, type: slack_api.postMessage, connector-id: ${connector}, with: { channels: [general], text: hi } }`;
  expect(await findings(post("one"))).toEqual([]);
  expect(await findings(post("chat"))).toEqual([]);
  expect(await findings(post("twice"))).toMatchObject([{ rule: "connectorNotFound" }]);
  expect(await findings(post("tracker"))).toMatchObject([{ rule: "connectorNotFound" }]);
});
