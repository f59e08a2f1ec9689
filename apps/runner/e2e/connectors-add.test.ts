/** `stepwire connectors add`, asked on a pipe and answered by flags. */
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { bin, startProcess, stepwire, stepwireJson } from "./support/command.ts";
import { addPlugin, makeProject, root, sendJson, startVendor, type ProjectFolder } from "./support/project.ts";

/** A type whose config has steps, a template, a preset and a default action that writes. */
const TRACKER = `
import { defineConnection, defineConnectorType, definePlugin } from "@stepwire/core";
import * as z from "zod";
const connection = defineConnection({
  config: z.strictObject({
    apiUrl: z.url().describe("Where the tracker is"),
    noteJson: z.string().min(1).describe("What is sent").meta({ "x-step": "Notes" }),
    method: z.enum(["post", "put"]).default("post").describe("How it is sent").meta({ "x-step": "Notes" }),
    most: z.number().max(10).nullish().describe("How many are read").meta({ "x-step": "Reading" }),
  }),
  secrets: z.strictObject({ token: z.string().min(12).describe("The token") }),
  auth: [{ kind: "bearer", token: "token" }],
  baseUrl: (config) => config.apiUrl,
  hosts: [],
  prepare: (config, tools) => tools
    .checkTemplate(config.noteJson, { as: "json", variables: ["title"], required: ["title"] })
    .map((message) => ({ path: ["noteJson"], message })),
});
const addNote = connection.action({
  summary: "Adds a note",
  effect: "write",
  idempotency: "none",
  input: z.strictObject({
    title: z.string().min(3).describe("The title"),
    tags: z.array(z.string()).nullish().describe("Its tags"),
    urgent: z.boolean().optional().describe("Whether it is urgent"),
    more: z.strictObject({ deep: z.string() }).optional().describe("For programs"),
  }),
  output: z.object({ id: z.string(), url: z.string() }),
  async run(ctx, input) {
    const { data } = await ctx.request({ method: "POST", path: "notes", json: input });
    return data;
  },
});
const apiConnection = defineConnection({
  config: z.strictObject({ url: z.url().describe("Where the API is") }),
  secrets: z.strictObject({ extra: z.string().optional().describe("For special cases") }),
  auth: [{ kind: "envelope" }],
  baseUrl: (config) => config.url,
  hosts: [],
});
const ping = apiConnection.action({
  summary: "Asks", effect: "read", idempotency: "natural", input: z.strictObject({}), output: z.object({}),
  run: async () => ({}),
});
const api = defineConnectorType({
  id: "acme/api", title: "API", description: "Any", connection: apiConnection, actions: { ping }, defaultAction: "ping",
});
export default definePlugin({ connectorTypes: [api, defineConnectorType({
  id: "acme/tracker", title: "Tracker", description: "Notes", connection, actions: { addNote }, defaultAction: "addNote",
  presets: { demo: { description: "The demo", config: {
    apiUrl: "{base}/api", noteJson: '{"title": {{{title}}}}', method: "put",
  } } },
})] });
`;

const TOKEN = "a'b\"c`d # ${env:NOPE}";

function trackerProject(files: Record<string, string> = {}): ProjectFolder {
  const project = makeProject({ "stepwire.yaml": "plugins: { paths: [./tracker] }\n", ...files });
  addPlugin(project, "tracker", TRACKER);
  return project;
}

const lines = (...answers: string[]) => answers.map((answer) => `${answer}\n`).join("");
const read = (project: ProjectFolder, name = "connectors.yaml") => readFileSync(project.file(name), "utf8");
const untouched = (project: ProjectFolder) =>
  [".env", "connectors.yaml"].filter((name) => existsSync(project.file(name))).length === 0;

