import { expect, it } from "vitest";

import { stepwire, stepwireJson } from "./support/command.ts";
import { addPlugin, makeProject } from "./support/project.ts";

const PLUGIN = `import { definePlugin, defineStep } from "@stepwire/core";
import { z } from "zod";
const say = defineStep({ type: "acme/say", summary: "Says", effect: "read", input: z.strictObject({}), output: z.unknown(), run: async () => 1 });
export default definePlugin({ connectorTypes: [], steps: [say] });
`;

it("finds nothing wrong with a project that is in order", async () => {
  const { folder: cwd } = makeProject();
  const { status, stdout, stderr } = await stepwire(["doctor"], { cwd });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain("Nothing is broken.");
  expect(stdout).toMatch(/@stepwire\/connector-slack .* slack slack_api slack2 +ok/);
});

it("warns of literal and short secrets by line, without showing them, and ends with 0", async () => {
  const { folder: cwd } = makeProject({
    "connectors.yaml": `connectors:
  - name: api
    type: http
    config: { url: "http://h.example", hasAuth: true, authType: webhook-authentication-basic }
    secrets:
      user: bob
      password: literal-password
  - name: short
    type: http
    config: { url: "http://h.example", hasAuth: true, authType: webhook-authentication-basic }
    secrets: { user: bob, password: "\${env:SHORT}" }
`,
  });
  const options = { cwd, env: { SHORT: "abc-123" } };
  const { status, stdout, stderr } = await stepwire(["doctor"], options);
  expect(status).toBe(0);
  expect(stderr).toMatch(/connectors\.yaml:7:7 {2}warning .*password stands in the file in clear/);
  expect(stderr).toMatch(/connectors\.yaml:11:\d+ {2}warning .*fewer than 8 characters/);
  expect(stdout + stderr).not.toMatch(/literal-password|abc-123/);
  expect(stdout).toContain("Nothing is broken.");
  const { json } = await stepwireJson(["doctor"], options);
  expect((json as { findings: { severity: string }[] }).findings.map((finding) => finding.severity)).toEqual([
    "warning",
    "warning",
  ]);
});

it.each([
  ["1234567890123", "secrets.it stands"],
  ["true", "secrets.it stands"],
  ['"Bearer literal-secret${env:TOK}"', "A part of secrets.it stands"],
  ['"https://h.example/services/${env:TOK}"', undefined],
  ['"https://a-very-long-name.of-a-host.example/services/T0/B0/${env:TOK}"', undefined],
  ['"https://user:${env:TOK}@a-very-long-name.of-a-host.example/x"', undefined],
  ['"https://user:literal-password@h.example/${env:TOK}"', "A part of secrets.it stands"],
  ['"Bearer ${env:TOK}"', undefined],
  ['"${env:TOK}"', undefined],
])("sees whether a secret written as %s stands in clear", async (secret, says) => {
  const { folder: cwd } = makeProject({
    "connectors.yaml": `connectors: [{ name: a, type: slack, secrets: { it: ${secret} } }]\n`,
  });
  const { json } = await stepwireJson(["doctor"], { cwd, env: { TOK: "t".repeat(12) } });
  const messages = (json as { findings: { message: string }[] }).findings.map(({ message }) => message);
  const inClear = messages.filter((message) => message.includes("stands in the file in clear"));
  expect(inClear).toEqual(says === undefined ? [] : [`${says} in the file in clear.`]);
});

