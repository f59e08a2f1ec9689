import { copyFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { plant, type Change } from "../kit/faulty.ts";
import { kit } from "./support.ts";

const OLD = path.resolve(import.meta.dirname, "../kit/sample/stepwire.json");
const version = (to: string): Change => ["package.json", '"version": "1.2.0"', `"version": "${to}"`];
const NEW_HOST: Change = [
  "index.js",
  'hosts: ["api.pager.example"]',
  'hosts: ["api.pager.example", "pager-cdn.example"]',
];
const SHORTER: Change = ["index.js", "max(500)", "max(400)"];

async function diff(...changes: Change[]) {
  const { folder } = await plant(changes);
  copyFileSync(OLD, path.join(folder, "old.json"));
  const json = await kit(["diff", "old.json", "--output", "json"], folder);
  const text = await kit(["diff", "old.json"], folder);
  expect(text.code).toBe(json.code);
  return { code: json.code, text: text.stdout, json: JSON.parse(json.stdout) as Record<string, unknown> };
}

describe("stepwire-kit diff", () => {
  it("finds nothing in the same version", async () => {
    const { code, text, json } = await diff();
    expect(code).toBe(0);
    expect(json).toMatchObject({
      package: "stepwire-connector-pager",
      from: "1.2.0",
      to: "1.2.0",
      due: "none",
      enough: true,
      changes: [],
    });
    expect(text).toContain("Nothing changed");
  });

  it("says which version is due while there is time", async () => {
    const { code, text, json } = await diff(SHORTER);
    expect(code).toBe(0);
    expect(json).toMatchObject({ due: "major", enough: false });
    expect(text).toContain("A major version is due, at least 2.0.0; the version is still the same.");
  });

  it("fails for a version that is raised by too little", async () => {
    const { code, text } = await diff(SHORTER, version("1.3.0"));
    expect(code).toBe(1);
    expect(text).toContain("A major version is due, at least 2.0.0; 1.3.0 is only a minor one.");
  });

  it("is content with one that is raised by enough, and lists what users must approve", async () => {
    const { code, text, json } = await diff(NEW_HOST, version("2.0.0"));
    expect(code).toBe(0);
    expect(json).toMatchObject({
      enough: true,
      approve: [{ approve: true, message: expect.stringContaining("pager-cdn.example") }],
    });
    expect(text).toMatch(/Users must approve\n {2}.*pager-cdn\.example/);
  });

  it.each([
    ["README.md", "cannot be read|is no"],
    ["package.json", "is no manifest"],
  ])("refuses %s as an older version", async (file, message) => {
    const { folder } = await plant([]);
    copyFileSync(path.join(folder, file), path.join(folder, "older.json"));
    const { code, stderr } = await kit(["diff", "older.json"], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(message));
  });

  it.each(["1.0.0 --registry=http://127.0.0.1:1/", "file:../other", "1 & echo"])(
    "asks no registry for %s",
    async (old) => {
      const { folder } = await plant([]);
      const { code, stderr } = await kit(["diff", old], folder, { PATH: "/nowhere" });
      expect(code).toBe(2);
      expect(stderr).toContain("is no version or tag of a package");
    },
  );

  it("says what to do where there is no published version", async () => {
    const { folder } = await plant([]);
    // A registry that refuses every connection.
    const { code, stderr } = await kit(["diff"], folder, {
      npm_config_registry: "http://127.0.0.1:1/",
      npm_config_fetch_retries: "0",
    });
    expect(code).toBe(2);
    expect(stderr).toContain("Name a manifest or a .tgz of the older version instead");
  });
});