it("asks step by step, and again for what turns out wrong", async () => {
  const project = trackerProject();
  const stdin = lines(
    "",
    "Notes (Ops)",
    "nowhere",
    "https://tracker.example",
    "short",
    TOKEN,
    // A template that cannot work, then one over several lines; Enter takes the default.
    '{"title": {{{titel}}}}',
    "{",
    '  "title": {{{title}}}',
    "}",
    "",
    "99",
    "ten",
    "7",
    "n",
  );
  const result = await stepwire(["connectors", "add", "acme/tracker"], { cwd: project.folder, stdin });
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(result.stdout).toBe(
    "Added Notes (Ops) (acme/tracker) to connectors.yaml\nSecrets in .env: NOTES_OPS_TOKEN, NOTES_OPS_TOKEN_2\n" +
      "Next: stepwire connectors test 'Notes (Ops)'\n",
  );
  expect(read(project)).toBe(`connectors:
  - id: notes-ops
    name: Notes (Ops)
    type: acme/tracker
    config:
      apiUrl: https://tracker.example
      noteJson: |-
        {
          "title": {{{title}}}
        }
      most: 7
    secrets:
      token: \${env:NOTES_OPS_TOKEN}\${env:NOTES_OPS_TOKEN_2}
`);
  expect(statSync(project.file(".env")).mode & 0o777).toBe(0o600);
  for (const said of [
    "Step 1 of 3: Name and authentication",
    "The name is empty.",
    "config.apiUrl",
    "secrets.token",
    "Step 2 of 3: Notes",
    "titel",
    "Step 3 of 3: Reading",
    "It is a number.",
  ])
    expect(result.stderr).toContain(said);
  expect(result.stderr).not.toContain("a'b");
  expect(result.stderr).not.toContain("short");
  const shown = await stepwireJson(["connectors", "show", "notes-ops"], { cwd: project.folder });
  expect(shown.json).toMatchObject({ name: "Notes (Ops)", findings: [] });
});

it("starts from a preset, whose open places are asked for, and whose values are proposed", async () => {
  const project = trackerProject();
  const stdin = lines("nowhere", "https://t.example/", "notes", "", "t".repeat(12), "", "post", "", "n");
  const args = ["connectors", "add", "acme/tracker", "--preset", "demo"];
  const result = await stepwire(args, { cwd: project.folder, stdin });
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(read(project)).toContain("apiUrl: https://t.example/api\n");
  expect(read(project)).toContain("noteJson: '{\"title\": {{{title}}}}'\n      method: post\n");
});

it("takes a preset, flags and standard input without a question", async () => {
  const project = trackerProject();
  const args = ["connectors", "add", "acme/tracker", "--yes", "--preset", "demo", "--name", "notes", "--set", "most=3"];
  const more = ["--set", "base=https://t.example", "--secret", "token=-"];
  const { result, json } = await stepwireJson([...args, ...more], { cwd: project.folder, stdin: `${TOKEN}\n` });
  expect(result, result.stdout).toMatchObject({ status: 0, stderr: "" });
  expect(json).toEqual({
    status: "ok",
    connectorId: "notes",
    name: "notes",
    type: "acme/tracker",
    files: [project.file(".env"), project.file("connectors.yaml")],
    env: ["NOTES_TOKEN", "NOTES_TOKEN_2"],
  });
  expect(read(project)).toContain("method: put\n      most: 3\n");
});

it("names everything that is missing, and the flag for it, and writes nothing", async () => {
  const project = trackerProject();
  const args = ["connectors", "add", "acme/tracker"];
  const yes = await stepwireJson([...args, "--yes", "--preset", "demo"], { cwd: project.folder });
  expect(yes.result.status).toBe(2);
  expect(yes.json).toMatchObject({
    status: "refused",
    findings: [
      { message: "name is missing: What workflows call the connector.", hint: "Give it with --name NAME" },
      { message: "base is missing: The preset leaves it open.", hint: "Give it with --set base=VALUE" },
      { message: "secrets.token is missing: The token.", hint: "Give it with --secret token=env:NAME" },
    ],
  });
  const ended = await stepwireJson(args, { cwd: project.folder, stdin: lines("notes", "https://t.example") });
  expect(ended.result.status).toBe(2);
  expect(ended.json).toMatchObject({
    findings: [{ message: expect.stringContaining("Standard input ended") as unknown }, {}, {}],
  });
  const http = await stepwire(["connectors", "add", "http", "--yes", "--name", "api"], { cwd: project.folder });
  expect(http.stderr).toContain("--set url=VALUE");
  expect(http.stderr).toContain("--set hasAuth=false");
  expect(untouched(project)).toBe(true);
});

