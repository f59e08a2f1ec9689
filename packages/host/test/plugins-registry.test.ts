import { StepwireError } from "@stepwire/core";
import { afterEach, describe, expect, it, vi } from "vitest";

import { discoverPlugins, PluginRegistry } from "../src/index.ts";
import { failure } from "./http-support.ts";
import { connectorType, entryOf, projectWith, type PackageParts } from "./plugins-support.ts";

async function registryOf(packages: readonly PackageParts[], prefer: Record<string, string> = {}) {
  const projectFolder = await projectWith(packages);
  return new PluginRegistry(await discoverPlugins({ projectFolder, exclude: [], paths: [] }), prefer);
}
const step = (type: string) => ({ type, summary: "S", effect: "read" as const, input: {}, output: {} });

describe("resolving a step's type", () => {
  const pager = connectorType("acme/pager", {
    aliases: ["acme/.pager"],
    subActions: { pushToService: "do" },
    actions: { ...connectorType("x").actions, ack: { ...connectorType("x").actions["do"]!, effect: "write" } },
  });
  const slack = connectorType("slack", { aliases: [".slack"] });

  it.each([
    ["acme/pager", "do"],
    ["acme/pager.ack", "ack"],
    ["acme/pager.pushToService", "do"],
    ["slack", "do"],
    [".slack", "do"],
    ["slack.do", "do"],
    [".slack.do", "do"],
    ["slack.do.more", "do"],
  ])("%s runs %s", async (type, action) => {
    const registry = await registryOf([
      { name: "stepwire-connector-pager", type: pager },
      { name: "stepwire-connector-slack", type: slack },
    ]);
    expect(registry.resolve(type)).toMatchObject({ kind: "action", action });
  });

  it.each([
    ["slak", "Did you mean slack?"],
    ["slack.doo", "Did you mean slack.do?"],
    ["jira", "npm install @stepwire/connector-jira"],
    ["slack.constructor", "It has: do."],
    ["slack.", "It has: do."],
    ["", "stepwire types"],
    ["constructor", "stepwire types"],
    ["__proto__", "stepwire types"],
    ["never.heard.of.it", "stepwire types"],
  ])("%j is unknown, with a hint", async (type, hint) => {
    const registry = await registryOf([{ name: "stepwire-connector-slack", type: slack }]);
    expect(registry.resolve(type)).toMatchObject({ code: "unknown-step-type", hint: expect.stringContaining(hint) });
  });

  it("needs an action where a type has no default", async () => {
    const { defaultAction: _, ...bare } = connectorType("bare");
    const registry = await registryOf([{ name: "stepwire-connector-bare", type: bare }]);
    expect(registry.resolve("bare")).toMatchObject({ code: "unknown-step-type", hint: "Write one of: bare.do." });
    expect(registry.resolve("bare.do")).toMatchObject({ kind: "action" });
  });

  it("finds steps, dots in their names included", async () => {
    const registry = await registryOf([
      {
        name: "stepwire-connector-a",
        manifest: { connectorTypes: [], steps: [step("acme/data.set"), step("acme/wait")] },
      },
    ]);
    expect(registry.resolve("acme/data.set")).toMatchObject({ kind: "step", step: { type: "acme/data.set" } });
    expect(registry.resolve("acme/wait")).toMatchObject({ kind: "step" });
    expect(registry.resolve("acme/data.unset")).toMatchObject({ code: "unknown-step-type" });
  });

  it("blames a broken package that seems to provide it", async () => {
    const registry = await registryOf([{ name: "stepwire-connector-pager", manifest: "{" }]);
    const problem = registry.resolve("pager");
    expect(problem).toMatchObject({
      code: "plugin-invalid",
      message: expect.stringContaining("stepwire-connector-pager"),
    });
  });
});

