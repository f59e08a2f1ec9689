/** The JSON Schema that `stepwire schema` prints, in the YAML language server that editors use. */
import { expect, it } from "vitest";

import { stepwire } from "./support/command.ts";
import { startLanguageServer } from "./support/language-server.ts";
import { makeProject } from "./support/project.ts";

const CONNECTORS = `connectors:
  - { name: my-api, type: http, config: { url: "https://a.example", hasAuth: false } }
  - { name: alerts, type: slack, secrets: { webhookUrl: "\${env:HOOK}" } }
`;

async function editor() {
  const project = makeProject({ "connectors.yaml": CONNECTORS });
  const { status, stdout, stderr } = await stepwire(["schema", "workflow"], { cwd: project.folder });
  expect(status, stderr).toBe(0);
  project.write({ "schema.json": stdout });
  const server = await startLanguageServer();
  // The line that the documentation tells people to write.
  const head = `# yaml-language-server: $schema=file://${project.file("schema.json")}\n`;
  return {
    complete: (text: string) => server.complete(head + text),
    problems: (text: string) => server.problems(head + text),
  };
}
const STEP = "name: w\nsteps:\n  - name: a\n";

it("offers step types, connectors, keys and parameters where they belong", async () => {
  const { complete } = await editor();
  expect(await complete(`${STEP}    type: |\n`)).toEqual(
    expect.arrayContaining([
      "http",
      "slack",
      "jira.createIssue",
      "cases-webhook",
      "if",
      "foreach",
      "console",
      "data.set",
    ]),
  );
  expect(await complete(`${STEP}    type: http\n    connector-id: |\n`)).toEqual(
    expect.arrayContaining(["my-api", "alerts"]),
  );
  expect(await complete(`${STEP}    type: http\n    with:\n      |\n`)).toEqual(
    expect.arrayContaining(["url", "path", "method", "headers", "query", "body", "fetcher"]),
  );
  expect(await complete(`${STEP}    type: http\n    with:\n      method: |\n`)).toEqual([
    "GET",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
  ]);
  expect(await complete(`${STEP}    type: slack\n    with:\n      |\n`)).toContain("message");
  expect(await complete(`${STEP}    type: if\n    |\n`)).toEqual(
    expect.arrayContaining(["condition", "steps", "else"]),
  );
  expect(
    await complete(
      `${STEP}    type: foreach\n    foreach: [1]\n    steps:\n      - name: b\n        type: slack\n        with:\n          |\n`,
    ),
  ).toContain("message");
  expect(await complete("|\n")).toEqual(expect.arrayContaining(["name", "steps", "triggers", "consts", "settings"]));
});

it("marks what is wrong, and nothing that is right", async () => {
  const { problems } = await editor();
  const right = `${STEP}    type: slack
    connector-id: alerts
    timeout: "{{ inputs.limit }}"
    with:
      message: "{{ event.name }}"
      unfurl_links: "\${{ event.links }}"
    on-failure: { retry: { max-attempts: 2, delay: 1m }, continue: true }
  - name: other
    type: http
    with: { url: "{{ event.url }}", method: "{{ event.method }}", query: { n: 1 } }
`;
  expect(await problems(right)).toEqual([]);
  const wrong = await problems(`${STEP}    type: slakc\n    timeout: soon\n    with: {}\n`);
  expect(wrong.join("\n")).toContain("slack");
  expect(await problems(`${STEP}    type: http\n    with: { methd: GET }\n`)).not.toEqual([]);
});