it.each([
  [["jra"], "Did you mean jira?"],
  [[], "stepwire types lists them"],
  [["slack", "extra-secret"], "there is 1 word too many"],
  [["slack", "--nmae", "x"], "Did you mean --name?"],
  [["slack", "--name", "two\nlines"], "line break"],
  [["slack", "--name", "x".repeat(256)], "256 characters"],
  [["slack", "--name", " "], "The name is empty"],
  [["slack", "--name", "a", "--id", "b\u0007"], "--id: The id holds"],
  [["slack", "--secret", "webhookUrl=https://hooks.example/literal-secret"], "env:NAME"],
  [["slack", "--secret", "literal-secret"], "env:NAME"],
  [["slack", "--secret", "webhookUri=env:X"], "Did you mean webhookUrl?"],
  [["slack", "--secret", "webhookUrl=env:X Y"], "no name of a variable"],
  [["slack", "--name", "a", "--secret", "webhookUrl=env:NOT_SET"], "NOT_SET"],
  [["slack", "--name", "a", "--secret", "webhookUrl=file:nowhere"], "nowhere"],
  [["slack", "--set", "x=1"], "has no config.x"],
  [["http", "--set", "url"], "KEY=VALUE"],
  [["http", "--set", "__proto__=1"], "has no config.__proto__"],
  [["http", "--set", "headers.__proto__=1"], "has no config.headers"],
  [["http", "--name", "a", "--set", "hasAuth=false", "--set", "url=ftp://x"], "http or https"],
  [["http", "--name", "a", "--set", "hasAuth=false", "--set", "url=http://x", "--secret", "user=bob"], "not be used"],
  [["http", "--preset", "x"], "no presets"],
  [["slack", "--test", "--no-test"], "different things"],
  [["slack", "--test"], "--params JSON"],
  [["slack", "--params", "{}"], "--params goes with --test"],
  [["jira", "--test", "--params", "{}"], "tested without"],
])("refuses %j before anything is written", async (args, says) => {
  const project = makeProject();
  const { status, stdout, stderr } = await stepwire(["connectors", "add", ...args, "--yes"], { cwd: project.folder });
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: "",
    stderr: expect.stringContaining(says) as unknown,
  });
  expect(stderr).not.toMatch(/literal-secret|extra-secret/);
  expect(untouched(project)).toBe(true);
});

it("names the presets that there are", async () => {
  const { folder: cwd } = trackerProject();
  const { stderr } = await stepwire(["connectors", "add", "acme/tracker", "--preset", "x", "--yes"], { cwd });
  expect(stderr).toContain("It has demo.");
});

