import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import type { Finding } from "@stepwire/core";
import { decodeUtf8, UTF8_HINT } from "./utf8.ts";

export interface Environment {
  /** The file's variables and over them the real ones. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** The file that was read, if there was one. */
  readonly file: string | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Reads `.env` in `folder` (where the connectors file is), or `file` if one is named. Real variables win over those of
 * the file. Only a named file has to exist; a missing one is a finding `usage-invalid`.
 */
export async function readEnvironment(options: {
  folder: string;
  file?: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
}): Promise<Environment> {
  const file = options.file === undefined ? join(options.folder, ".env") : resolve(options.file);
  const unread = (message: string, hint: string): Environment => ({
    variables: options.env,
    file: undefined,
    findings: [{ code: "usage-invalid", severity: "error", message, file, hint }],
  });
  try {
    const text = decodeUtf8(await readFile(file));
    if (text === undefined) return unread("The env file is not UTF-8 text.", UTF8_HINT);
    const parsed = parseEnv(text);
    return { variables: { ...parsed, ...options.env }, file, findings: [] };
  } catch (error) {
    const { code = "error" } = error as NodeJS.ErrnoException;
    const missing = code === "ENOENT" || code === "ENOTDIR";
    if (missing && options.file === undefined) return { variables: options.env, file: undefined, findings: [] };
    return unread(
      missing ? "The env file does not exist." : `The env file cannot be read (${code}).`,
      "Name an existing file, or leave the option out to read .env beside the connectors file.",
    );
  }
}
