/** What `types` says of one type, and what `types --diff` says of two versions of a package. */
import { readFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { stepwire, stepwireJson } from "./support/command.ts";
import { makeFolder, makeProject, root, type ProjectFolder } from "./support/project.ts";

const NAME = "stepwire-connector-pager";
const map = (properties: object, ...required: string[]) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const text = { type: "string" };
const PAGE = {
  summary: "Pages somebody",
  effect: "write",
  idempotency: { header: "Idempotency-Key" },
  input: map({ text, to: text }, "text"),
  output: map({ id: text }, "id"),
};
const LIST = { ...PAGE, summary: "Lists pages", effect: "read", idempotency: "natural", input: map({}) };
const TYPE = {
  id: "acme/pager",
  title: "Pager",
  description: "Pages people",
  aliases: ["acme/beeper"],
  optional: false,
  auth: [{ kind: "bearer" }],
  hosts: ["*.pager.example"],
  config: map({ url: text }, "url"),
  secrets: map({ token: text }, "token"),
  testable: false,
  defaultAction: "page",
  subActions: {},
  actions: { page: PAGE, list: LIST } as Record<string, object>,
};
const STEP = {
  type: "acme/wait",
  summary: "Waits",
  effect: "read",
  input: map({ time: text }, "time"),
  output: map({}),
};

const manifest = (version: string, type: object = {}, more: object = {}) => ({
  contract: 1,
  name: NAME,
  version,
  entry: "./index.js",
  digest: `sha256-${version}`,
  connectorTypes: [{ ...TYPE, ...type }],
  steps: [STEP],
  ...more,
});

/** A project with version 1.1.0 of the package, which is never imported: it has no code. */
function projectWith(installed: object, files: Record<string, object> = {}): ProjectFolder {
  const project = makeFolder({
    "package.json": JSON.stringify({ name: "p", dependencies: { [NAME]: "*" } }),
    [`node_modules/${NAME}/package.json`]: JSON.stringify({
      name: NAME,
      version: "1.1.0",
      stepwire: { contract: 1, manifest: "./stepwire.json" },
    }),
    [`node_modules/${NAME}/stepwire.json`]: JSON.stringify(installed),
  });
  for (const [name, value] of Object.entries(files)) project.write({ [name]: JSON.stringify(value) });
  return project;
}

const NEWER = manifest("1.1.0", {
  title: "P\u001B[31mager",
  hosts: ["*.pager.example", "logs.example"],
  secrets: map({ token: text, pin: text }, "token"),
  actions: { page: { ...PAGE, effect: "destroy", input: map({ text }, "text") }, list: LIST, get: LIST },
});

it("shows where credentials go, how they are placed, and what each action may do", async () => {
  const { folder: cwd } = projectWith(manifest("1.1.0"));
  const { status, stdout, stderr } = await stepwire(["types", "acme/pager"], { cwd });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  for (const line of [
    "acme/pager  Pager: Pages people",
    `  package      ${NAME} 1.1.0`,
    "  also called  acme/beeper",
    "  connector    required",
    "  config       url*",
    "  secrets      token*",
    "  *.pager.example    over https",
    "  a connector's own  the origins of the URLs in its config and secrets, and network.trustedOrigins",
    "  a token in the header Authorization (bearer)",
    "  acme/pager.page (default)  Pages somebody",
    "      changes things in the other system; may be repeated by itself, with a key in the header Idempotency-Key; with: text* to",
    "      reads; may be repeated by itself; with: none",
    "Steps of the same package",
    "  acme/wait  Waits",
    "      reads; done again after a crash; with: time*",
  ])
    expect(stdout.split("\n")).toContain(line);
});

it("names the secrets of the methods that a type with an envelope takes, and no others", async () => {
  const { folder: cwd } = makeProject();
  const secrets = async (type: string) =>
    /^ +secrets +(.*)$/m.exec((await stepwire(["types", type], { cwd })).stdout)?.[1]?.split(" ");
  expect(await secrets("http")).toEqual(expect.arrayContaining(["proxyPassword", "password", "pfx", "clientSecret"]));
  const cases = await secrets("cases-webhook");
  expect(cases).toEqual(expect.arrayContaining(["user", "password", "crt", "secretHeaders"]));
  expect(cases).not.toContain("clientSecret");
});

it("shows a step of a package, whose JSON stays as it was", async () => {
  const { folder: cwd } = projectWith(manifest("1.1.0"));
  expect((await stepwire(["types", "acme/wait"], { cwd })).stdout).toContain("reads; done again after a crash");
  expect((await stepwireJson(["types", "acme/wait"], { cwd })).json).toEqual({
    type: "acme/wait",
    package: NAME,
    version: "1.1.0",
    summary: "Waits",
  });
});

it("tells what an upgrade would newly do: first what is to be approved, then what breaks, then the rest", async () => {
  const { folder: cwd } = projectWith(NEWER, { "old.json": manifest("1.0.0") });
  const { status, stdout, stderr } = await stepwire(["types", "--diff", "old.json"], { cwd });
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  expect(stdout).toBe(`${NAME} 1.0.0 to 1.1.0

To approve
  acme/pager.page: it takes things away for good now; before, it changes things in the other system (breaks what relied on it)
  acme/pager hosts: its credentials may go to logs.example now
  acme/pager secrets.pin: is new

Breaks what relied on it
  acme/pager.page input.to: is gone

New
  acme/pager.get: a new action, which only reads

Words and files
  acme/pager: title changed
  package: its files changed
`);
});

it("gives the same as one document", async () => {
  const { folder: cwd } = projectWith(NEWER, { "old.json": manifest("1.0.0") });
  const { result, json } = await stepwireJson(["types", "--diff", "old.json", NAME], { cwd });
  const { package: name, from, to, approve, changes } = json as Record<string, object[]>;
  expect({ status: result.status, name, from, to }).toEqual({ status: 1, name: NAME, from: "1.0.0", to: "1.1.0" });
  expect(changes).toHaveLength(7);
  expect(approve).toEqual(changes?.filter((change) => (change as { approve: boolean }).approve));
  expect(approve?.[1]).toEqual({
    bump: "minor",
    approve: true,
    where: "acme/pager hosts",
    message: "its credentials may go to logs.example now",
  });
});

it("ends with 0 where nothing is to be approved", async () => {
  const { folder: cwd } = projectWith(manifest("1.1.0", { title: "P" }), {
    "old.json": manifest("1.0.0"),
    "same.json": manifest("1.1.0", { title: "P" }),
  });
  expect((await stepwire(["types", "--diff", "old.json"], { cwd })).status).toBe(0);
  const same = await stepwire(["types", "--diff", "same.json"], { cwd });
  expect(same).toMatchObject({ status: 0, stdout: `${NAME} 1.1.0 to 1.1.0\nNothing changed.\n` });
});

it("compares one type or step alone", async () => {
  const { folder: cwd } = projectWith({ ...NEWER, steps: [] }, { "old.json": manifest("1.0.0") });
  const of = async (what: string) => (await stepwire(["types", "--diff", "old.json", what], { cwd })).stdout;
  expect(await of("acme/wait")).toContain("acme/wait: the step is gone");
  expect(await of("acme/wait")).not.toContain("acme/pager");
  expect(await of("acme/beeper")).toContain("acme/pager hosts");
  expect(await of("acme/beeper")).not.toContain("acme/wait");
});

it("takes what types TYPE --output json printed for the other version", async () => {
  const before = projectWith(manifest("1.1.0"));
  const printed = await stepwire(["types", "acme/pager", "--output", "json"], { cwd: before.folder });
  const after = projectWith({ ...NEWER, steps: [] });
  after.write({ "printed.json": printed.stdout });
  const { status, stdout } = await stepwire(["types", "--diff", "printed.json"], { cwd: after.folder });
  expect(status).toBe(1);
  expect(stdout).toContain("acme/pager hosts: its credentials may go to logs.example now");
  expect(stdout).not.toContain("acme/wait");
});

it("finds nothing in the built packages compared with themselves", async () => {
  const { folder: cwd } = makeProject();
  for (const name of ["connector-jira", "connector-http", "connector-slack", "connector-cases-webhook"]) {
    const file = path.join(root, "packages", name, "dist/stepwire.json");
    const { status, stdout } = await stepwire(["types", "--diff", file], { cwd });
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("Nothing changed.") as unknown,
    });
    expect(JSON.parse(readFileSync(file, "utf8"))).toHaveProperty("name", `@stepwire/${name}`);
  }
});

