import { describe, expect, it } from "vitest";
import { z } from "zod";

import {
  createManifest,
  defineConnection,
  defineConnectorType,
  definePlugin,
  defineStep,
  isPlugin,
  manifestProblems,
  StepwireError,
  type AuthKind,
} from "../src/index.ts";

const facts = { name: "stepwire-connector-pager", version: "1.0.0", entry: "./dist/index.js", digest: "sha256-x" };

interface Parts {
  id?: string;
  auth?: readonly AuthKind[];
  config?: z.ZodType;
  secrets?: z.ZodType;
  output?: z.ZodType;
  actions?: string[];
  timeout?: string;
  more?: object;
}

function typeOf({
  id = "acme/pager",
  auth = [{ kind: "none" }],
  timeout,
  actions = ["page"],
  more,
  ...parts
}: Parts = {}) {
  const connection = defineConnection({
    config: parts.config ?? z.strictObject({ team: z.string().describe("The team") }),
    secrets: parts.secrets ?? z.strictObject({ token: z.string() }),
    auth: auth as never,
    hosts: ["*.pager.example"],
  });
  const action = connection.action({
    summary: "Pages",
    effect: "write",
    idempotency: { header: "Idempotency-Key" },
    input: z.strictObject({ text: z.string(), times: z.number().default(1) }),
    output: parts.output ?? z.object({ id: z.string() }),
    ...(timeout === undefined ? {} : { policies: { timeout } }),
    run: () => Promise.resolve({ id: "1" }),
  });
  return defineConnectorType({
    id,
    title: "Pager",
    description: "Pages people",
    connection,
    actions: Object.fromEntries(actions.map((name) => [name, action])),
    ...more,
  });
}
const step = (type: string) =>
  defineStep({
    type,
    summary: "Waits",
    effect: "read",
    input: z.object({}),
    output: z.object({}),
    run: async () => ({}),
  });

function problemsOf(...types: ReturnType<typeof typeOf>[]): string[] {
  return problemsOfPlugin(definePlugin({ connectorTypes: types }));
}
function problemsOfPlugin(plugin: unknown): string[] {
  try {
    createManifest(plugin, facts);
    return [];
  } catch (error) {
    if (!StepwireError.is(error)) throw error;
    if (error.code !== "plugin-invalid") throw error;
    return (error.details?.["problems"] as string[] | undefined) ?? [error.message];
  }
}

describe("createManifest", () => {
  it("says everything a host needs to know without running anything", () => {
    const type = typeOf({
      auth: [{ kind: "envelope", methods: ["basic"] }, { kind: "none" }],
      more: { aliases: [".pager"], defaultAction: "page", subActions: { pushToService: "page" } },
    });
    const plugin = definePlugin({ connectorTypes: [type], steps: [step("acme/wait")] });
    expect(isPlugin(plugin)).toBe(true);
    const manifest = createManifest(plugin, facts);
    expect(manifest).toMatchObject({
      contract: 1,
      ...facts,
      connectorTypes: [
        {
          id: "acme/pager",
          aliases: [".pager"],
          optional: false,
          auth: [{ kind: "envelope", methods: ["basic"] }, { kind: "none" }],
          hosts: ["*.pager.example"],
          config: {
            type: "object",
            properties: { team: { type: "string", description: "The team" } },
            required: ["team"],
          },
          testable: false,
          defaultAction: "page",
          subActions: { pushToService: "page" },
          actions: {
            page: {
              summary: "Pages",
              effect: "write",
              idempotency: { header: "Idempotency-Key" },
              input: { required: ["text"] },
            },
          },
        },
      ],
      steps: [{ type: "acme/wait", effect: "read" }],
    });
    expect(manifestProblems(JSON.parse(JSON.stringify(manifest)))).toEqual([]);
  });

  it.each([undefined, null, {}, { contract: 1, connectorTypes: [], steps: [] }, () => undefined])(
    "refuses a default export that is no plugin (%#)",
    (value) => {
      expect(problemsOfPlugin(value)).toEqual([expect.stringContaining("definePlugin()")]);
    },
  );

  it.each([
    ["config", "headers"],
    ["config", "hasAuth"],
    ["secrets", "user"],
    ["secrets", "secretHeaders"],
  ])("refuses %s.%s in a type with envelope auth, where it belongs to the host", (side, key) => {
    const schema = z.strictObject({ [key]: z.string() });
    expect(problemsOf(typeOf({ auth: [{ kind: "envelope" }], [side]: schema }))).toEqual([
      expect.stringContaining(`${side}.${key} belongs to the host`),
    ]);
    expect(problemsOf(typeOf({ [side]: schema }))).toEqual([]);
  });

  it.each([
    ["another type's id", { id: "acme/b", more: { aliases: ["acme/a"] } }],
    ["another type's id behind a dot", { id: "acme/b", more: { aliases: [".acme/a"] } }],
    ["another type's alias", { id: "acme/b", more: { aliases: [".a"] } }],
    ["a type of the same name", { id: "acme/a" }],
  ])("refuses an alias that is %s", (_, second) => {
    const [problem] = problemsOf(typeOf({ id: "acme/a", more: { aliases: [".a"] } }), typeOf(second));
    expect(problem).toContain("defined twice");
  });

  it("takes the id behind a dot for an alias, as Kibana writes it", () => {
    expect(problemsOf(typeOf({ id: "pager", more: { aliases: [".pager"] } }))).toEqual([]);
  });

  it("refuses a step that bears a type's name", () => {
    const plugin = definePlugin({ connectorTypes: [typeOf({ id: "acme/a" })], steps: [step("acme/a")] });
    expect(problemsOfPlugin(plugin)).toEqual(["acme/a is defined twice"]);
  });

  it.each([
    [{ more: { defaultAction: "nope" } }, "defaultAction"],
    [{ more: { defaultAction: "constructor" } }, "defaultAction"],
    [{ more: { subActions: { push: "nope" } } }, "subActions"],
    [{ more: { subActions: { page: "page" } } }, "both an action and a sub-action"],
    [{ actions: [] }, "actions: none"],
    [{ actions: ["create-issue"] }, "create-issue"],
    [{ id: "a/b/c" }, "id"],
    [{ id: "dots.in" }, "id"],
    [{ id: "" }, "id"],
    [{ timeout: "10 minutes" }, "policies.timeout"],
    [{ timeout: "0s" }, "policies.timeout"],
  ])("refuses %j", (parts, named) => {
    const problems = problemsOf(typeOf(parts));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(named);
  });

  it("names the schema that has no JSON Schema", () => {
    const output = z.object({ id: z.string().transform((id) => id.length) });
    expect(problemsOf(typeOf({ output }), typeOf({ id: "other" }))).toEqual([
      expect.stringContaining("acme/pager.page: output"),
    ]);
  });

  it("names everything that is wrong at once", () => {
    expect(problemsOf(typeOf({ id: "a.b", timeout: "soon", more: { defaultAction: "x" } }))).toHaveLength(3);
  });
});

