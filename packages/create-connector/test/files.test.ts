import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import type { Answers } from "../src/answers.ts";
import { files } from "../src/files.ts";
import { readTemplates } from "../src/templates.ts";
import { PAGER } from "./support.ts";

const root = new URL("../../../", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, root), "utf8");
const json = (text: string) =>
  JSON.parse(text) as { version: string; devDependencies: Record<string, string>; scripts: Record<string, string> };
const made = (change: Partial<Answers> = {}) => files({ ...PAGER, ...change }, readTemplates);

describe("what is written", () => {
  it("is what the README lists", () => {
    const [, list = ""] = read("packages/create-connector/README.md").split("## What it writes");
    const listed = [...list.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name ?? "");
    expect(listed.toSorted()).toEqual([...made().keys()].toSorted());
  });

  it("has no placeholder left, whatever was answered", () => {
    for (const method of ["GET", "DELETE"] as const) {
      for (const [name, text] of made({ method, auth: "none" })) expect(`${name}\n${text}`).not.toMatch(/\$[A-Z]/);
    }
  });

  it("names what was answered in the package, the type and the action", () => {
    const all = made({ package: "@acme/stepwire-connector-pager", title: "Pager & Co" });
    expect(JSON.parse(all.get("package.json") ?? "")).toMatchObject({
      name: "@acme/stepwire-connector-pager",
      description: "Stepwire connector for Pager & Co",
    });
    expect(all.get("src/index.ts")).toContain('id: "acme/pager",\n  title: "Pager & Co",');
    expect(all.get(".changeset/first-release.md")).toContain('"@acme/stepwire-connector-pager": minor');
  });

  it("asks for the versions that this repository is tested with", () => {
    const { devDependencies } = json(made().get("package.json") ?? "");
    const tools = json(read("package.json")).devDependencies;
    const own = { "@stepwire/testkit": "packages/testkit", stepwire: "apps/runner" };
    for (const [name, version] of Object.entries(devDependencies)) {
      const folder = own[name as keyof typeof own];
      const wanted = folder === undefined ? tools[name] : `^${json(read(`${folder}/package.json`)).version}`;
      expect(`${name} ${version}`).toBe(`${name} ${wanted}`);
    }
  });

  it("runs nothing when it is installed", () => {
    const { scripts } = json(made().get("package.json") ?? "");
    expect(Object.keys(scripts)).toEqual(["build", "prepack", "test", "typecheck"]);
  });
});

describe("the action", () => {
  const NATURES = {
    GET: ["read", "natural"],
    POST: ["write", "none"],
    PUT: ["write", "natural"],
    PATCH: ["write", "none"],
    DELETE: ["destroy", "natural"],
  } as const;

  it.each(Object.entries(NATURES))("of %s has its effect", (method, [effect, idempotency]) => {
    const code = made({ method: method as keyof typeof NATURES }).get("src/page.ts");
    expect(code).toContain(`effect: "${effect}",\n  idempotency: "${idempotency}",`);
    expect(code).toContain(`method: "${method}",`);
  });

  it("takes what is in braces in its path, encoded, and a body beside it", () => {
    const code = made({ action: "noteText", path: "/pages/{id}/{text}", method: "PUT" }).get("src/note-text.ts");
    // oxlint-disable-next-line no-template-curly-in-string -- it is the code that is written
    expect(code).toContain("path: `/pages/${encodeURIComponent(input.id)}/${encodeURIComponent(input.text)}`,");
    expect(code).toContain("json: { content: input.content },");
    expect(code).toMatch(/id: z\.string\(\)\.min\(1\)\.max\(200\)\.describe\(/);
  });

  it("that reads without parameters tests the connection", () => {
    expect(made({ method: "GET" }).get("src/connection.ts")).toContain(
      '  test: (ctx) => ctx.request({ method: "GET", path: "/pages" }),\n',
    );
    expect(made({ method: "GET" }).get("test/scenarios.ts")).toContain('test: { "GET /v1/pages": ');
  });
});

describe("the type's constant", () => {
  it.each([
    ["acme/jira-cloud", "jiraCloud"],
    ["acme/page", "pageType"],
    ["acme/import", "importType"],
    ["acme/connector", "connectorType"],
    // What the written test declares by itself.
    ["acme/call", "callType"],
    ["acme/input", "inputType"],
    ["acme/reply", "replyType"],
  ])("of %s is %s", (name, constant) => {
    expect(made({ name }).get("src/index.ts")).toContain(`export const ${constant} = defineConnectorType(`);
  });
});

it("gives the type's constant a name that the action leaves free", () => {
  const code = made({ name: "acme/connection", action: "connectionType" }).get("src/index.ts");
  expect(code).toContain("export const connectionConnector = defineConnectorType(");
});

describe("the connection", () => {
  it("trusts a host on the standard port alone", () => {
    expect(made().get("src/connection.ts")).toContain('hosts: ["api.pager.example"],');
    expect(made({ "base-url": "https://api.pager.example:8443" }).get("src/connection.ts")).toContain("hosts: [],");
  });

  it("takes each secret from a variable of the system's in the README", () => {
    const readme = made({ name: "acme/pager-eu", auth: "api-key-header" }).get("README.md");
    // oxlint-disable-next-line no-template-curly-in-string -- it is what a connectors file says
    expect(readme).toContain("    secrets:\n      apiKey: ${env:PAGER_EU_API_KEY}\n");
  });
});
