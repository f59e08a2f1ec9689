import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it, vi } from "vitest";

import { FIELDS, readField } from "../src/fields.ts";
import { HELP } from "../src/help.ts";
import { main } from "../src/main.ts";
import { writeFiles } from "../src/target.ts";
import { create, flagsOf, PAGER, tempFolder } from "./support.ts";

const refusal = (key: string, text: string): string => {
  const field = FIELDS.find((candidate) => candidate.key === key);
  const reading = field === undefined ? undefined : readField(field, text);
  if (reading === undefined || "value" in reading) throw new Error(`${key} takes ${text}`);
  return reading.problem;
};

describe("a wrong value", () => {
  it.each([
    ["name", "Acme/Pager 2", "acme/pager-2"],
    ["name", "pager", "your-vendor/pager"],
    ["title", 'Pager "24/7"', "Pager 24/7"],
    ["base-url", "api.pager.example/v1/", "https://api.pager.example/v1"],
    ["base-url", "http://api.pager.example", "https://api.pager.example"],
    ["base-url", "https://user:word@api.pager.example/v1?x=1#y", "https://api.pager.example/v1"],
    ["base-url", "https://API.pager.example", "https://api.pager.example"],
    ["auth", "baerer", "bearer"],
    ["action", "get-page", "getPage"],
    ["action", "GetPage", "getPage"],
    ["action", "delete", "deleteItem"],
    ["action", "connection", "connectionItem"],
    ["action", "constructor", "constructorItem"],
    ["method", "post", "POST"],
    ["path", "pages/:id?x=1", "/pages/{id}"],
    ["package", "@Acme/connector-pager", "@acme/stepwire-connector-pager"],
    ["package", "pager", "stepwire-connector-pager"],
  ])("of --%s, %s, is answered with %s", (key, text, meant) => {
    expect(refusal(key, text)).toContain(`${JSON.stringify(text)} is not allowed. Did you mean ${meant}? Allowed: `);
  });

  it.each([
    ["name", "acme/9"],
    ["title", "*"],
    ["base-url", "ftp://files.example"],
    ["base-url", "https://"],
    ["auth", "magic"],
    ["method", "OPTIONS"],
    ["path", "/a/../b"],
    ["path", "/a/{b c}"],
    ["path", "/a/{__proto__}"],
    ["package", `stepwire-connector-${"a".repeat(200)}`],
  ])("of --%s, %s, with what is allowed alone", (key, text) => {
    expect(refusal(key, text)).toMatch(/^".*" is not allowed\. Allowed: /);
  });

  it("may be empty", () => {
    expect(refusal("title", " ")).toMatch(/^It is empty\. Allowed: /);
  });
});

describe("the command", () => {
  it("tells of every option in its help and in the README", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    for (const { key } of FIELDS) {
      expect(HELP).toContain(`\n  --${key} `);
      expect(readme).toContain(`\n| \`--${key}\` `);
    }
  });

  it("says everything that is wrong at once, and writes nothing", async () => {
    const folder = path.join(tempFolder(), "new");
    const { status, said } = await create([
      folder,
      "second",
      "--nane=x",
      "--name=Acme/Pager",
      "--title",
      "--auth=magic",
      "--auth=basic",
      "--yes=no",
      "-y",
    ]);
    expect(status).toBe(2);
    expect(said.map((line) => line.replace(/ Allowed: .*/, ""))).toEqual([
      "create-stepwire-connector: nothing was written.",
      "  --nane: There is no such option. Did you mean --name?",
      '  --name: "Acme/Pager" is not allowed. Did you mean acme/pager?',
      "  --title: It is empty.",
      '  --auth: "magic" is not allowed.',
      "  --auth: It is given twice.",
      "  --yes: It takes no value.",
      "  second: There is one argument too many; one folder is made.",
      "  --base-url: It is missing.",
      "  --action: It is missing.",
      "  --method: It is missing.",
      "  --path: It is missing.",
    ]);
    expect(existsSync(folder)).toBe(false);
  });

  it("refuses what is missing with --yes, and asks nothing", async () => {
    const folder = tempFolder();
    const { auth: _, ...others } = PAGER;
    const { status, said } = await create([folder, ...flagsOf(others), "--yes"]);
    expect(status).toBe(2);
    expect(said).toEqual([
      "create-stepwire-connector: nothing was written.",
      "  --auth: It is missing. Allowed: none, basic, bearer, api-key-header, api-key-query, envelope.",
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("makes the package's name where none is given", async () => {
    const folder = tempFolder();
    const { package: _, ...others } = PAGER;
    expect(await create([folder, ...flagsOf(others), "--yes"])).toEqual({ status: 0, said: [] });
    const { default: json } = (await import(path.join(folder, "package.json"), { with: { type: "json" } })) as {
      default: { name: string };
    };
    expect(json.name).toBe("stepwire-connector-pager");
  });

  it("refuses a folder that is not empty, unless it is .git that is in it", async () => {
    const folder = tempFolder();
    mkdirSync(path.join(folder, ".git"));
    const args = [folder, ...flagsOf(PAGER), "--yes"];
    expect(await create(args)).toEqual({ status: 0, said: [] });
    const before = readdirSync(folder, { recursive: true });
    expect(await create(args)).toEqual({
      status: 2,
      said: [
        "create-stepwire-connector: nothing was written.",
        `  ${folder}: It is not empty (.changeset, .gitignore, README.md, …). Name a folder that is, or is not there yet.`,
      ],
    });
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });

  it("refuses a file, and a folder below one", async () => {
    const folder = tempFolder();
    const file = path.join(folder, "file");
    writeFileSync(file, "");
    expect((await create([file, ...flagsOf(PAGER), "--yes"])).said[1]).toBe(
      `  ${file}: It is no folder. Name one that is empty, or is not there yet.`,
    );
    const below = path.join(file, "below");
    expect((await create([below, ...flagsOf(PAGER), "--yes"])).said[1]).toContain(`  ${below}: It is no folder.`);
  });
});

describe("writing", () => {
  it("leaves nothing behind when a file cannot be written", () => {
    const folder = tempFolder();
    const files = new Map([
      ["first/file", ""],
      ["taken", ""],
    ]);
    writeFileSync(path.join(folder, "taken"), "somebody else's");
    expect(() => writeFiles(folder, files)).toThrow("EEXIST");
    expect(readdirSync(folder)).toEqual(["taken"]);
    expect(readFileSync(path.join(folder, "taken"), "utf8")).toBe("somebody else's");
  });
});

it("says what to type next so that a shell takes it", async () => {
  const said: string[] = [];
  const place = path.join(tempFolder(), "a b");
  const stdout = vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    said.push(String(chunk));
    return true;
  });
  try {
    expect(await main([place, ...flagsOf(PAGER), "--yes"])).toBe(0);
  } finally {
    stdout.mockRestore();
  }
  expect(said.join("")).toContain(`\n  cd '${place}'\n`);
});