describe("manifestProblems", () => {
  const good = () =>
    JSON.parse(
      JSON.stringify(createManifest(definePlugin({ connectorTypes: [typeOf()], steps: [step("a.b")] }), facts)),
    ) as Record<string, never>;
  /** The good manifest with the value at a path replaced, or taken out by `undefined`. */
  function changed(path: (string | number)[], value: unknown): unknown {
    const manifest = good();
    const last = path.at(-1) ?? "";
    let place: Record<string | number, never> = manifest;
    for (const key of path.slice(0, -1)) place = place[key] as never;
    Object.defineProperty(place, last, { value, enumerable: true, configurable: true, writable: true });
    // What a host reads comes from a file.
    return JSON.parse(JSON.stringify(manifest)) as unknown;
  }

  it("finds nothing in what createManifest makes", () => {
    expect(manifestProblems(good())).toEqual([]);
  });

  const type = ["connectorTypes", 0] as const;
  const action = [...type, "actions", "page"] as const;
  it.each([
    [["contract"], "1"],
    [["contract"], 1.5],
    [["name"], ""],
    [["version"], 1],
    [["digest"], null],
    [["entry"], "/etc/passwd"],
    [["entry"], "../other/index.js"],
    [["entry"], "./dist/../../other.js"],
    [["entry"], "dist\\..\\..\\x.js"],
    [["entry"], "C:\\x.js"],
    [["entry"], "\\\\host\\share\\x.js"],
    [["connectorTypes"], {}],
    [["connectorTypes"], undefined],
    [["steps"], "none"],
    [["steps", 0], null],
    [["steps", 0, "type"], "with space"],
    [["steps", 0, "effect"], "maybe"],
    [[...type], []],
    [[...type], "slack"],
    [[...type, "id"], "a b"],
    [[...type, "id"], "../x"],
    [[...type, "id"], 5],
    [[...type, "title"], undefined],
    [[...type, "optional"], "false"],
    [[...type, "testable"], 0],
    [[...type, "aliases"], "a"],
    [[...type, "aliases"], [1]],
    [[...type, "hosts"], { 0: "a" }],
    [[...type, "config"], []],
    [[...type, "secrets"], true],
    [[...type, "auth"], [null]],
    [[...type, "auth"], [{ kind: 5 }]],
    [[...type, "actions"], {}],
    [[...type, "actions"], [1]],
    [[...type, "actions", "__proto__"], { polluted: true }],
    [[...type, "actions", "a.b"], {}],
    [[...action], null],
    [[...action, "summary"], ""],
    [[...action, "effect"], ["read"]],
    [[...action, "effect"], "constructor"],
    [[...action, "idempotency"], "always"],
    [[...action, "idempotency"], { header: 5 }],
    [[...action, "idempotency"], ["none"]],
    [[...action, "input"], null],
    [[...action, "output"], "object"],
    [[...type, "defaultAction"], "toString"],
    [[...type, "defaultAction"], ["page"]],
    [[...type, "subActions"], undefined],
    [[...type, "subActions"], { push: "nope" }],
    [[...type, "subActions"], { push: ["page"] }],
  ])("refuses %j = %j", (path, value) => {
    expect(manifestProblems(changed([...path], value))).not.toEqual([]);
  });

  it.each([undefined, null, "text", 5, [], true])("refuses %j as a whole", (value) => {
    expect(manifestProblems(value)).not.toEqual([]);
  });

  it("does not let a manifest reach into Object's prototype", () => {
    manifestProblems(JSON.parse('{"__proto__":{"polluted":1},"connectorTypes":[{"__proto__":{"polluted":1}}]}'));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
