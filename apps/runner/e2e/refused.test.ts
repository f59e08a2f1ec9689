/** What is wrong before a run is told with its place and what to do, and nothing is sent. */
import type { Finding } from "@stepwire/core";
import { expect, it } from "vitest";

import { bin, startProcess, stepwire, stepwireJson, type Result } from "./support/command.ts";
import { makeFolder, makeProject, startVendor, type Files } from "./support/project.ts";

const CONNECTORS = (url: string) => `connectors:
  - { name: api, type: http, config: { url: "${url}", hasAuth: false } }
  - { name: alerts, type: slack, secrets: { webhookUrl: "\${env:HOOK}" } }
  - { name: twin, type: slack, secrets: { webhookUrl: "\${env:HOOK}" } }
  - { name: twin, type: slack, secrets: { webhookUrl: "\${env:HOOK}" } }
  - { name: unset, type: slack, secrets: { webhookUrl: "\${env:NOT_THERE}" } }
`;

/** The first step would be received by the server if a refusal came too late. */
const steps = (more: string) => `steps:
  - { name: first, type: http, connector-id: api, with: { path: /first } }
${more}`;
const step = (text: string) => steps(`  - ${text}\n`);

/** As an editor set to Latin-1 saves it. */
const LATIN = Buffer.from("# gr\u00FC\u00DFe\n", "latin1");

type Wanted = Partial<Finding>;

interface Refusal {
  what: string;
  /** Replaces or adds files; `URL` stands for the server's address. */
  files?: Files;
  args?: string[];
  finding: Wanted;
  /** What stderr has in it, beside the place. */
  says: string[];
}

const workflow = (what: string, text: string, finding: Wanted, ...says: string[]): Refusal => ({
  what,
  files: { "workflow.yaml": text },
  finding: { file: "workflow.yaml", ...finding },
  says,
});

