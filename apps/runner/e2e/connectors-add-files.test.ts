/** What `stepwire connectors add` does to the files that are there. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import { parseEnv } from "node:util";

import { expect, it } from "vitest";

import { EnvAdditions, variableName } from "../src/add/env-additions.ts";
import { cleanEnv, stepwire, stepwireJson } from "./support/command.ts";
import { makeProject, type ProjectFolder } from "./support/project.ts";

const HOOK = "https://hooks.slack.com/services/T0/B0/abcdefgh";

const add = (project: ProjectFolder, name: string, ...more: string[]) =>
  stepwire(["connectors", "add", "slack", `--name=${name}`, "--secret", "webhookUrl=-", ...more], {
    cwd: project.folder,
    stdin: HOOK,
  });
const read = (project: ProjectFolder, name: string) => readFileSync(project.file(name), "utf8");
const visible = (project: ProjectFolder) => readdirSync(project.folder).toSorted();

const ENTRY = "  - name: new\n    type: slack\n    secrets:\n      webhookUrl: ${env:NEW_WEBHOOK_URL}\n";

it.each([
  ["connectors.yaml", "", `connectors:\n${ENTRY}`],
  ["connectors.yaml", "# mine\nconnectors: [] # none yet\n", `# mine\nconnectors: # none yet\n${ENTRY}`],
  [
    "connectors.yaml",
    "# a\r\nconnectors:\r\n  - {name: 'old', type: \"slack\"} # b\r\n\r\n# c\r\n",
    `# a\r\nconnectors:\r\n  - {name: 'old', type: "slack"} # b\r\n${ENTRY.replaceAll("\n", "\r\n")}\r\n# c\r\n`,
  ],
  [
    "connectors.yaml",
    "connectors: &all\n- &old\n  name: old\n  type: slack\n- {name: other, type: slack}",
    `connectors: &all\n- &old\n  name: old\n  type: slack\n- {name: other, type: slack}\n${ENTRY.replaceAll(/^ {2}/gm, "")}`,
  ],
  [
    "connectors.yml",
    "connectors: [{ name: old, type: slack }] # flow\n",
    'connectors: [{ name: old, type: slack }, {"name":"new","type":"slack","secrets":{"webhookUrl":"${env:NEW_WEBHOOK_URL}"}}] # flow\n',
  ],
  [
    "connectors.json",
    '{\n  "connectors": [\n    { "name": "old", "type": "slack" }\n  ]\n}\n',
    '{\n  "connectors": [\n    { "name": "old", "type": "slack" },\n    {\n      "name": "new",\n      "type": "slack",\n      "secrets": {\n        "webhookUrl": "${env:NEW_WEBHOOK_URL}"\n      }\n    }\n  ]\n}\n',
  ],
])("keeps all of %s as it was: %j", async (file, before, after) => {
  const project = makeProject({ [file]: before });
  const result = await add(project, "new");
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(read(project, file)).toBe(after);
});

it("makes the file that is named, and adds to the env file that is", async () => {
  const project = makeProject({ "mine.env": "" });
  const result = await add(project, "new", "--connectors", "mine.json", "--env-file", "mine.env");
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(JSON.parse(read(project, "mine.json"))).toMatchObject({ connectors: [{ name: "new" }] });
  expect(read(project, "mine.env")).toBe(`NEW_WEBHOOK_URL=${HOOK}\n`);
  const listed = await stepwireJson(
    ["connectors", "show", "new", "--connectors", "mine.json", "--env-file", "mine.env"],
    {
      cwd: project.folder,
    },
  );
  expect(listed.json).toMatchObject({ findings: [] });
});

it.each([
  ["connectors: [", "connectors.yaml:1"],
  ["connectors: text\n", "must be a list"],
  ["connectors:\n  - name: a\n    typ: slack\n", "typ"],
  ["conectors: []\n", "Did you mean connectors?"],
  // Every text in it would have to be written in another way.
  ["%YAML 1.1\n---\nconnectors: []\n...\n# end\n---\n", "connectors.yaml"],
])("refuses a file that it cannot add to, and leaves it: %j", async (before, says) => {
  const project = makeProject({ "connectors.yaml": before });
  const { status, stderr } = await add(project, "new");
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(says) as unknown });
  expect(read(project, "connectors.yaml")).toBe(before);
  expect(existsSync(project.file(".env"))).toBe(false);
});

it.each(["old", "my-old", "An id of its own"])(
  "refuses a name that another connector has, as name or id: %s",
  async (name) => {
    const before = `connectors:\n  - { name: old, type: slack, id: An id of its own }\n  - { name: My (old), type: slack }\n`;
    const project = makeProject({ "connectors.yaml": before });
    const named = await add(project, name);
    expect(named).toMatchObject({ status: 2, stderr: expect.stringContaining("Choose another name") as unknown });
    const withId = await add(project, "new", "--id", name);
    expect(withId).toMatchObject({ status: 2, stderr: expect.stringContaining("Choose another id") as unknown });
    expect(read(project, "connectors.yaml")).toBe(before);
  },
);

it("leaves the ids of other connectors alone, whatever the new one is called", async () => {
  const project = makeProject({ "connectors.yaml": "connectors:\n  - { name: My Hook, type: slack }\n" });
  for (const name of ["My  Hook", "My_Hook", "-- : # &x *y !z \"'`", "漢字", "$" + "{env:X}"]) {
    const result = await add(project, name);
    expect(result, result.stderr).toMatchObject({ status: 0 });
  }
  const { json } = await stepwireJson(["connectors", "list"], { cwd: project.folder });
  const { connectors } = json as { connectors: { id: string; name: string }[] };
  expect(connectors.map(({ id }) => id)).toEqual(["my-hook", "my-hook-2", "my-hook-3", "x-y-z", "slack", "env-x"]);
  expect(connectors[3]?.name).toBe("-- : # &x *y !z \"'`");
});

it("adds to an env file without disturbing what is in it", async () => {
  const before = "# mine\nA='1'\n\nexport NEW_WEBHOOK_URL=other # taken\nNEW_WEBHOOK_URL_2=other";
  const project = makeProject({ ".env": before });
  chmodSync(project.file(".env"), 0o640);
  const { json } = await stepwireJson(
    ["connectors", "add", "slack", "--name", "new", "--secret", "webhookUrl=-", "--yes"],
    { cwd: project.folder, stdin: HOOK, env: { NEW_WEBHOOK_URL_3: "outside" } },
  );
  expect(json).toMatchObject({ status: "ok", env: ["NEW_WEBHOOK_URL_4"] });
  expect(read(project, ".env")).toBe(`${before}\nNEW_WEBHOOK_URL_4=${HOOK}\n`);
  expect(statSync(project.file(".env")).mode & 0o777).toBe(0o640);
  // The same value under the name that is wanted is there already.
  const again = makeProject({ ".env": `NEW_WEBHOOK_URL="${HOOK}"\n` });
  expect((await add(again, "new")).status).toBe(0);
  expect(read(again, ".env")).toBe(`NEW_WEBHOOK_URL="${HOOK}"\n`);
});

it("refuses an env file in which a quote is open, and changes neither file", async () => {
  const project = makeProject({ ".env": "A='open\n" });
  const stdin = "it's\n";
  const args = ["connectors", "add", "slack", "--name", "new", "--secret", "webhookUrl=-", "--yes"];
  const { status, stderr } = await stepwire(args, { cwd: project.folder, stdin: `${HOOK}/it's${stdin}` });
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.any(String) as unknown });
  expect(read(project, ".env")).toBe("A='open\n");
  expect(existsSync(project.file("connectors.yaml"))).toBe(false);
});

const PEM = `-----BEGIN PRIVATE KEY-----\n${"MIIEvQ+/=\n".repeat(20)}-----END PRIVATE KEY-----`;

it.each([
  "plain",
  "two words ",
  " # no comment",
  "$HOME ${HOME} \\$x",
  "it's",
  'say "so"',
  "`tick`",
  `all of '"\``,
  `'"\`#\\n`,
  `\\n\\t'\\n"\`\n`,
  "a\\nb",
  "tab\tand \u2028 é 漢字",
  "'",
  "\n",
  "=",
  "export A=1",
  PEM,
  `${PEM}\n'"\``,
])("keeps a secret so that it reads the same: %j", (secret) => {
  for (const before of ["", "A=1", "Z=1\n", "# c\nB='x\ny'\n", 'C=1\r\nD="2"\r\n']) {
    const additions = new EnvAdditions(before, { PATH: "/bin" });
    const reference = additions.keep("NEW", secret) ?? "";
    const variables = parseEnv(additions.text);
    expect(reference.replaceAll(/\$\{env:(\w+)\}/g, (_, name: string) => variables[name] ?? "?")).toBe(secret);
    expect(additions.text.startsWith(before)).toBe(true);
    expect(variables).toMatchObject(parseEnv(before));
  }
});

it.each(["a\rb", "a\r\nb"])("does not keep a secret that an env file would change: %j", (secret) => {
  expect(new EnvAdditions("", {}).keep("NEW", secret)).toBeUndefined();
});

it.each([
  ["Jira (Ops)", ["apiToken"], "JIRA_OPS_API_TOKEN"],
  ["été 2", ["secretHeaders", "X-Key"], "ETE_2_SECRET_HEADERS_X_KEY"],
  ["漢字", ["password"], "SLACK_PASSWORD"],
  ["2nd", ["password"], "SLACK_PASSWORD"],
  ["x".repeat(255), ["a"], `${"X".repeat(60)}_A`],
])("names the variable after the connector: %s", (name, keys, variable) => {
  expect(variableName(name, "slack", keys)).toBe(variable);
});

it("keeps a PEM of several lines from standard input, whatever its line ends", async () => {
  const project = makeProject();
  const args = ["connectors", "add", "http", "--yes", "--name", "new", "--set", "url=https://x.example"];
  const more = ["--set", "authType=webhook-authentication-ssl", "--secret", "crt=file:crt.pem", "--secret", "key=-"];
  const { status, stderr } = await stepwire([...args, ...more], {
    cwd: project.folder,
    stdin: `${PEM.replaceAll("\n", "\r\n")}\r\n`,
  });
  // The pair itself is judged as ever: this one is none.
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("crt.pem") as unknown });
  expect(visible(project)).toEqual(["node_modules", "package.json"]);
});

it("follows a link to the file, and keeps the link", async () => {
  const project = makeProject({ "shared/real.yaml": "# shared\nconnectors: []\n" });
  symlinkSync("shared/real.yaml", project.file("connectors.yaml"));
  const result = await add(project, "new");
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(lstatSync(project.file("connectors.yaml")).isSymbolicLink()).toBe(true);
  expect(read(project, "shared/real.yaml")).toBe(`# shared\nconnectors:\n${ENTRY}`);
  expect(readdirSync(project.file("shared"))).toEqual(["real.yaml"]);

  const loose = makeProject();
  symlinkSync("nowhere.yaml", loose.file("connectors.yaml"));
  const refused = await add(loose, "new");
  expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining("leads nowhere") as unknown });
  expect(existsSync(loose.file(".env"))).toBe(false);
});

it("refers to a file from where the connectors file is", async () => {
  const project = makeProject({ "secrets/hook": `${HOOK}\n`, "conf/connectors.yaml": "" });
  const args = ["connectors", "add", "slack", "--yes", "--name", "new", "--secret", "webhookUrl=file:secrets/hook"];
  const result = await stepwire([...args, "--connectors", "conf/connectors.yaml"], { cwd: project.folder });
  expect(result, result.stderr).toMatchObject({ status: 0 });
  expect(read(project, "conf/connectors.yaml")).toContain("webhookUrl: ${file:../secrets/hook}");
});

it("refuses to write where there is no folder, and writes neither file", async () => {
  const project = makeProject();
  const { status, stderr } = await add(project, "new", "--connectors", "nowhere/connectors.yaml");
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: expect.stringContaining("cannot be written (ENOENT). Nothing was changed.") as unknown,
  });
  expect(visible(project)).toEqual(["node_modules", "package.json"]);
});

it("warns where git would take the secrets in", async () => {
  const project = makeProject();
  const git = (...args: string[]) => spawnSync("git", args, { cwd: project.folder, env: cleanEnv() });
  git("init", "--quiet");
  const open = await add(project, "new");
  expect(open).toMatchObject({ status: 0, stderr: expect.stringContaining("git does not ignore .env") as unknown });
  writeFileSync(project.file(".gitignore"), ".env\n");
  expect(await add(project, "newer")).toMatchObject({ status: 0, stderr: "" });
});
