import { readFile } from "node:fs/promises";

import { decodeUtf8, UTF8_HINT } from "@stepwire/host";
import { parseYaml } from "@stepwire/yaml";

import { usage } from "./refusal.ts";

/** A JSON or YAML file (`-` is standard input) that holds a map. Throws `usage-invalid` with the place of the fault. */
export async function readMapFile(file: string, option: string): Promise<Record<string, unknown>> {
  return asMap(await readText(file, option), file, option);
}

/** What a published template needs to be read or tried out. */
export const TEMPLATE_OPTIONS = { "var-file": { type: "string" }, stub: { type: "string" } } as const;

/** The two files as the library takes them. */
export async function templateOptions(values: { "var-file"?: string; stub?: string }) {
  const { "var-file": variables, stub } = values;
  return {
    ...(variables === undefined ? {} : { variables: await readMapFile(variables, "--var-file") }),
    ...(stub === undefined ? {} : { stubs: await readMapFile(stub, "--stub") }),
  };
}

/** The value of `--params`: JSON as it stands, `@FILE`, or `-` for standard input. */
export async function readParams(value: string): Promise<Record<string, unknown>> {
  if (value === "-" || value.startsWith("@")) return readMapFile(value === "-" ? "-" : value.slice(1), "--params");
  return asMap(value, undefined, "--params");
}

async function readText(file: string, option: string): Promise<string> {
  const name = file === "-" ? "standard input" : file;
  const text = decodeUtf8(await readBytes(file, option, name));
  if (text === undefined) throw usage(`${option}: ${name} is not UTF-8 text.`, UTF8_HINT, placeOf(file));
  return text;
}

async function readBytes(file: string, option: string, name: string): Promise<Buffer> {
  try {
    if (file !== "-") return await readFile(file);
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    throw usage(`${option}: ${name} ${problem}.`, undefined, placeOf(file));
  }
}

/** @param file `-` for standard input, `undefined` for what stands on the command line itself. */
function asMap(text: string, file: string | undefined, option: string): Record<string, unknown> {
  const name = file === "-" ? "standard input" : (file ?? "the value");
  const value = parse(text, file, name, option);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  const kind =
    value === null || value === undefined
      ? "is empty"
      : `holds ${Array.isArray(value) ? "a list" : "a text or number"}`;
  throw usage(
    `${option}: ${name} ${kind}, not a map of names to values.`,
    file === undefined ? 'Write JSON such as {"message": "hello"}, @FILE, or - for standard input.' : undefined,
    placeOf(file),
  );
}

/** JSON is tried first: it may be larger than YAML files may, and machines indent it with tabs. */
function parse(text: string, file: string | undefined, name: string, option: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const { value, findings } = parseYaml(text, name);
    const [finding] = findings;
    if (finding === undefined) return value;
    const { line = 1, column = 1, message, hint } = finding;
    throw usage(`${option}: ${name}:${line}:${column} is neither JSON nor YAML. ${message}`, hint, {
      ...placeOf(file),
      line,
      column,
    });
  }
}

const placeOf = (file: string | undefined) => (file === undefined || file === "-" ? {} : { file });
