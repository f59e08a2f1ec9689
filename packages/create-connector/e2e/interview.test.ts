/** Questions and answers, through a pipe and on a terminal. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { onTerminal, piped, tempFolder } from "./support.ts";

const LINES = ["acme/pager", "Pager", "https://api.pager.example/v1", "bearer", "page", "POST", "/pages", ""];

describe("through a pipe", () => {
  it("asks one line for each question, in the README's order, and waits for no more", async () => {
    const folder = tempFolder();
    const { status, said } = await piped(["pager"], folder, LINES, true);
    expect(status, said).toBe(0);
    expect(said).toContain("The npm package [stepwire-connector-pager]: ");
    expect(said).toContain("Next:\n  cd pager\n  npm install\n  npm test\n");
    const json = readFileSync(path.join(folder, "pager/package.json"), "utf8");
    expect(JSON.parse(json)).toMatchObject({ name: "stepwire-connector-pager" });
  });

  it("does not ask for what a flag says, and takes the end of the input for the default", async () => {
    const folder = tempFolder();
    const { status, said } = await piped(["--title=Pager", "--auth=none"], folder, [
      ...LINES.slice(0, 1),
      ...LINES.slice(2, 3),
      ...LINES.slice(4, 7),
    ]);
    expect(status, said).toBe(0);
    expect(said).not.toContain("What people call the system");
    expect(readFileSync(path.join(folder, "src/connection.ts"), "utf8")).toContain('auth: [{ kind: "none" }]');
  });

  it("says all that is wrong with the lines, and what is missing, and writes nothing", async () => {
    const folder = tempFolder();
    const { status, said } = await piped([], folder, ["pager", "Pager", "api.pager.example", "baerer", "page", "POST"]);
    expect(status).toBe(2);
    const [, problems = ""] = said.split("create-stepwire-connector: nothing was written.\n");
    expect(problems.trimEnd().split("\n")).toEqual([
      expect.stringContaining('--name: "pager" is not allowed. Did you mean your-vendor/pager?'),
      expect.stringContaining(
        '--base-url: "api.pager.example" is not allowed. Did you mean https://api.pager.example?',
      ),
      expect.stringContaining('--auth: "baerer" is not allowed. Did you mean bearer?'),
      expect.stringContaining("--path: It is missing: the input ended."),
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("refuses a folder that is not empty before it asks", async () => {
    const folder = tempFolder();
    writeFileSync(path.join(folder, "mine.txt"), "");
    mkdirSync(path.join(folder, ".git"));
    expect(await piped([], folder, LINES)).toEqual({
      status: 2,
      said:
        "create-stepwire-connector: nothing was written.\n" +
        "  .: It is not empty (mine.txt). Name a folder that is, or is not there yet.\n",
    });
    expect(readdirSync(folder).toSorted()).toEqual([".git", "mine.txt"]);
  });
});

describe("on a terminal", () => {
  it("asks again for what is wrong", async () => {
    const folder = tempFolder();
    const { status, said } = await onTerminal(folder, [
      ["acme/pager): ", "Acme/Pager\r"],
      ["acme/pager): ", "acme/pager\r"],
      ["Pager): ", "Pager\r"],
      ["/v1): ", "https://api.pager.example/v1\r"],
      ["envelope): ", "bearer\r"],
      ["getPage): ", "page\r"],
      ["DELETE): ", "POST\r"],
      ["/pages/{id}): ", "/pages\r"],
      ["[stepwire-connector-pager]: ", "\r"],
    ]);
    expect(status, said).toBe(0);
    expect(said).toContain("Did you mean acme/pager?");
    expect(readFileSync(path.join(folder, "src/index.ts"), "utf8")).toContain('id: "acme/pager"');
  });

  it("says what is missing when the input ends", async () => {
    const folder = tempFolder();
    const { status, said } = await onTerminal(folder, [["acme/pager): ", "\u0004"]]);
    expect(status).toBe(2);
    expect(said).toContain("--name: It is missing: the input ended.");
    expect(said).toContain("--path: It is missing: the input ended.");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("writes nothing after Ctrl-C", async () => {
    const folder = tempFolder();
    const { status, said } = await onTerminal(folder, [
      ["acme/pager): ", "acme/pager\r"],
      ["Pager): ", "Pa\u0003"],
    ]);
    expect(status).toBe(3);
    expect(said).toContain("Cancelled. Nothing was written.");
    expect(readdirSync(folder)).toEqual([]);
  });
});
