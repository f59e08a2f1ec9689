import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { describe, expect, it, onTestFinished, vi } from "vitest";

import { buildManifest, packageDigest } from "../src/cli/build-manifest.ts";
import { main, writeManifest } from "../src/cli/stepwire-manifest.ts";
import { manifestProblems, StepwireError, type Manifest } from "../src/index.ts";

const ENTRY = `
  const mark = (value, brand) => Object.defineProperty(value, Symbol.for("stepwire.brand"), { value: brand });
  const json = () => ({ $schema: "https://json-schema.org/draft/2020-12/schema", type: "object" });
  const schema = { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }), jsonSchema: { input: json, output: json } } };
  const step = mark({ type: "acme/wait", summary: "Waits", effect: "read", input: schema, output: schema, run: async () => ({}) }, "step");
  export default mark({ contract: 1, connectorTypes: [], steps: [step] }, "plugin");
`;
const PACKAGE = {
  name: "stepwire-connector-wait",
  version: "1.0.0",
  type: "module",
  exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
  files: ["dist", "extra.txt"],
  stepwire: { contract: 1, manifest: "./dist/stepwire.json" },
};

async function packageWith(changes: object = {}, files: Record<string, string> = {}): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), "stepwire-manifest-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const all = {
    "package.json": JSON.stringify({ ...PACKAGE, ...changes }),
    "dist/index.js": ENTRY,
    "dist/deep/part.js": "// a part",
    "extra.txt": "extra",
    "src/not-published.ts": "",
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    await mkdir(path.join(folder, path.dirname(name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}
const manifestOf = async (folder: string) =>
  JSON.parse(await readFile(await writeManifest(folder), "utf8")) as Manifest;

describe("writeManifest", () => {
  it("writes where package.json says, and what a host accepts", async () => {
    const folder = await packageWith();
    const manifest = await manifestOf(folder);
    expect(manifest).toMatchObject({
      contract: 1,
      name: "stepwire-connector-wait",
      version: "1.0.0",
      entry: "./dist/index.js",
      steps: [{ type: "acme/wait", input: { type: "object" } }],
    });
    expect(manifest.steps[0]?.input).not.toHaveProperty("$schema");
    expect(manifest.digest).toMatch(/^sha256-[A-Za-z0-9+/]{43}=$/);
    expect(manifestProblems(manifest)).toEqual([]);
    expect(await writeManifest(folder)).toBe(path.join(folder, "dist/stepwire.json"));
  });

  it("replaces a stale one, and comes to the same digest again", async () => {
    const folder = await packageWith({}, { "dist/stepwire.json": '{"name":"old"}' });
    const first = await manifestOf(folder);
    expect(first.name).toBe("stepwire-connector-wait");
    expect((await manifestOf(folder)).digest).toBe(first.digest);
  });

  it("has a digest that changes with what is published, and with nothing else", async () => {
    const digest = async (files: Record<string, string>) => (await manifestOf(await packageWith({}, files))).digest;
    const plain = await digest({});
    expect(await digest({ "src/not-published.ts": "changed", "README.md": "x" })).toBe(plain);
    const others = [
      { "dist/deep/part.js": "// another part" },
      { "dist/deep/more.js": "" },
      { "extra.txt": "extra2" },
      { "dist/index.js": `${ENTRY}\n` },
    ];
    const digests = [plain];
    for (const files of others) digests.push(await digest(files));
    expect(new Set(digests).size).toBe(digests.length);
  });

  it("understands the patterns npm understands in files", async () => {
    const files = ["dist/**/*.js", "!dist/deep/**", "missing"];
    const digest = async (added: Record<string, string>) =>
      (await manifestOf(await packageWith({ files }, added))).digest;
    const plain = await digest({});
    expect(await digest({ "dist/deep/part.js": "// left out", "dist/index.d.ts": "", "extra.txt": "" })).toBe(plain);
    expect(await digest({ "dist/other.js": "" })).not.toBe(plain);
  });

  it("covers the whole package where files says nothing, but what npm never packs", async () => {
    const digest = async (added: Record<string, string>) =>
      (await manifestOf(await packageWith({ files: undefined }, added))).digest;
    const plain = await digest({});
    expect(await digest({ "node_modules/x/index.js": "", ".git/HEAD": "" })).toBe(plain);
    expect(await digest({ "src/not-published.ts": "is published" })).not.toBe(plain);
  });

  it.each([
    ["main", { exports: undefined, main: "./dist/index.js" }, "./dist/index.js"],
    ["exports as a text", { exports: "./dist/index.js" }, "./dist/index.js"],
    ["exports without a dot", { exports: { import: "./dist/index.js" } }, "./dist/index.js"],
    [
      "nested conditions",
      { exports: { ".": { node: { default: "./dist/index.js" }, default: "./x.js" } } },
      "./dist/index.js",
    ],
  ])("finds the entry in %s", async (_, changes, entry) => {
    expect((await manifestOf(await packageWith(changes))).entry).toBe(entry);
  });

  it.each([
    [{ name: undefined }, {}, "name"],
    [{ version: undefined }, {}, "version"],
    [{ stepwire: undefined }, {}, '"stepwire"'],
    [{ stepwire: { contract: 1 } }, {}, '"manifest"'],
    [{ stepwire: { contract: 2, manifest: "./dist/stepwire.json" } }, {}, "contract 2"],
    [{ exports: { "./other": "./x.js" } }, {}, 'exports["."]'],
    [{ exports: { ".": "./dist/missing.js" } }, {}, "Build it first"],
    [{}, { "dist/index.js": "throw new Error('at import')" }, "at import"],
    [{}, { "dist/index.js": "export default 5" }, "definePlugin"],
    [{}, { "package.json": "{ broken" }, "package.json"],
  ])("refuses %j %j", async (changes, files, named) => {
    const folder = await packageWith(changes, files as Record<string, string>);
    const error: unknown = await writeManifest(folder).catch((thrown: unknown) => thrown);
    expect(StepwireError.is(error)).toBe(true);
    expect(error).toMatchObject({ code: "plugin-invalid", message: expect.stringContaining(named) });
  });
});

describe("buildManifest", () => {
  it("gives what would be written, and writes nothing", async () => {
    const folder = await packageWith();
    const built = await buildManifest(folder);
    expect(built.path).toBe(path.join(folder, "dist/stepwire.json"));
    await expect(readFile(built.path)).rejects.toThrow("ENOENT");
    expect(await manifestOf(folder)).toEqual(built.manifest);
  });
});

describe("packageDigest", () => {
  it("is the manifest's as long as nothing changed, and imports nothing", async () => {
    const folder = await packageWith();
    const { digest } = await manifestOf(folder);
    expect(await packageDigest(folder)).toBe(digest);
    await writeFile(path.join(folder, "dist/index.js"), "throw new Error('imported')");
    expect(await packageDigest(folder)).not.toBe(digest);
  });

  it("refuses a package that names no manifest", async () => {
    const folder = await packageWith({ stepwire: undefined });
    await expect(packageDigest(folder)).rejects.toMatchObject({ code: "plugin-invalid" });
  });
});

describe("the command", () => {
  const run = async (folder: string) => {
    const out: string[] = [];
    const cwd = vi.spyOn(process, "cwd").mockReturnValue(folder);
    const stdout = vi
      .spyOn(process.stdout, "write")
      .mockImplementation((text) => Boolean(out.push(`out ${String(text)}`)));
    const stderr = vi
      .spyOn(process.stderr, "write")
      .mockImplementation((text) => Boolean(out.push(`err ${String(text)}`)));
    try {
      await main();
      return { out, code: process.exitCode };
    } finally {
      for (const spy of [cwd, stdout, stderr]) spy.mockRestore();
      process.exitCode = undefined;
    }
  };

  it("says what it wrote", async () => {
    expect(await run(await packageWith())).toEqual({
      out: [`out ${path.join("dist", "stepwire.json")} written\n`],
      code: undefined,
    });
  });

  it("says what is wrong, with exit code 1", async () => {
    const { out, code } = await run(await packageWith({ stepwire: undefined }));
    expect(out).toEqual([expect.stringMatching(/^err stepwire-manifest: stepwire-connector-wait: .+\n$/)]);
    expect(code).toBe(1);
  });
});