it("names broken packages with their reason, and goes on", async () => {
  const project = makeProject({
    "node_modules/no-manifest/package.json": JSON.stringify({
      name: "no-manifest",
      version: "1.0.0",
      stepwire: { contract: 1, manifest: "./m.json" },
    }),
    "node_modules/future/package.json": JSON.stringify({
      name: "future",
      version: "1.0.0",
      stepwire: { contract: 9, manifest: "./m.json" },
    }),
    "node_modules/future/m.json": "{}",
    "stepwire.yaml": "plugins: { paths: [./thrower] }\n",
  });
  addPlugin(project, "thrower", PLUGIN);
  project.write({
    "thrower/index.js": 'throw new Error("it needs a database");\n',
    "package.json": JSON.stringify({
      dependencies: { "no-manifest": "*", future: "*", "@stepwire/connector-slack": "*" },
    }),
  });
  const { result, json } = await stepwireJson(["doctor"], { cwd: project.folder });
  expect(result.status).toBe(2);
  const { plugins } = json as { plugins: { package: string; status: string; reason?: string }[] };
  const of = (name: string) => plugins.find((plugin) => plugin.package === name);
  expect(of("no-manifest")).toMatchObject({
    status: "broken",
    reason: expect.stringContaining("m.json is missing") as unknown,
  });
  expect(of("future")).toMatchObject({ status: "broken", reason: expect.stringContaining("9") as unknown });
  expect(of("stepwire-connector-thrower")).toMatchObject({
    status: "broken",
    reason: expect.stringContaining("it needs a database") as unknown,
  });
  expect(of("@stepwire/connector-slack")).toMatchObject({ status: "ok" });
  const { status, stderr } = await stepwire(["doctor"], { cwd: project.folder });
  expect(status).toBe(2);
  for (const name of ["no-manifest", "future", "thrower"]) expect(stderr).toContain(name);

  const listed = await stepwireJson(["types"], { cwd: project.folder });
  expect(listed.result.status).toBe(0);
  expect((listed.json as { types: object[] }).types).toContainEqual(
    expect.objectContaining({ package: "no-manifest", status: "broken", reason: expect.any(String) as unknown }),
  );
});

it("names two packages that claim one type, and how to choose", async () => {
  const project = makeProject({ "stepwire.yaml": "plugins: { paths: [./one, ./two] }\n" });
  for (const name of ["one", "two"]) addPlugin(project, name, PLUGIN);
  const { status, stderr } = await stepwire(["doctor"], { cwd: project.folder });
  expect(status).toBe(2);
  expect(stderr).toMatch(/stepwire-connector-one and stepwire-connector-two both provide acme\/say/);
  expect(stderr).toContain("prefer");
  project.write({
    "stepwire.yaml": "plugins: { paths: [./one, ./two], prefer: { acme/say: stepwire-connector-two } }\n",
  });
  expect(await stepwire(["doctor"], { cwd: project.folder })).toMatchObject({ status: 0, stderr: "" });
});

it.each([
  [
    "",
    "http://127.0.0.1:9/",
    { allowed: true, addresses: [{ address: "127.0.0.1", kind: "private", callable: true }] },
  ],
  [
    "",
    "http://169.254.169.254/",
    { allowed: false, reason: /link-local/, addresses: [{ kind: "link-local", callable: false }] },
  ],
  [
    "network: { denyPrivateAddresses: true }",
    "http://127.0.0.1:9/",
    { allowed: false, reason: /private address/, addresses: [{ callable: false }] },
  ],
  [
    "network: { denyPrivateAddresses: true, allowedHosts: [127.0.0.1] }",
    "http://127.0.0.1:9/",
    { addresses: [{ callable: true }] },
  ],
  ["network: { allowedHosts: [h.example] }", "http://127.0.0.1:9/", { allowed: false, reason: /allowedHosts/ }],
])("says what the settings %j amount to for %s", async (settings, url, report) => {
  const { folder: cwd } = makeProject({ "stepwire.yaml": settings });
  const { result, json } = await stepwireJson(["doctor", "--url", url], { cwd });
  expect(result.status).toBe(0);
  const { reason, ...rest } = report as { reason?: RegExp };
  expect((json as { url: object }).url).toMatchObject(rest);
  expect((json as { url: { reason?: string } }).url.reason ?? "").toMatch(reason ?? /^$/);
  const text = await stepwire(["doctor", "--url", url], { cwd });
  expect(text.stdout).toContain("at most 1 m 0 s");
});

it("refuses an address that is none", async () => {
  const { folder: cwd } = makeProject();
  expect(await stepwire(["doctor", "--url", "ftp://h"], { cwd })).toMatchObject({ status: 2, stdout: "" });
});
