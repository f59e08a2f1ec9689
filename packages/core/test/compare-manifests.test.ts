import { describe, expect, it } from "vitest";

import { compareManifests, dueBump } from "../src/compare-manifests.ts";
import {
  manifestProblems,
  StepwireError,
  type JsonSchema,
  type Manifest,
  type ManifestAction,
  type ManifestConnectorType,
  type ManifestStep,
} from "../src/index.ts";

const text = { type: "string" };
const map = (properties: JsonSchema, ...required: string[]): JsonSchema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const PAGE: ManifestAction = {
  summary: "Pages",
  effect: "write",
  idempotency: "none",
  input: map({ text }, "text"),
  output: map({ id: text }, "id"),
};
const LIST: ManifestAction = { ...PAGE, summary: "Lists", effect: "read", idempotency: "natural" };
const TYPE: ManifestConnectorType = {
  id: "acme/pager",
  title: "Pager",
  description: "Pages people",
  aliases: [".pager"],
  optional: false,
  auth: [{ kind: "bearer" }],
  hosts: ["pager.example"],
  config: map({ url: text }, "url"),
  secrets: map({ token: text }, "token"),
  testable: true,
  defaultAction: "page",
  subActions: { push: "page" },
  actions: { page: PAGE, list: LIST },
  presets: [{ name: "eu", description: "Europe", config: { url: "https://eu.pager.example" } }],
};
const STEP: ManifestStep = { type: "acme/wait", summary: "Waits", effect: "write", input: map({}), output: map({}) };

const manifest = (type: Partial<ManifestConnectorType> = {}, more: Partial<Manifest> = {}): Manifest => ({
  contract: 1,
  name: "stepwire-connector-pager",
  version: "1.0.0",
  entry: "./dist/index.js",
  digest: "sha256-x",
  connectorTypes: [{ ...TYPE, ...type }],
  steps: [STEP],
  ...more,
});
const page = (changes: Partial<ManifestAction>) => ({ actions: { page: { ...PAGE, ...changes }, list: LIST } });
const list = (changes: Partial<ManifestAction>) => ({ actions: { page: PAGE, list: { ...LIST, ...changes } } });
const wait = (changes: Partial<ManifestStep>) => ({ steps: [{ ...STEP, ...changes }] });

/** Changes as `bump[!] where`, the mark standing for what must be approved. */
const told = (before: Manifest, after: Manifest) =>
  compareManifests(before, after).map(({ bump, approve, where }) => `${bump}${approve ? "!" : ""} ${where}`);

it("finds nothing in two that say the same, whatever the version", () => {
  expect(manifestProblems(manifest())).toEqual([]);
  expect(compareManifests(manifest(), manifest({}, { version: "2.0.0" }))).toEqual([]);
});

it("compares two versions of one package only", () => {
  let thrown: unknown;
  try {
    compareManifests(manifest(), manifest({}, { name: "stepwire-connector-other" }));
  } catch (error) {
    thrown = error;
  }
  expect(StepwireError.is(thrown)).toBe(true);
  expect(thrown).toMatchObject({
    code: "usage-invalid",
    message: expect.stringContaining("stepwire-connector-pager and stepwire-connector-other are not the same package"),
  });
});

type Pair = [what: string, from: Manifest, to: Manifest, there: string[], back: string[]];
const of = (what: string, type: Partial<ManifestConnectorType>, there: string[], back: string[]): Pair => [
  what,
  manifest(),
  manifest(type),
  there,
  back,
];
const all = (what: string, more: Partial<Manifest>, there: string[], back: string[]): Pair => [
  what,
  manifest(),
  manifest({}, more),
  there,
  back,
];
const ID = "acme/pager";