it.each<[string, string[], string]>([
  ["a missing file", ["missing.json"], "does not exist"],
  ["no JSON", ["broken.json"], "neither JSON nor YAML"],
  ["a list", ["list.json"], "a list, not a map"],
  ["no manifest", ["package.json"], "package.json is no manifest"],
  ["half a manifest", ["half.json"], "connectorTypes[0].actions: none"],
  ["half of what types printed", ["printed.json"], "half.json".replace("half", "printed")],
  ["a package that is not installed", ["other.json"], "npm install stepwire-connector-other"],
  ["a broken package", ["sick.json"], "is missing"],
  ["a type of neither", ["old.json", "acme/none"], "neither then nor now a type or step acme/none"],
  ["another package", ["old.json", "stepwire-connector-sick"], "stepwire-connector-sick"],
  ["two types", ["old.json", "a", "b"], "does not take b"],
])("refuses %s", async (_, args, says) => {
  const project = projectWith(manifest("1.1.0"), {
    "old.json": manifest("1.0.0"),
    "half.json": manifest("1.0.0", { actions: {} }),
    "printed.json": { id: "acme/pager", package: NAME, version: "1.0.0" },
    "other.json": { ...manifest("1.0.0"), name: "stepwire-connector-other" },
    "sick.json": { ...manifest("1.0.0"), name: "stepwire-connector-sick" },
    "list.json": [],
    "node_modules/stepwire-connector-sick/package.json": {
      name: "stepwire-connector-sick",
      version: "1.0.0",
      stepwire: { contract: 1, manifest: "./stepwire.json" },
    },
    "package.json": { name: "p", dependencies: { [NAME]: "*", "stepwire-connector-sick": "*" } },
  });
  project.write({ "broken.json": "{ not: [json" });
  const { status, stdout, stderr } = await stepwire(["types", "--diff", ...args], { cwd: project.folder });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(says);
});