const refusals: Refusal[] = [
  workflow("YAML that does not parse", "steps:\n  - { name: a\n", { code: "yaml-invalid", line: 3 }, "end with a }"),
  workflow(
    "a key that stands twice",
    step("{ name: a, type: console, with: { message: a, message: b } }"),
    { code: "yaml-invalid", line: 3, column: 51 },
    "twice",
    "Keep one",
  ),
  workflow(
    "an alias bomb",
    `a: &a [x,x,x,x,x,x,x,x,x,x]\n${"abcdefgh"
      .split("")
      .slice(1)
      .map((name, at) => `${name}: &${name} [${`*${"abcdefgh"[at]},`.repeat(10)}]\n`)
      .join("")}steps: *h\n`,
    { code: "yaml-invalid" },
    "aliases",
    "Write the repeated parts out",
  ),
  workflow(
    "an unknown key of the workflow",
    `nmae: x\n${steps("")}`,
    { code: "workflow-invalid", line: 1, column: 1, path: "nmae" },
    "nmae",
    '"name"',
  ),
  workflow(
    "an unknown key of the settings",
    `settings: { timout: 3s }\n${steps("")}`,
    { code: "workflow-invalid", line: 1, column: 13, path: "settings.timout" },
    '"timeout"',
  ),
  workflow(
    "an unknown key of an input",
    `inputs: [{ name: a, type: string, defualt: x }]\n${steps("")}`,
    { code: "workflow-invalid", line: 1, column: 35 },
    '"default"',
  ),
  workflow(
    "an unknown key of a step",
    step("{ name: a, type: console, wiht: { message: a } }"),
    { code: "workflow-invalid", line: 3, column: 31 },
    "wiht",
    '"with"',
  ),
  workflow(
    "an unknown key of on-failure",
    step("{ name: a, type: http, connector-id: api, with: { path: /x }, on-failure: { rety: { max-attempts: 1 } } }"),
    { code: "workflow-invalid", line: 3, column: 81 },
    "rety",
    '"retry"',
  ),
  workflow(
    "an unknown parameter",
    step("{ name: a, type: http, connector-id: api, with: { path: /x, metod: GET } }"),
    { code: "params-invalid", line: 3, column: 65, path: "steps[1].with.metod" },
    '"method"',
  ),
  workflow(
    "a parameter of the wrong type",
    step("{ name: a, type: http, connector-id: api, with: { path: [1] } }"),
    { code: "params-invalid", line: 3, path: "steps[1].with.path" },
    "expected string",
  ),
  workflow(
    "a misspelt step type of a package",
    step("{ name: a, type: slakc, connector-id: alerts, with: { message: a } }"),
    { code: "unknown-step-type", line: 3, column: 22 },
    "slakc",
    "slack",
  ),
  workflow(
    "a misspelt built-in step type",
    step("{ name: a, type: consle, with: { message: a } }"),
    { code: "unknown-step-type", line: 3, column: 22 },
    "Did you mean console?",
  ),
  workflow(
    "a missing connector-id",
    step("{ name: a, type: slack, with: { message: a } }"),
    { line: 3, severity: "error" },
    "connector-id",
  ),
  workflow(
    "a misspelt connector-id",
    step("{ name: a, type: slack, connector-id: alrets, with: { message: a } }"),
    { code: "connector-not-found", line: 3, column: 43 },
    'Did you mean "alerts"?',
  ),
  workflow(
    "an ambiguous connector",
    step("{ name: a, type: slack, connector-id: twin, with: { message: a } }"),
    { code: "connector-ambiguous", line: 3, column: 43 },
    "twin-1, twin-2",
  ),
  workflow(
    "a connector of another type",
    step("{ name: a, type: slack, connector-id: api, with: { message: a } }"),
    { code: "connector-type-mismatch", line: 3, column: 43 },
    "of the type http",
  ),
  workflow(
    "an unknown filter",
    step('{ name: a, type: console, with: { message: "{{ event.x | upcsae }}" } }'),
    { code: "template-error", line: 3 },
    "upcsae",
    '"upcase"',
  ),
  workflow(
    "an unknown tag",
    step('{ name: a, type: console, with: { message: "{% iff x %}{% endif %}" } }'),
    { code: "template-error", line: 3 },
    "iff",
    '"if"',
  ),
  workflow(
    "neither url nor connector",
    step("{ name: a, type: http, with: { method: GET } }"),
    { code: "params-invalid", line: 3 },
    "neither a url nor a connector",
    "connector-id",
  ),
  workflow(
    "a disabled workflow",
    `enabled: false\n${steps("")}`,
    { code: "workflow-invalid", path: "enabled" },
    "enabled: true",
  ),
  workflow(
    "a missing required input",
    `inputs: [{ name: who, type: string, required: true }]\n${steps("")}`,
    { code: "params-invalid", path: "inputs.who" },
    "--input who=",
  ),
  {
    what: "an unset variable of a connector that is used",
    files: {
      "workflow.yaml": step("{ name: a, type: slack, connector-id: unset, with: { message: a } }"),
    },
    finding: { code: "secrets-invalid", file: "connectors.yaml", line: 6, path: "connectors[4].secrets.webhookUrl" },
    says: ["NOT_THERE", "Set it"],
  },
  {
    what: "a package that is not installed",
    files: {
      "package.json": "{}",
      "connectors.yaml": "connectors: []",
      "workflow.yaml": step("{ name: a, type: jira, connector-id: j, with: { action: createIssue } }"),
    },
    finding: { code: "unknown-step-type", file: "workflow.yaml", line: 2 },
    says: ["npm install @stepwire/connector-http", "npm install @stepwire/connector-jira"],
  },
  {
    what: "a static host that is not allowed",
    files: {
      "stepwire.yaml": "network: { allowedHosts: [127.0.0.1] }\n",
      "workflow.yaml": step('{ name: a, type: http, with: { url: "https://elsewhere.example/x" } }'),
    },
    finding: { code: "host-not-allowed", file: "workflow.yaml", line: 3, path: "steps[1].with.url" },
    says: ["elsewhere.example", "allowedHosts"],
  },
  {
    what: "a settings file with an unknown key",
    files: { "stepwire.yaml": "network:\n  alowedHosts: []\n" },
    finding: { code: "settings-invalid", file: "stepwire.yaml", line: 2, column: 3 },
    says: ["alowedHosts", "Did you mean allowedHosts?"],
  },
  {
    what: "a connectors file with an unknown key",
    files: { "connectors.yaml": "connectors:\n  - name: api\n    type: http\n    secrts: {}\n" },
    finding: { code: "config-invalid", file: "connectors.yaml", line: 4, column: 5 },
    says: ["secrts", "secrets"],
  },
  {
    what: "a workflow file that is missing",
    args: ["run", "nowhere.yaml"],
    finding: { code: "usage-invalid", file: "nowhere.yaml" },
    says: ["does not exist", "relative to the folder"],
  },
  {
    what: "an event file that is missing",
    args: ["run", "workflow.yaml", "--event", "nowhere.json"],
    finding: { code: "usage-invalid", file: "nowhere.json" },
    says: ["--event", "nowhere.json", "does not exist"],
  },
  {
    what: "an event that is no JSON",
    files: { "event.json": '{\n  "a": \n' },
    args: ["run", "workflow.yaml", "--event", "event.json"],
    finding: { code: "usage-invalid", file: "event.json", line: 2, column: 8 },
    says: ["event.json:2:8", "neither JSON nor YAML"],
  },
  {
    what: "an event that is no map",
    files: { "event.json": "[1, 2]" },
    args: ["run", "workflow.yaml", "--event", "event.json"],
    finding: { code: "usage-invalid", file: "event.json" },
    says: ["a list", "map"],
  },
  {
    what: "an unknown option",
    args: ["run", "workflow.yaml", "--dryrun"],
    finding: { code: "usage-invalid" },
    says: ["--dryrun", "--dry-run"],
  },
  {
    what: "an unknown command",
    args: ["rnu", "workflow.yaml"],
    finding: { code: "usage-invalid" },
    says: ["rnu", "run?"],
  },
  {
    what: "an option without its value",
    args: ["run", "workflow.yaml", "--event"],
    finding: { code: "usage-invalid" },
    says: ["--event needs a value"],
  },
  {
    what: "a connectors file that is named and missing",
    args: ["run", "workflow.yaml", "--connectors", "nowhere.yaml"],
    finding: { code: "usage-invalid", file: "nowhere.yaml" },
    says: ["--connectors"],
  },
  {
    what: "a settings file that is named and missing",
    args: ["run", "workflow.yaml", "--settings", "nowhere.yaml"],
    finding: { code: "usage-invalid", file: "nowhere.yaml" },
    says: ["--settings"],
  },
  {
    what: "a workflow file that is not UTF-8",
    files: { "workflow.yaml": LATIN },
    finding: { code: "usage-invalid", file: "workflow.yaml" },
    says: ["The workflow file is not UTF-8 text.", "Save it as UTF-8."],
  },
  {
    what: "a connectors file that is not UTF-8",
    files: { "connectors.yaml": LATIN },
    finding: { code: "usage-invalid", file: "connectors.yaml", line: 1, column: 1 },
    says: ["The file is not UTF-8 text.", "Save it as UTF-8."],
  },
  {
    what: "an env file that is not UTF-8",
    files: { ".env": LATIN },
    finding: { code: "usage-invalid", file: ".env" },
    says: ["The env file is not UTF-8 text.", "Save it as UTF-8."],
  },
  {
    what: "a project folder that is none",
    args: ["run", "workflow.yaml", "--project", "nowhere"],
    finding: { code: "usage-invalid" },
    says: ["--project", "nowhere", "package.json"],
  },
];