describe("there and back", () => {
  it.each<Pair>([
    of("a host", { hosts: ["pager.example", "logs.example"] }, [`minor! ${ID} hosts`], [`major ${ID} hosts`]),
    of(
      "a host below",
      { hosts: ["*.pager.example"] },
      [`major ${ID} hosts`, `minor! ${ID} hosts`],
      [`major ${ID} hosts`, `minor! ${ID} hosts`],
    ),
    of(
      "a way to place credentials",
      { auth: [{ kind: "bearer" }, { kind: "basic" }] },
      [`minor! ${ID} auth`],
      [`major ${ID} auth`],
    ),
    of("an alias", { aliases: [".pager", "beeper"] }, [`minor! ${ID}`], [`major ${ID}`]),
    of("an alias with a dot before it", { aliases: ["pager"] }, [], []),
    of("use with no connector", { optional: true }, [`minor! ${ID}`], [`major ${ID}`]),
    of("a test that only reads", { testable: false }, [`major ${ID}`], [`minor ${ID}`]),
    of("another default action", { defaultAction: "list" }, [`major ${ID}`], [`major ${ID}`]),
    of("a sub-action", { subActions: { push: "page", pull: "list" } }, [`minor ${ID}.pull`], [`major ${ID}.pull`]),
    of("another sub-action", { subActions: { push: "list" } }, [`major ${ID}.push`], [`major ${ID}.push`]),
    of(
      "an action that changes things",
      { actions: { ...TYPE.actions, ack: PAGE } },
      [`minor! ${ID}.ack`],
      [`major ${ID}.ack`],
    ),
    of("an action that reads", { actions: { ...TYPE.actions, get: LIST } }, [`minor ${ID}.get`], [`major ${ID}.get`]),
    of("write to destroy", page({ effect: "destroy" }), [`major! ${ID}.page`], [`minor ${ID}.page`]),
    of("read to write", list({ effect: "write" }), [`major! ${ID}.list`], [`minor ${ID}.list`]),
    of("none to natural", page({ idempotency: "natural" }), [`minor! ${ID}.page`], [`major ${ID}.page`]),
    of("none to a header", page({ idempotency: { header: "Key" } }), [`minor! ${ID}.page`], [`major ${ID}.page`]),
    of("natural to a header", list({ idempotency: { header: "Key" } }), [`minor ${ID}.list`], [`minor! ${ID}.list`]),
    of(
      "a field of an input",
      page({ input: map({ text, to: text }, "text") }),
      [`minor ${ID}.page input.to`],
      [`major ${ID}.page input.to`],
    ),
    of(
      "a field of an output",
      page({ output: map({ id: text, url: text }, "id") }),
      [`minor ${ID}.page output.url`],
      [`major ${ID}.page output.url`],
    ),
    of(
      "an output that need not be there",
      page({ output: map({ id: text }) }),
      [`major ${ID}.page output.id`],
      [`minor ${ID}.page output.id`],
    ),
    of(
      "a shorter input",
      page({ input: map({ text: { ...text, maxLength: 9 } }, "text") }),
      [`major ${ID}.page input.text`],
      [`minor ${ID}.page input.text`],
    ),
    of(
      "a key of config",
      { config: map({ url: text, team: text }, "url") },
      [`minor ${ID} config.team`],
      [`major ${ID} config.team`],
    ),
    of(
      "a key of config that must be given",
      { config: map({ url: text, team: text }, "url", "team") },
      [`major! ${ID} config.team`],
      [`major ${ID} config.team`],
    ),
    of(
      "a key of config that must be given now",
      { config: map({ url: text }) },
      [`minor ${ID} config.url`],
      [`major! ${ID} config.url`],
    ),
    of(
      "a secret",
      { secrets: map({ token: text, pin: text }, "token") },
      [`minor! ${ID} secrets.pin`],
      [`major ${ID} secrets.pin`],
    ),
    of(
      "a secret that must be given",
      { secrets: map({ token: text, pin: text }, "token", "pin") },
      [`major! ${ID} secrets.pin`],
      [`major ${ID} secrets.pin`],
    ),
    of("a preset", { presets: [] }, [`major ${ID} preset eu`], [`minor ${ID} preset eu`]),
    of(
      "another preset",
      { presets: [{ name: "eu", description: "Europe", config: {} }] },
      [`minor ${ID} preset eu`],
      [`minor ${ID} preset eu`],
    ),
    of(
      "words",
      { title: "P", description: "D", ...page({ summary: "S" }) },
      [`patch ${ID}.page`, `patch ${ID}`, `patch ${ID}`],
      [`patch ${ID}.page`, `patch ${ID}`, `patch ${ID}`],
    ),
    of(
      "words of a schema",
      page({ input: map({ text: { ...text, description: "The text" } }, "text") }),
      [`patch ${ID}.page input.text`],
      [`patch ${ID}.page input.text`],
    ),
    all("a step", { steps: [] }, ["major acme/wait"], ["minor! acme/wait"]),
    all("write to destroy of a step", wait({ effect: "destroy" }), ["major! acme/wait"], ["minor acme/wait"]),
    all(
      "write to read of a step",
      wait({ effect: "read" }),
      ["minor acme/wait", "minor! acme/wait"],
      ["major! acme/wait"],
    ),
    all("a type", { connectorTypes: [] }, [`major ${ID}`], [`minor! ${ID}`]),
    all("the contract", { contract: 2 }, ["major package"], ["major package"]),
    all(
      "files",
      { digest: "sha256-y", entry: "./dist/main.js" },
      ["patch package", "patch package"],
      ["patch package", "patch package"],
    ),
  ])("%s", (_, from, to, there, back) => {
    expect(told(from, to)).toEqual(there);
    expect(told(to, from)).toEqual(back);
  });

  const envelope = (...methods: string[]) =>
    manifest({ auth: [{ kind: "envelope", ...(methods.length === 0 ? {} : { methods }) }] });
  it.each<Pair>([
    [
      "a host that a pattern covered",
      manifest({ hosts: ["*.Pager.example"] }),
      manifest({ hosts: ["*.pager.example", "eu.pager.example"] }),
      [],
      [],
    ],
    [
      "a pattern that covers the host",
      manifest({ hosts: ["eu.pager.example"] }),
      manifest({ hosts: ["*.pager.example"] }),
      [`minor! ${ID} hosts`],
      [`major ${ID} hosts`],
    ],
    [
      "a method of the envelope",
      envelope("basic"),
      envelope("basic", "ssl"),
      [`minor! ${ID} auth`],
      [`major ${ID} auth`],
    ],
    [
      "a secret in a branch",
      manifest({ secrets: { anyOf: [map({ token: text })] } }),
      manifest({ secrets: { anyOf: [map({ token: text }), map({ pin: text })] } }),
      [`minor ${ID} secrets`, `minor! ${ID} secrets.pin`],
      [`major ${ID} secrets`],
    ],
  ])("%s", (_, from, to, there, back) => {
    expect(told(from, to)).toEqual(there);
    expect(told(to, from)).toEqual(back);
  });

  it("takes an envelope of all methods for more than one of some", () => {
    expect(told(envelope("basic"), envelope())).toEqual([`minor! ${ID} auth`]);
    expect(told(envelope(), envelope("basic")).map((line) => line.split(" ")[0])).toContain("major");
  });
});

