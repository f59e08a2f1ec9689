import { readFile } from "node:fs/promises";

import { parseYaml } from "@stepwire/yaml";

import { usage } from "./args.ts";

/** A JSON or YAML file (`-` is standard input) that holds a map. Throws `usage-invalid` with the place of the fault. */
export async function readMapFile(file: string, option: string): Promise<Record<string, unknown>> {
  return asMap(await readText(file, option), file === "-" ? "standard input" : file, option);
}

/** The value of `--params`: JSON as it stands, `@FILE`, or `-` for standard input. */
export async function readParams(value: string): Promise<Record<string, unknown>> {
  if (value === "-" || value.startsWith("@")) return readMapFile(value === "-" ? "-" : value.slice(1), "--params");
  return asMap(value, "--params", "--params");
}

async function readText(file: string, option: string): Promise<string> {
  try {
    if (file !== "-") return await readFile(file, "utf8");
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString("utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw usage(`${option}: ${file} ${code === "ENOENT" ? "does not exist" : `cannot be read (${code})`}.`);
  }
}

function asMap(text: string, name: string, option: string): Record<string, unknown> {
  const { value, findings } = parseYaml(text, name);
  const [finding] = findings;
  if (finding !== undefined) {
    throw usage(`${option}: ${name}:${finding.line}:${finding.column} is neither JSON nor YAML. ${finding.message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw usage(
      `${option}: ${name} holds ${value === null ? "nothing" : "something"} that is not a map of names to values.`,
    );
  }
  return value as Record<string, unknown>;
}