const KEYS = new Set(["code", "rule", "severity", "message", "file", "line", "column", "path", "hint", "details"]);

it.each(refusals)("$what", async ({ files = {}, args = ["run", "workflow.yaml"], finding, says }) => {
  const vendor = await startVendor();
  const all = {
    "workflow.yaml": steps(""),
    "connectors.yaml": CONNECTORS(vendor.url),
    ".env": `HOOK=${vendor.url}/hook\n`,
    ...files,
  };
  const project = makeProject(all);
  const options = { cwd: project.folder };

  const [text, { result, json }] = await Promise.all([stepwire(args, options), stepwireJson(args, options)]);
  expect(text, text.stderr).toMatchObject({ status: 2, stdout: "" });
  for (const part of says) expect(text.stderr).toContain(part);

  expect(result).toMatchObject({ status: 2, stderr: "" });
  const { findings } = json as { findings: Finding[] };
  expect(json).toEqual({ status: "refused", findings: expect.any(Array) as unknown });
  const { file, ...rest } = finding;
  const found = findings.find((one) => matches(one, rest) && (one.file ?? "").endsWith(file ?? ""));
  expect(found, JSON.stringify(findings, null, 1)).toBeDefined();
  for (const key of findings.flatMap((item) => Object.keys(item))) expect(KEYS).toContain(key);
  const place = found?.line === undefined ? (file ?? "") : `${file}:${found.line}:${found.column}`;
  expect(text.stderr).toContain(place);
  expect(vendor.requests).toEqual([]);
});