it("adds what each way to log in needs, under Kibana's own keys", async () => {
  const project = trackerProject({ "token.txt": "t".repeat(20) });
  const add = async (name: string, ...answers: string[]) => {
    const result = await stepwire(["connectors", "add", "acme/api"], {
      cwd: project.folder,
      stdin: lines(name, "https://api.example", ...answers),
      env: { TOKEN: "t".repeat(20) },
    });
    expect(result, result.stderr).toMatchObject({ status: 0 });
  };
  await add(
    "none",
    "none",
    "y",
    "",
    "certificate",
    "Accept",
    "text/plain",
    "",
    "X-Key",
    "Bearer ${env:TOKEN}",
    "",
    "",
    "",
    "n",
  );
  await add("basic", "basic", "bob", "pass word", "n", "n");
  await add(
    "oauth",
    "oauth2-client-credentials",
    "https://login.example/t",
    "me",
    "${file:token.txt}",
    "",
    "",
    "n",
    "n",
  );
  const { json } = await stepwireJson(["connectors", "show", "oauth"], { cwd: project.folder });
  expect(json).toMatchObject({ secrets: { clientSecret: "${file:token.txt}" }, findings: [] });
  expect(read(project)).toBe(`connectors:
  - name: none
    type: acme/api
    config:
      url: https://api.example
      hasAuth: false
      verificationMode: certificate
      headers:
        Accept: text/plain
    secrets:
      secretHeaders:
        X-Key: Bearer \${env:TOKEN}
  - name: basic
    type: acme/api
    config:
      url: https://api.example
      hasAuth: true
      authType: webhook-authentication-basic
    secrets:
      user: bob
      password: \${env:BASIC_PASSWORD}
  - name: oauth
    type: acme/api
    config:
      url: https://api.example
      hasAuth: true
      authType: webhook-oauth2-client-credentials
      accessTokenUrl: https://login.example/t
      clientId: me
    secrets:
      clientSecret: \${file:token.txt}
`);
  expect(read(project, ".env")).toBe("BASIC_PASSWORD='pass word'\n");
});

it("asks again for a certificate that is not there, or none", async () => {
  const project = makeProject({ "client.pfx": "no certificate" });
  const stdin = lines("api", "https://api.example", "ssl-pfx", "nowhere.pfx", "client.pfx", "${file:client.pfx}");
  const { status, stderr } = await stepwire(["connectors", "add", "http"], { cwd: project.folder, stdin });
  expect(status).toBe(2);
  expect(stderr).toContain("There is no such file. Type its path");
  expect(stderr).not.toContain("nowhere");
  expect(stderr).toContain("secrets.pfx");
  expect(untouched(project)).toBe(true);
});