describe("two packages that claim one type", () => {
  const both: PackageParts[] = [
    { name: "@one/stepwire-connector-slack", type: connectorType("slack", { aliases: [".slack"] }) },
    { name: "@two/stepwire-connector-slack", type: connectorType("acme/slack", { aliases: [".slack"] }) },
  ];

  it("are a conflict that names both and how to choose", async () => {
    const registry = await registryOf(both);
    const conflict = {
      code: "plugin-conflict",
      message: "@one/stepwire-connector-slack and @two/stepwire-connector-slack both provide slack.",
      hint: expect.stringContaining("prefer"),
    };
    expect(registry.resolve("slack")).toMatchObject(conflict);
    expect(registry.resolve(".slack.do")).toMatchObject(conflict);
    expect(registry.connectorType("slack")).toMatchObject(conflict);
    expect(registry.conflicts()).toEqual([
      { id: "slack", packages: ["@one/stepwire-connector-slack", "@two/stepwire-connector-slack"] },
    ]);
    // What only one of them provides is not in doubt.
    expect(registry.resolve("acme/slack")).toMatchObject({ kind: "action" });
  });

  it("are none where plugins.prefer chooses", async () => {
    const registry = await registryOf(both, { slack: "@two/stepwire-connector-slack" });
    expect(registry.resolve("slack")).toMatchObject({ plugin: { name: "@two/stepwire-connector-slack" } });
    expect(registry.conflicts()).toEqual([]);
  });

  it("still are one where plugins.prefer names a third", async () => {
    const registry = await registryOf(both, { slack: "@three/stepwire-connector-slack" });
    expect(registry.resolve("slack")).toMatchObject({ code: "plugin-conflict" });
  });

  it("are one for steps with dots in their names as well", async () => {
    const manifest = { connectorTypes: [], steps: [step("acme/data.set")] };
    const registry = await registryOf([
      { name: "stepwire-connector-a", manifest },
      { name: "stepwire-connector-b", manifest },
    ]);
    expect(registry.resolve("acme/data.set")).toMatchObject({ code: "plugin-conflict" });
  });
});

describe("importing a plugin", () => {
  afterEach(() => void vi.useRealTimers());

  const load = async (parts: Omit<PackageParts, "name">) => {
    const registry = await registryOf([{ name: "stepwire-connector-pager", ...parts }]);
    const found = registry.connectorType("pager");
    if ("code" in found) throw new StepwireError(found.code, found.message);
    return registry.load(found.plugin);
  };

  it("gives its code, once, whichever copy of the contract made it", async () => {
    const registry = await registryOf([{ name: "stepwire-connector-pager", entry: entryOf("pager") }]);
    const found = registry.connectorType("pager");
    if ("code" in found) throw new Error(found.message);
    const first = await registry.load(found.plugin);
    expect(first.connectorTypes[0]?.id).toBe("pager");
    expect(await registry.load(found.plugin)).toBe(first);
  });

  it.each([
    ["throws", "throw new Error('no licence');", "no licence"],
    ["throws something odd", "throw null;", "null"],
    ["does not parse", "export default {", "importing it failed"],
    ["imports what is not there", "import 'not-installed-anywhere';", "not-installed-anywhere"],
    ["exports no plugin", "export default { contract: 1, connectorTypes: [], steps: [] };", "definePlugin"],
    ["exports nothing", "", "definePlugin"],
    ["does something else than its manifest says", entryOf("pager", { effect: "destroy" }), "destroy"],
    ["provides another type than its manifest says", entryOf("other"), "pager is missing"],
  ])("that %s fails with plugin-invalid and the package's name", async (_, entry, reason) => {
    const error = await failure(load({ entry }));
    expect(error).toMatchObject({ code: "plugin-invalid", details: { package: "stepwire-connector-pager" } });
    expect(error.message).toContain("stepwire-connector-pager");
    expect(error.message).toContain(reason);
  });

  it("made for another contract than its manifest says fails", async () => {
    expect(await failure(load({ entry: entryOf("pager", { contract: 2 }) }))).toMatchObject({
      code: "contract-unsupported",
    });
  });

  it("that does not come to an end fails after ten seconds", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const registry = await registryOf([{ name: "stepwire-connector-pager", entry: "await new Promise(() => {});" }]);
    const found = registry.connectorType("pager");
    if ("code" in found) throw new Error(found.message);
    const error = failure(registry.load(found.plugin));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await error).toMatchObject({ code: "plugin-invalid", message: expect.stringContaining("10 s") });
  });
});