it("says in words what an upgrade would newly do, what breaks first", () => {
  const before = manifest();
  const after = manifest({
    ...page({ effect: "destroy", idempotency: "natural", input: map({ text: { ...text, maxLength: 9 } }, "text") }),
    hosts: ["logs.example"],
    title: "P",
  });
  expect(compareManifests(before, after).map(({ where, message }) => `${where}: ${message}`)).toEqual([
    "acme/pager hosts: its credentials no longer go to pager.example",
    "acme/pager.page: it takes things away for good now; before, it changes things in the other system",
    "acme/pager.page input.text: maxLength 9 is new",
    "acme/pager hosts: its credentials may go to logs.example now",
    "acme/pager.page: the host repeats its requests now, with no key by which the other system knows them",
    "acme/pager: title changed",
  ]);
});

it("reads fields of schemas that hold themselves", () => {
  const rule = {
    type: "object",
    properties: { and: { $ref: "#/$defs/rule" }, or: { $ref: "#/$defs/rule" }, name: text },
  };
  const secrets = (more: JsonSchema) => ({
    ...map({ token: text, rule: { $ref: "#/$defs/rule" }, ...more }),
    $defs: { rule },
  });
  expect(told(manifest({ secrets: secrets({}) }), manifest({ secrets: secrets({ pin: text }) }))).toEqual([
    `minor! ${ID} secrets.pin`,
  ]);
});

it("compares what is larger than a function takes arguments", () => {
  const many = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`field${index}`, text]));
  const large = map({ text, ...many }, "text");
  expect(compareManifests(manifest(), manifest(page({ input: large })))).toHaveLength(200_000);
});

it("takes methods that are no list for no bound", () => {
  const auth = JSON.parse('[{ "kind": "envelope", "methods": "basic" }]') as { kind: string }[];
  expect(told(manifest({ auth: [{ kind: "envelope" }] }), manifest({ auth }))).toEqual([]);
});

describe("dueBump", () => {
  const change = (bump: "major" | "minor" | "patch") => ({ bump, approve: false, where: "x", message: "m" });
  it.each([
    ["1.2.3", ["patch", "major", "minor"], "major"],
    ["1.2.3", ["patch", "minor"], "minor"],
    ["1.2.3", ["patch"], "patch"],
    ["1.2.3", [], "none"],
    ["0.2.3", ["major"], "minor"],
    ["0.2.3", ["minor"], "patch"],
    ["0.2.3", ["patch"], "patch"],
    ["0.2.3", [], "none"],
    ["10.0.0", ["major"], "major"],
  ] as const)("%s with %j: %s", (version, bumps, due) => {
    expect(dueBump(version, bumps.map(change))).toBe(due);
  });
});
