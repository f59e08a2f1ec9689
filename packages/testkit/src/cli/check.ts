import { statSync } from "node:fs";
import path from "node:path";

import { readExpectedFailures } from "../kit/expected-failures.ts";
import { failureText, reportTable } from "../kit/format.ts";
import { startKit, type GroupResult } from "../kit/run-kit.ts";
import { pluginOf, scenariosOf } from "./load.ts";
import { readJson } from "./read-json.ts";
import { EXIT, outputFormat, parseCommand, printJson, printLine, usage } from "./terms.ts";
import { linkModules, unpack } from "./unpack.ts";

/** The conformance kit on a package as it was built or packed. */
export async function check(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(
    args,
    {
      scenarios: { type: "string" },
      expected: { type: "string" },
      output: { type: "string", default: "text" },
    },
    1,
  );
  const output = outputFormat(values.output);
  const place = path.resolve(positionals[0] ?? ".");
  const stat = statSync(place, { throwIfNoEntry: false });
  if (stat === undefined) throw usage(`${place} is not there. Name a package's folder, or a file that npm pack wrote.`);
  const { folder, remove } = stat.isDirectory() ? { folder: place, remove: () => undefined } : await unpack(place);
  try {
    if (!stat.isDirectory()) linkModules(folder);
    const plugin = await pluginOf(folder);
    const scenarios = await scenariosOf(values.scenarios, folder);
    const run = startKit({
      plugin,
      folder,
      ...(scenarios === undefined ? {} : { scenarios }),
      ...(values.expected === undefined ? {} : { expectedFailures: readExpected(values.expected) }),
    });
    const results = await run.results().finally(() => run.close());
    if (output === "json")
      printJson({ package: String(readJson(path.join(folder, "package.json"))["name"]), groups: results });
    else print(results);
    return results.some(({ status }) => status === "failed") ? EXIT.failed : EXIT.done;
  } finally {
    remove();
  }
}

function readExpected(file: string) {
  try {
    return readExpectedFailures(file);
  } catch (error) {
    throw usage((error as Error).message);
  }
}

function print(results: readonly GroupResult[]): void {
  for (const result of results) {
    const text = failureText(result);
    if (text !== "") printLine(`${result.id}\n${text.replaceAll(/^/gm, "  ")}\n`);
  }
  printLine(reportTable(results));
}
