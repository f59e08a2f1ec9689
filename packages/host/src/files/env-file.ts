import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import type { Finding } from "@stepwire/core";

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
  try {
    const parsed = parseEnv(await readFile(file, "utf8"));
    return { variables: { ...parsed, ...options.env }, file, findings: [] };
  } catch (error) {
    const { code = "error" } = error as NodeJS.ErrnoException;
    const missing = code === "ENOENT" || code === "ENOTDIR";
    const findings: Finding[] =
      missing && options.file === undefined
        ? []
        : [
            {
              code: "usage-invalid",
              severity: "error",
              message: missing ? "The env file does not exist." : `The env file cannot be read (${code}).`,
              file,
              hint: "Name an existing file, or leave the option out to read .env beside the connectors file.",
            },
          ];
    return { variables: options.env, file: undefined, findings };
  }
}
