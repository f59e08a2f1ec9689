import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

import type { DevOptions, DevOutcome } from "./dev-run.ts";
import { printOutcome } from "./dev-text.ts";
import { readJson } from "./read-json.ts";
import { EXIT, outputFormat, parseCommand, printJson, printLine, usage } from "./terms.ts";
import { watchSources } from "./watch.ts";

const ROUND = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./dev-run.ts" : "cli/dev-run.js", import.meta.url),
);

/** Builds the package and runs one of its actions with a saved connector, once or again whenever a source changes. */
export async function dev(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(
    args,
    {
      type: { type: "string" },
      connector: { type: "string" },
      connectors: { type: "string" },
      "env-file": { type: "string" },
      params: { type: "string", default: "{}" },
      once: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      output: { type: "string", default: "text" },
    },
    1,
  );
  const output = outputFormat(values.output);
  const folder = process.cwd();
  const { stepwire, scripts } = readJson(path.join(folder, "package.json"), "Call this in a package's folder.") as {
    stepwire?: unknown;
    scripts?: Record<string, string>;
  };
  if (stepwire === undefined) throw usage(`${folder} is no connector package: its package.json has no "stepwire".`);
  const connectors = path.resolve(values.connectors ?? "connectors.yaml");
  if (values.connector !== "-" && !existsSync(connectors)) {
    throw usage(
      `${connectors} is not there. Write a connector into it: npx stepwire connectors add TYPE --project ${folder}`,
    );
  }
  const options: DevOptions = {
    folder,
    connectors,
    params: await readParams(values.params),
    dryRun: values["dry-run"],
    ...(values["env-file"] === undefined ? {} : { envFile: values["env-file"] }),
    ...(values.type === undefined ? {} : { type: values.type }),
    ...(values.connector === undefined ? {} : { connector: values.connector }),
    ...(positionals[0] === undefined ? {} : { action: positionals[0] }),
  };
  const round = async (): Promise<number> => {
    const failure = scripts?.["build"] === undefined ? undefined : await build(folder);
    if (failure !== undefined) {
      if (output === "json")
        printJson({
          status: "refused",
          findings: [{ code: "usage-invalid", severity: "error", message: `The build failed: ${failure}` }],
        });
      else printLine(`The build failed:\n${failure}`);
      return EXIT.refused;
    }
    const outcome = await runRound(options, folder);
    if (output !== "json") printOutcome(outcome);
    else if (outcome.status !== "refused") printJson(outcome);
    else {
      const { code, message } = outcome.error;
      printJson({ status: "refused", findings: [{ code, severity: "error", message }] });
    }
    return outcome.status === "refused" ? EXIT.refused : outcome.status === "error" ? EXIT.failed : EXIT.done;
  };
  const code = await round();
  if (values.once || output === "json") return code;
  await watchSources(folder, async () => void (await round()));
  return EXIT.done;
}

async function readParams(given: string): Promise<unknown> {
  const source = given === "-" ? "standard input" : given.startsWith("@") ? given.slice(1) : "--params";
  try {
    const json =
      given === "-" ? await text(process.stdin) : given.startsWith("@") ? readFileSync(given.slice(1), "utf8") : given;
    const value = JSON.parse(json) as unknown;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw usage(`The parameters cannot be read from ${source}: ${(error as Error).message}`);
  }
  throw usage(`The parameters from ${source} are no JSON object.`);
}

/** What the build said against it; nothing where it went well. */
function build(folder: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { cwd: folder, shell: process.platform === "win32", maxBuffer: 32 * 1024 * 1024 };
    execFile("npm", ["run", "--silent", "build"], options, (error, stdout, stderr) => {
      resolve(error === null ? undefined : `${stdout}${stderr}`.trim() || error.message);
    });
  });
}

function runRound(options: DevOptions, cwd: string): Promise<DevOutcome> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [ROUND], { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      try {
        // What the package itself prints comes before it.
        resolve(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as DevOutcome);
      } catch {
        const message = `The action ended its process: ${stderr.trim() || (error?.message ?? "without a word")}`;
        resolve({ status: "refused", error: { code: "internal", type: "InternalError", message, retryable: false } });
      }
    });
    // It must not go on sending when whoever started it is gone.
    const kill = () => void child.kill();
    process.once("exit", kill);
    child.once("close", () => process.off("exit", kill));
    child.stdin?.end(JSON.stringify(options));
  });
}
