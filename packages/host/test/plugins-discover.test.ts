import path from "node:path";

import { describe, expect, it } from "vitest";

import { discoverPlugins } from "../src/index.ts";
import {
  connectorType,
  pluginFiles,
  projectWith,
  temporaryFolder,
  writeFiles,
  type PackageParts,
} from "./plugins-support.ts";

const discover = async (projectFolder: string, options: { exclude?: string[]; paths?: string[] } = {}) =>
  discoverPlugins({ projectFolder, exclude: [], paths: [], ...options });
const only = async (parts: Partial<PackageParts>) => {
  const [plugin] = await discover(await projectWith([{ name: "stepwire-connector-pager", ...parts }]));
  return plugin;
};

describe("what is listed", () => {
  it("is every direct dependency that is a plugin, in the order of names, and nothing is imported", async () => {
    const folder = await projectWith([
      { name: "@acme/stepwire-connector-zulu" },
      { name: "stepwire-connector-pager" },
      { name: "any-name-will-do", id: "acme/any" },
    ]);
    const plugins = await discover(folder);
    // Their entries throw when they are imported.
    expect(
      plugins.map(({ name, version, manifest, broken }) => [name, version, manifest?.connectorTypes[0]?.id, broken]),
    ).toEqual([
      ["@acme/stepwire-connector-zulu", "1.2.3", "zulu", undefined],
      ["any-name-will-do", "1.2.3", "acme/any", undefined],
      ["stepwire-connector-pager", "1.2.3", "pager", undefined],
    ]);
    expect(plugins[0]?.folder).toBe(path.join(folder, "node_modules/@acme/stepwire-connector-zulu"));
  });

  it("is found among dev and optional dependencies too", async () => {
    const names = ["stepwire-connector-a", "stepwire-connector-b", "stepwire-connector-c"];
    const folder = await projectWith(
      names.map((name) => ({ name })),
      {
        dependencies: { "stepwire-connector-a": "*" },
        devDependencies: { "stepwire-connector-b": "*" },
        optionalDependencies: { "stepwire-connector-c": "*" },
      },
    );
    expect((await discover(folder)).map(({ name }) => name)).toEqual(names);
  });

  it("is not what merely lies in node_modules, nor what a dependency depends on", async () => {
    const folder = await projectWith([{ name: "stepwire-connector-a" }, { name: "stepwire-connector-b" }], {
      dependencies: { "stepwire-connector-a": "*" },
      peerDependencies: { "stepwire-connector-b": "*" },
    });
    const inner = path.join(folder, "node_modules/stepwire-connector-a/node_modules/stepwire-connector-inner");
    await writeFiles(inner, pluginFiles({ name: "stepwire-connector-inner" }));
    expect((await discover(folder)).map(({ name }) => name)).toEqual(["stepwire-connector-a"]);
  });

  it("is not a package that does not say it is a plugin, whatever its name and keywords", async () => {
    const folder = await projectWith([
      {
        name: "stepwire-connector-a",
        packageJson: { name: "stepwire-connector-a", version: "1.0.0", keywords: ["stepwire-connector"] },
      },
      { name: "left-pad", packageJson: { name: "left-pad", version: "1.0.0" } },
    ]);
    expect(await discover(folder)).toEqual([]);
  });

  it("is found in a folder above, as Node would", async () => {
    const folder = await projectWith([{ name: "stepwire-connector-a" }]);
    await writeFiles(folder, {
      "packages/app/package.json": { name: "app", dependencies: { "stepwire-connector-a": "*" } },
    });
    expect((await discover(path.join(folder, "packages/app"))).map(({ name }) => name)).toEqual([
      "stepwire-connector-a",
    ]);
  });

  it("is nothing without a project, or with one that cannot be read", async () => {
    const folder = await temporaryFolder();
    expect(await discover(folder)).toEqual([]);
    await writeFiles(folder, { "package.json": "{ broken" });
    expect(await discover(folder)).toEqual([]);
    expect(await discoverPlugins({ projectFolder: undefined, exclude: [], paths: [] })).toEqual([]);
  });

  it("leaves out what plugins.exclude names", async () => {
    const folder = await projectWith([{ name: "stepwire-connector-a" }, { name: "stepwire-connector-b" }]);
    expect((await discover(folder, { exclude: ["stepwire-connector-a"] })).map(({ name }) => name)).toEqual([
      "stepwire-connector-b",
    ]);
  });
});

