import path from "node:path";

import type { ManifestConnectorType } from "@stepwire/core";
import { decodeUtf8, Project, UTF8_HINT, type ProjectOptions } from "@stepwire/host";
import { appendToList } from "@stepwire/yaml";

import { usage } from "../refusal.ts";
import { commitFiles, readTarget, type FileChange } from "./commit-files.ts";
import { holdsTyped, replaceTyped, type Draft } from "./draft.ts";
import { EnvAdditions, variableName } from "./env-additions.ts";
import { withLocks } from "./file-lock.ts";
import { nameProblem } from "./names.ts";

type Named = Draft & { readonly name: string };

interface Written {
  /** The files that were changed or made, as they were named. */
  files: string[];
  /** The variables that were added to the env file. */
  env: string[];
}

/**
 * Writes the connector's entry and its secrets, both or neither. Everything else in the two files stays as it is, also
 * what other commands write at the same time.
 * @param options where the project is: what was read of it before all questions were answered may be old.
 * @param files.connectors the connectors file.
 * @param files.env where secrets go that were typed in.
 * @param signal stops the wait for other commands.
 */
export async function writeConnector(
  options: ProjectOptions,
  files: { connectors: string; env: string },
  type: ManifestConnectorType,
  draft: Named,
  signal: AbortSignal,
): Promise<Written> {
  const names = holdsTyped(draft.secrets) ? [files.connectors, files.env] : [files.connectors];
  const targets = await Promise.all(names.map(readTarget));
  return withLocks(
    targets.map(({ file }) => file),
    signal,
    async () => {
      const project = await Project.open(options);
      try {
        return await write(project, type, draft, files.env);
      } finally {
        await project.close();
      }
    },
  );
}

async function write(project: Project, type: ManifestConnectorType, draft: Named, envFile: string): Promise<Written> {
  const { file: connectorsFile } = project.connectorsFile;
  for (const what of ["name", "id"] as const) {
    const problem = draft[what] === undefined ? undefined : nameProblem(what, draft[what], project.connectorsFile);
    if (problem !== undefined) throw usage(`${problem} Nothing was written.`);
  }
  const env = await openText(envFile);
  const additions = new EnvAdditions(env.text, project.environment.variables);
  const secrets = replaceTyped(draft.secrets, (secret, keys) => {
    const reference = additions.keep(variableName(draft.name, type.id, keys), secret);
    if (reference !== undefined) return reference;
    throw usage(
      `${envFile} cannot hold secrets.${keys.join(".")}: a quote is open in the file, or the secret holds a character that no env file can.`,
      `Put it into a file of its own: --secret ${keys.join(".")}=file:PATH`,
    );
  }) as Record<string, unknown>;
  const id = draft.id ?? idFor(draft.name, type.id, project);
  const entry = {
    ...(id === undefined ? {} : { id }),
    name: draft.name,
    type: type.id,
    ...(isEmpty(draft.config) ? {} : { config: draft.config }),
    ...(isEmpty(secrets) ? {} : { secrets }),
  };
  const connectors = await openText(connectorsFile);
  const json = path.extname(connectorsFile) === ".json";
  const appended = appendToList(connectors.text, "connectors", entry, { json });
  if ("problem" in appended) {
    throw usage(
      `Nothing can be added to ${connectorsFile}: ${appended.problem}. Nothing was written.`,
      "Write its connectors as a list below connectors:, each beginning with a dash, then try again.",
    );
  }
  // The secrets first: a connector that nobody can use yet would be worse than a variable that nobody reads.
  const changes = [
    ...(additions.names.length === 0 ? [] : [{ ...env.change(additions.text), mode: 0o600 }]),
    { ...connectors.change(appended.text), mode: 0o666 & ~process.umask() },
  ];
  await commitFiles(changes);
  return { files: additions.names.length === 0 ? [connectorsFile] : [envFile, connectorsFile], env: additions.names };
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

async function openText(name: string) {
  const { file, bytes } = await readTarget(name);
  const text = decodeUtf8(bytes ?? Buffer.alloc(0));
  if (text === undefined) throw usage(`${name} is not UTF-8 text.`, UTF8_HINT);
  const mark = bytes?.subarray(0, 3).equals(BYTE_ORDER_MARK) === true ? BYTE_ORDER_MARK : Buffer.alloc(0);
  const change = (after: string): Omit<FileChange, "mode"> => ({
    file,
    before: bytes,
    after: Buffer.concat([mark, Buffer.from(after)]),
  });
  return { text, change };
}

const isEmpty = (map: object): boolean => Object.keys(map).length === 0;

/**
 * An id for a name that is none itself. It is written down: one that is made when the file is read may depend on the
 * other names in it, and theirs on this one.
 */
function idFor(name: string, type: string, project: Project): string | undefined {
  if (/^[a-z\d]+(?:-[a-z\d]+)*$/.test(name)) return undefined;
  const base = variableName(name, type, []).toLowerCase().replaceAll("_", "-");
  const taken = new Set([name, ...project.connectorsFile.connectors.flatMap((other) => [other.id, other.name])]);
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!taken.has(id)) return id;
  }
}
