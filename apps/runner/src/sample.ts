import { VERSION } from "./version.ts";

/** The files of `stepwire init`: small, complete, and checked by a test that runs them. */
export function sampleFiles(folderName: string): Record<string, string> {
  const name =
    folderName
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, "-")
      .replace(/^-+|-+$/g, "") || "workflows";
  const packageJson = {
    name,
    private: true,
    type: "module",
    scripts: { hello: "stepwire run workflows/hello.yaml --event event.json" },
    dependencies: {
      "@stepwire/connector-http": "^0.1.0",
      "@stepwire/connector-slack": "^0.1.0",
      stepwire: `^${VERSION}`,
    },
  };
  return {
    "package.json": `${JSON.stringify(packageJson, null, 2)}\n`,
    "connectors.yaml": CONNECTORS,
    "workflows/hello.yaml": WORKFLOW,
    "event.json": `${JSON.stringify({ name: "Suspicious login", severity: "high", user: { name: "sam" } }, null, 2)}\n`,
    ".env.example":
      "# Copy to .env and put the URL of your Slack incoming webhook here.\nSLACK_WEBHOOK_URL=https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX\n",
    ".gitignore": "node_modules/\n.env\n.stepwire/\n",
  };
}

const CONNECTORS = `# yaml-language-server: $schema=./node_modules/stepwire/dist/schemas/connectors.json
connectors:
  - name: security-alerts-channel
    type: slack
    secrets:
      webhookUrl: \${env:SLACK_WEBHOOK_URL}
`;

const WORKFLOW = `# yaml-language-server: $schema=../node_modules/stepwire/dist/schemas/workflow.json
name: hello
steps:
  - name: log
    type: console
    with:
      message: "{{ event.name }} ({{ event.severity }})"

  - name: notify
    type: slack
    connector-id: security-alerts-channel
    if: "event.severity: high"
    with:
      message: "High-priority alert: {{ event.name }} for {{ event.user.name }}. Please investigate."
`;