it("tests with the type's own test, which only reads", async () => {
  const vendor = await startVendor((_request, response) => sendJson(response, 200, { key: "ENG", id: "1" }));
  const project = makeProject();
  const stdin = lines("tickets", vendor.url, "ENG", "a@b.example", "t".repeat(20), "", "", "");
  const result = await stepwire(["connectors", "add", "jira"], { cwd: project.folder, stdin });
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(result.stdout).toContain("tickets works\n");
  expect(new Set(vendor.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
});

it("tests by the default action where there is no test, and only if somebody says so", async () => {
  const vendor = await startVendor((_request, response) =>
    sendJson(response, 201, { id: "7", url: "https://t.example/7" }),
  );
  const project = trackerProject();
  const flags = ["--preset", "demo", "--set", `base=${vendor.url}`, "--set", "most=3", "--secret", "token=env:TOKEN"];
  const options = { cwd: project.folder, env: { TOKEN: "t".repeat(20) } };
  const add = (name: string, stdin: string, ...more: string[]) =>
    stepwire(["connectors", "add", "acme/tracker", "--name", name, ...flags, ...more], { ...options, stdin });

  const no = await add("first", lines("", "", "", ""));
  expect(no.stderr).toContain("That runs addNote (Adds a note), for real. [y/N]");
  expect(no, no.stderr).toMatchObject({ status: 0 });
  expect(vendor.requests).toEqual([]);

  // A title that is too short is asked for again, with what was answered before.
  const yes = await add("second", lines("", "", "", "y", "no", "a, b", "", "Hello", "", "y"));
  expect(yes, yes.stderr).toMatchObject({ status: 0 });
  expect(yes.stdout).toContain("second works\n  id  7\n  url  https://t.example/7\n");
  expect(vendor.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
    { title: "Hello", tags: ["a", "b"], urgent: true },
  ]);

  const args = ["connectors", "add", "acme/tracker", "--name", "third", ...flags, "--yes", "--test", "--params"];
  const { json } = await stepwireJson([...args, '{"title": "Third"}'], options);
  expect(json).toMatchObject({ status: "ok", connectorId: "third", test: { status: "ok", data: { id: "7" } } });
});

it("keeps a connector whose test fails, and says so", async () => {
  const vendor = await startVendor((_request, response) => sendJson(response, 401, { errorMessages: ["who are you"] }));
  const project = makeProject();
  const args = ["connectors", "add", "jira", "--yes", "--test", "--name", "tickets", "--set", `apiUrl=${vendor.url}`];
  const more = ["--set", "projectKey=ENG", "--secret", "email=a@b.example", "--secret", "apiToken=env:TOKEN"];
  const options = { cwd: project.folder, env: { TOKEN: "t".repeat(20) } };
  const { result, json } = await stepwireJson([...args, ...more], options);
  expect(result.status).toBe(1);
  expect(json).toMatchObject({ status: "ok", test: { status: "error", error: { code: "http-status" } } });
  expect(read(project)).toContain("name: tickets");
});

it("tests a connector of a type without a test by its default action, with --params", async () => {
  const vendor = await startVendor((_request, response) => sendJson(response, 201, { id: "7", url: "u" }));
  const project = trackerProject({
    "connectors.yaml": `connectors:
  - name: notes
    type: acme/tracker
    config: { apiUrl: "${vendor.url}", noteJson: '{"title": {{{title}}}}' }
    secrets: { token: "\${env:TOKEN}" }
  - name: tickets
    type: jira
    config: { apiUrl: "${vendor.url}", projectKey: ENG }
    secrets: { email: a@b.example, apiToken: "\${env:TOKEN}" }
`,
  });
  const options = { cwd: project.folder, env: { TOKEN: "t".repeat(20) } };
  const test = (...args: string[]) => stepwire(["connectors", "test", ...args], options);
  const without = await test("notes");
  expect(without).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("Give --params to run addNote") as unknown,
  });
  const needless = await test("tickets", "--params", "{}");
  expect(needless).toMatchObject({ status: 2, stderr: expect.stringContaining("Leave --params out") as unknown });
  expect(vendor.requests).toEqual([]);
  const done = await test("notes", "--params", '{"title": "Hello"}');
  expect(done, done.stderr).toMatchObject({ status: 0 });
  expect(JSON.parse(done.stdout)).toEqual({ id: "7", url: "u" });
});

const ISSUE = "{{{external.system.id}}}";