const matches = (finding: Finding, wanted: Wanted): boolean =>
  Object.entries(wanted).every(([key, item]) => finding[key as keyof Finding] === item);

it("refuses an env file that is missing", async () => {
  const project = makeProject({ "workflow.yaml": steps(""), "connectors.yaml": CONNECTORS("http://127.0.0.1:1") });
  // Node reads an option of this name even behind the script's name, unless its own options are ended by `--`.
  const options = { cwd: project.folder, nodeArgs: ["--"] };
  const { status, stderr }: Result = await stepwire(["run", "workflow.yaml", "--env-file", "nowhere"], options);
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("nowhere  error") as unknown });
  expect(stderr).toContain("The env file does not exist.");
});

it.each([["types"], ["run", "workflow.yaml"], ["init", "there"]])(
  "refuses %s in a folder that is gone",
  async (...args) => {
    const { folder } = makeFolder();
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';
    const command = ["-c", script, "sh", process.execPath, bin, ...args];
    const { status, stdout, stderr } = await startProcess("sh", command, { cwd: folder }).done;
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("The folder the command runs in no longer exists.");
    expect(stderr).not.toContain("    at ");
  },
);

it("does not mind an unset variable of a connector that is not used", async () => {
  const vendor = await startVendor();
  const project = makeProject({ "workflow.yaml": steps(""), "connectors.yaml": CONNECTORS(vendor.url) });
  expect(await stepwire(["run", "workflow.yaml"], { cwd: project.folder })).toMatchObject({ status: 0 });
  expect(vendor.requests.map((request) => request.path)).toEqual(["/first"]);
});

it("does not say that a connector is missing from a file that could not be read", async () => {
  const project = makeProject({ "workflow.yaml": steps("") });
  const { json } = await stepwireJson(["run", "workflow.yaml", "--connectors", "no.yaml"], { cwd: project.folder });
  expect((json as { findings: { code: string }[] }).findings.map((finding) => finding.code)).toEqual(["usage-invalid"]);
});

it("warns of what looks like a secret, without repeating it", async () => {
  const text =
    'steps: [{ name: a, type: http, with: { url: "http://h.example", headers: { Authorization: "Bearer abcdef123456" } } }]\n';
  const project = makeProject({ "workflow.yaml": text });
  const { status, stdout, stderr } = await stepwire(["validate", "workflow.yaml"], { cwd: project.folder });
  expect({ status, stdout }).toEqual({ status: 0, stdout: "ok  workflow.yaml\n" });
  expect(stderr).toMatch(/workflow\.yaml:1:\d+ {2}warning/);
  expect(stderr).toContain("looks like a secret");
  expect(stderr).not.toContain("abcdef123456");
});

it("does not show lines of the connectors file, which may hold secrets", async () => {
  const connectors =
    'connectors:\n  - { name: a, type: slack, secrets: { webhookUrl: "https://h.example/secretpart" }, typo: 1 }\n';
  const project = makeProject({ "workflow.yaml": steps(""), "connectors.yaml": connectors });
  const { status, stderr } = await stepwire(["validate", "workflow.yaml"], { cwd: project.folder });
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("connectors.yaml:2:") as unknown });
  expect(stderr).not.toContain("secretpart");
});
