import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

import { expect, it } from "vitest";

import { HELP } from "../src/cli/help.ts";
import { GROUPS } from "../src/kit/groups.ts";
import { fencesOf } from "../src/kit/readme.ts";
import { plant } from "./kit/faulty.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

/** The first cells of the rows of the table with this heading, and their second ones. */
function tableOf(heading: string): (readonly [string, string])[] {
  const [, rows = ""] = new RegExp(`^\\| ${heading} .*\\n\\|[ -|]*\\n((?:\\|.*\\n)*)`, "m").exec(readme) ?? [];
  return [...rows.matchAll(/^\| `([^`]+)` *\| (.*?) *\|$/gm)].map(([, name = "", text = ""]) => [name, text]);
}

it("shows the example that is run beside this test", async () => {
  const example = await readFile(new URL("example.test.ts", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
});

it("shows a conformance test and scenarios that pass as they stand", { timeout: 120_000 }, async () => {
  const shown = (file: string) => fencesOf(readme).find((fence) => fence.file === file)?.text ?? "";
  // Vitest does not start within itself; the kit takes any runner's `test`. The sample has no folder src.
  const code = shown("test/conformance.test.ts")
    .replace('"vitest"', '"node:test"')
    .replace("../src/index.ts", "../index.js");
  const { folder } = await plant([
    ["test/scenarios.ts", "", shown("test/scenarios.ts")],
    ["test/conformance.test.ts", "", code],
    ["test/expected-failures.json", "", "[]"],
  ]);
  const condition = "--conditions=@stepwire/source";
  const env = { ...process.env, NODE_OPTIONS: condition, NODE_TEST_CONTEXT: undefined };
  const said = await new Promise<string>((resolve) => {
    execFile(process.execPath, ["--test", "test/conformance.test.ts"], { cwd: folder, env }, (error, stdout, stderr) =>
      resolve(error === null ? stdout : `failed: ${stdout}${stderr}`),
    );
  });
  expect(said).not.toMatch(/^failed/);
  for (const { id, title } of GROUPS) expect(said).toContain(`${id}: ${title}`);
});

it("has every group of the kit in its table, and no other", () => {
  expect(tableOf("Group")).toEqual(GROUPS.map(({ id, title }) => [id, title]));
});

it("has every command of stepwire-kit in its table, and no other", () => {
  const commands = [...HELP.matchAll(/^ {2}(stepwire-kit \w+)/gm)].map(([, command]) => command);
  expect(tableOf("Command").map(([command]) => command)).toEqual(commands);
});

it("names every field of the scenarios", async () => {
  const source = await readFile(new URL("../src/kit/scenarios.ts", import.meta.url), "utf8");
  const fields = ["TypeScenarios", "ActionScenarios"].flatMap((name) => {
    const [body = ""] = new RegExp(`interface ${name} \\{[\\s\\S]*?\\n\\}`).exec(source) ?? [];
    return [...body.matchAll(/^ {2}readonly (\w+)/gm)].map(([, field]) => field);
  });
  const named = [...readme.matchAll(/^\| `(\w+)` +\|/gm)].map(([, field]) => field);
  expect(fields.length).toBeGreaterThan(10);
  expect(fields.filter((field) => !named.includes(field))).toEqual([]);
});