/** The steps, and the parameters of the test, of the product page of the Webhook - Case Management connector. */
it("guides through the four steps of cases-webhook, and pushes a case to test it", async () => {
  const vendor = await startVendor((_request, response) => sendJson(response, 200, { id: 7, title: "T-7" }));
  const project = makeProject();
  const issues = `${vendor.url}/issues`;
  const fields = ['{ "fields": {', '"summary": {{{case.title}}},', '"text": {{{case.description}}} } }'];
  const stdin = lines(
    "my-cases",
    "basic",
    "bob",
    "a password",
    "n",
    issues,
    "",
    ...fields,
    "id",
    "",
    // Without the case's id it would be the same for every case.
    issues,
    `${issues}/${ISSUE}`,
    "",
    "title",
    `${vendor.url}/view/{{{external.system.title}}}`,
    `${issues}/${ISSUE}`,
    "patch",
    ...fields,
    // A URL for comments and nothing to send there: asked for again.
    `${issues}/${ISSUE}/comment`,
    "post",
    "",
    '{"body": {{{case.comment}}}}',
    "y",
    "A case",
    "",
    "c-1",
    "What happened",
    "hgh",
    "high",
    "open",
    "one, two",
    "three",
    "",
    "Look at it",
  );
  const result = await stepwire(["connectors", "add", "cases-webhook"], { cwd: project.folder, stdin });
  expect(result, result.stderr).toMatchObject({ status: 0 });
  for (const [index, title] of [
    "Name and authentication",
    "Create case",
    "Get case",
    "Update case and comments",
  ].entries())
    expect(result.stderr).toContain(`Step ${index + 1} of 4: ${title}`);
  expect(result.stderr).toContain("The get case URL does not name the case.");
  expect(result.stderr).toContain("Comments need both");
  expect(result.stderr).toContain("Did you mean high?");
  expect(result.stdout).toContain("my-cases works\n  id  7\n  title  T-7\n");
  expect(result.stdout).toContain(`  url  ${vendor.url}/view/T-7\n`);
  expect(vendor.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /issues",
    "GET /issues/7",
    "POST /issues/7/comment",
  ]);
  expect(vendor.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from("bob:a password").toString("base64")}`);
  expect(read(project)).toContain("updateIncidentMethod: patch\n");
  const { json } = await stepwireJson(["connectors", "show", "my-cases"], { cwd: project.folder });
  expect(json).toMatchObject({ findings: [] });
});

it("asks for what a flag got wrong, and for nothing else that a flag said", async () => {
  const project = trackerProject();
  const flags = ["--name", "notes", "--set", "apiUrl=nowhere", "--set", "noteJson={{{title}}}", "--set", "most=3"];
  const args = ["connectors", "add", "acme/tracker", ...flags, "--set", "method=put", "--secret", "token=env:TOKEN"];
  const options = { cwd: project.folder, stdin: lines("https://t.example", "n"), env: { TOKEN: "t".repeat(20) } };
  const result = await stepwire(args, options);
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(read(project)).toContain("apiUrl: https://t.example\n");
});

it("forgets the credentials of a way to log in that is not taken in the end", async () => {
  const project = trackerProject();
  const stdin = lines("api", "https://api.example", "bob", "a password", "n", "none", "n");
  const args = ["connectors", "add", "acme/api", "--set", "authType=${env:NOPE}"];
  const result = await stepwire(args, { cwd: project.folder, stdin });
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(result.stderr).toContain("NOPE");
  expect(read(project)).toContain("    config:\n      url: https://api.example\n      hasAuth: false\n");
  expect(read(project)).not.toContain("secrets:");
  expect(existsSync(project.file(".env"))).toBe(false);
});

it("asks for another address where the settings do not allow the first one", async () => {
  const settings = "plugins: { paths: [./tracker] }\nnetwork: { allowedHosts: [allowed.example] }\n";
  const project = trackerProject({ "stepwire.yaml": settings });
  const stdin = lines("api", "https://other.example", "none", "n", "https://allowed.example", "n");
  const result = await stepwire(["connectors", "add", "acme/api"], { cwd: project.folder, stdin });
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(result.stderr).toContain("other.example");
  expect(read(project)).toContain("url: https://allowed.example\n");
});

it("does what the guide shows", async () => {
  const guide = readFileSync(path.join(root, "docs/adding-connectors.md"), "utf8");
  const commands = /^```sh run\n(.*?)^```/ms.exec(guide)?.[1] ?? "";
  const project = makeProject();
  const script = `set -e\nnpx() { shift; "${process.execPath}" "${bin}" "$@"; }\n${commands}`;
  const result = await startProcess("sh", ["-c", script], { cwd: project.folder }).done;
  expect(result, result.stderr).toMatchObject({ status: 0, stderr: "" });
  expect(result.stdout.match(/^Added .*$/gm)).toEqual([
    "Added alerts (slack) to connectors.yaml",
    "Added Redmine (Ops) (cases-webhook) to connectors.yaml",
    "Added api (http) to connectors.yaml",
  ]);
  expect(read(project, ".env")).toBe("API_SECRET_HEADERS_AUTHORIZATION='Bearer t0ken-of-the-api'\n");
});