it("lets nothing of a manifest steer the terminal", async () => {
  const hostile = "\u001B[31mred\nfaked: line";
  const type = { title: hostile, hosts: [hostile], aliases: [hostile], secrets: map({ [hostile]: text }) };
  const { folder: cwd } = projectWith(manifest("1.1.0", type), { "old.json": manifest(hostile) });
  for (const args of [
    ["types", "acme/pager"],
    ["types", "--diff", "old.json"],
    ["types", "--diff", "old.json", "--output", "json"],
  ]) {
    const { stdout } = await stepwire(args, { cwd });
    expect(stdout).not.toContain("\u001B");
    expect(stdout).not.toMatch(/^faked/m);
  }
});

it("shows a type whose schemas and methods are not what they should be", async () => {
  const auth = [{ kind: "envelope", methods: "basic" }];
  const type = { auth, config: { properties: 5, required: {} }, secrets: { properties: [1], required: "x" } };
  const { folder: cwd } = projectWith(manifest("1.1.0", type), { "old.json": manifest("1.0.0", type) });
  expect(await stepwire(["types", "acme/pager"], { cwd })).toMatchObject({ status: 0, stderr: "" });
  expect(await stepwire(["types", "--diff", "old.json"], { cwd })).toMatchObject({ status: 0, stderr: "" });
});
