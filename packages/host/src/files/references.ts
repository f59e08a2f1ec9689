import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { nearest } from "@stepwire/core";
import { decodeUtf8 } from "./utf8.ts";

/** Gives the text behind `${name:argument}`. What it throws becomes the problem's message, so it must hold no secret. */
export type Resolver = (argument: string, context: { readonly baseDir: string }) => Promise<string> | string;
export type Resolvers = Readonly<Record<string, Resolver>>;

export interface ReferenceContext {
  /** The folder of the file that holds the references; relative paths start there. */
  readonly baseDir: string;
  readonly resolvers: Resolvers;
}

export interface Reference {
  /** As written, with `${` and `}`. */
  readonly text: string;
  readonly resolver: string;
  readonly argument: string;
  /** Offset in the text it stands in. */
  readonly start: number;
}

export interface ReferenceProblem {
  /** Keys that lead to the text. */
  readonly path: (string | number)[];
  readonly message: string;
  readonly hint?: string;
}

/** A reference that cannot be resolved, with what to do about it. */
class ReferenceError extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

// `$${` is a literal `${`; any other `${` that no `name:` follows is left alone.
const TOKEN = /(\$\$\{)|\$\{([A-Za-z][\w-]*):([^}]*)(\}?)/g;

/** The references in a text, resolvable or not; one that is never closed has no `}` in its `text`. */
export function findReferences(text: string): Reference[] {
  return [...text.matchAll(TOKEN)]
    .filter((match) => match[1] === undefined)
    .map((match) => ({
      text: match[0],
      resolver: match[2] ?? "",
      argument: (match[3] ?? "").trim(),
      start: match.index,
    }));
}

/** A text cut at its references. One that is never closed counts as literal: nobody knows where its name would end. */
export function splitReferences(text: string): { text: string; literal: boolean }[] {
  const parts: { text: string; literal: boolean }[] = [];
  let end = 0;
  for (const { text: reference, start } of findReferences(text)) {
    if (!reference.endsWith("}")) continue;
    parts.push({ text: text.slice(end, start), literal: true }, { text: reference, literal: false });
    end = start + reference.length;
  }
  parts.push({ text: text.slice(end), literal: true });
  return parts.filter((part) => part.text !== "");
}

/** Whether a text as it stands in a file holds no reference, so that a secret in it is there for all to read. */
export function isLiteral(value: string): boolean {
  return findReferences(value).length === 0;
}

/**
 * `${env:NAME}` and `${file:PATH}`. A file's one trailing line end is dropped; a file that is no UTF-8 text or holds
 * NUL gives base64.
 * @param env the variables to read, normally what {@link readEnvironment} made of `.env` and the real environment.
 */
export function defaultResolvers(env: Readonly<Record<string, string | undefined>>): Resolvers {
  return {
    env(name) {
      const value = Object.hasOwn(env, name) ? env[name] : undefined;
      if (value !== undefined) return value;
      const near = nearest(name, Object.keys(env));
      throw new ReferenceError(
        `The environment variable ${name} is not set.`,
        `Set it, or add ${name}=... to the .env file${near === undefined ? "" : `; there is a variable ${near}`}.`,
      );
    },
    async file(path, { baseDir }) {
      const absolute = resolve(baseDir, path);
      try {
        return textOrBase64(await readFile(absolute));
      } catch (error) {
        const { code = "error" } = error as NodeJS.ErrnoException;
        const reasons: Record<string, string> = {
          ENOENT: "does not exist",
          EACCES: "may not be read (permissions)",
          EISDIR: "is a folder",
        };
        throw new ReferenceError(
          `The file ${path} ${reasons[code] ?? `cannot be read (${code})`}.`,
          `Looked for ${absolute}; a relative path starts at the folder of the file it is written in.`,
        );
      }
    },
  };
}

/**
 * Puts the referenced texts into every text below `value`; keys are left alone. What a reference gives is not searched
 * for further references. All problems are gathered; a text with a problem stays as it was.
 */
export async function resolveReferences(
  value: unknown,
  context: ReferenceContext,
): Promise<{ value: unknown; problems: ReferenceProblem[] }> {
  const problems: ReferenceProblem[] = [];
  const walk = async (item: unknown, path: (string | number)[]): Promise<unknown> => {
    if (typeof item === "string") return resolveText(item, path, context, problems);
    if (Array.isArray(item)) {
      const items: unknown[] = [];
      for (const [index, child] of item.entries()) items.push(await walk(child, [...path, index]));
      return items;
    }
    if (typeof item !== "object" || item === null) return item;
    const entries: [string, unknown][] = [];
    for (const [key, child] of Object.entries(item)) entries.push([key, await walk(child, [...path, key])]);
    return Object.fromEntries(entries);
  };
  return { value: await walk(value, []), problems };
}

async function resolveText(
  text: string,
  path: (string | number)[],
  context: ReferenceContext,
  problems: ReferenceProblem[],
): Promise<string> {
  let result = "";
  let end = 0;
  let failed = false;
  for (const match of text.matchAll(TOKEN)) {
    const [whole, escape, resolver = "", argument = "", closing] = match;
    result += text.slice(end, match.index);
    end = match.index + whole.length;
    if (escape !== undefined) {
      result += "${";
      continue;
    }
    try {
      if (closing === "")
        throw new ReferenceError(`The reference \${${resolver}: is never closed.`, "Add the closing }.");
      result += await resolveOne(resolver, argument.trim(), context);
    } catch (error) {
      failed = true;
      const { message } = error as Error;
      const hint = error instanceof ReferenceError ? error.hint : undefined;
      problems.push({ path, message, ...(hint === undefined ? {} : { hint }) });
    }
  }
  return failed ? text : result + text.slice(end);
}

async function resolveOne(name: string, argument: string, context: ReferenceContext): Promise<string> {
  const resolver = Object.hasOwn(context.resolvers, name) ? context.resolvers[name] : undefined;
  const known = Object.keys(context.resolvers);
  if (resolver === undefined) {
    const near = nearest(name, known);
    throw new ReferenceError(
      `There is no kind of reference \${${name}:...}; known are ${known.join(", ")}.`,
      near === undefined ? `Write $\${ where a literal \${ is meant.` : `Did you mean \${${near}:...}?`,
    );
  }
  if (argument === "") throw new ReferenceError(`The reference \${${name}:} names nothing.`, `Write \${${name}:NAME}.`);
  return resolver(argument, { baseDir: context.baseDir });
}

function textOrBase64(bytes: Buffer): string {
  const text = bytes.includes(0) ? undefined : decodeUtf8(bytes);
  return text?.replace(/\r?\n$/, "") ?? bytes.toString("base64");
}