describe("plugins.paths", () => {
  it("adds a folder under development, which stands in for the installed package of its name", async () => {
    const folder = await projectWith([{ name: "stepwire-connector-a" }]);
    const [development, other] = [path.join(folder, "dev/a"), path.join(folder, "dev/b")];
    await writeFiles(development, pluginFiles({ name: "stepwire-connector-a", version: "2.0.0-dev" }));
    await writeFiles(other, pluginFiles({ name: "stepwire-connector-b" }));
    const plugins = await discover(folder, { paths: [development, other] });
    expect(plugins.map(({ name, version, folder: place }) => [name, version, place])).toEqual([
      ["stepwire-connector-a", "2.0.0-dev", development],
      ["stepwire-connector-b", "1.2.3", other],
    ]);
  });

  it("says so when a folder holds no plugin", async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { "plain/package.json": { name: "plain" } });
    const plugins = await discover(folder, { paths: [path.join(folder, "plain"), path.join(folder, "missing")] });
    expect(plugins.map(({ name, broken }) => [name, broken?.code])).toEqual([
      ["missing", "plugin-invalid"],
      ["plain", "plugin-invalid"],
    ]);
    expect(plugins[0]?.broken?.reason).toContain(path.join(folder, "missing"));
  });
});

describe("a broken package", () => {
  it.each([
    ["has a manifest that is no JSON", { manifest: "{ broken" }, "is not JSON"],
    ["has a manifest that is no object", { manifest: "null" }, "is not a JSON object"],
    ["has no manifest", { stepwire: { contract: 1, manifest: "./dist/missing.json" } }, "is missing"],
    [
      "has a manifest that lacks things",
      { manifest: { entry: "", connectorTypes: undefined as never } },
      "connectorTypes",
    ],
    [
      "has a manifest outside of it",
      { stepwire: { contract: 1, manifest: "../other/stepwire.json" } },
      "outside the package",
    ],
    [
      "has a manifest at an absolute place",
      { stepwire: { contract: 1, manifest: "/etc/stepwire.json" } },
      "outside the package",
    ],
    ["has an entry outside of it", { manifest: { entry: "../other/index.js" } }, "entry"],
    ["has a manifest of another name", { manifest: { name: "other" } }, "other 1.2.3"],
    ["has a manifest of another version", { manifest: { version: "1.2.2" } }, "Build the package again"],
    ["has a wrong field", { stepwire: { manifest: "./dist/stepwire.json" } }, '"stepwire" needs'],
    ["has a field that is no object", { stepwire: null }, '"stepwire" needs'],
    ["has a field that is a text", { stepwire: "yes" }, '"stepwire" needs'],
    ["has a package.json that is no JSON", { packageJson: "{ broken" }, "package.json is not JSON"],
  ])("that %s is listed with its reason", async (_, parts, reason) => {
    const plugin = await only(parts);
    expect(plugin).toMatchObject({ name: "stepwire-connector-pager", broken: { code: "plugin-invalid" } });
    expect(plugin?.broken?.reason).toContain(reason);
    expect(plugin).not.toHaveProperty("manifest");
  });

  it.each([
    [{ stepwire: { contract: 2, manifest: "./dist/stepwire.json" } }, "Update stepwire"],
    [{ stepwire: { contract: 0, manifest: "./dist/stepwire.json" } }, "Update the package"],
    [{ manifest: { contract: 2 } }, "Update stepwire"],
  ])("of another contract is listed with what to update: %j", async (parts, advice) => {
    const { broken } = (await only(parts)) ?? {};
    expect(broken?.code).toBe("contract-unsupported");
    expect(broken?.reason).toContain(advice);
  });

  it("that is not installed is listed, unless it is optional or no plugin by its name", async () => {
    const folder = await projectWith([], {
      dependencies: { "@stepwire/connector-slack": "*", "left-pad": "*" },
      optionalDependencies: { "stepwire-connector-optional": "*" },
    });
    const plugins = await discover(folder);
    expect(plugins.map(({ name }) => name)).toEqual(["@stepwire/connector-slack"]);
    expect(plugins[0]?.broken?.reason).toContain("npm install");
  });

  it("does not hide the others", async () => {
    const folder = await projectWith([
      { name: "stepwire-connector-a", manifest: "{" },
      { name: "stepwire-connector-b", type: connectorType("b") },
    ]);
    const plugins = await discover(folder);
    expect(plugins.map(({ broken }) => broken === undefined)).toEqual([false, true]);
  });
});
