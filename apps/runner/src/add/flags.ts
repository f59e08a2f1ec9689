import { nearest, type ManifestConnectorType } from "@stepwire/core";
import { decodeUtf8, UTF8_HINT } from "@stepwire/host";

import { usage } from "../refusal.ts";
import { Typed, type Draft } from "./draft.ts";
import { owns, type Field, type Side } from "./field.ts";
import { readAnswer } from "./question.ts";
import { fileReference, isMadeOfReferences } from "./references.ts";

/** Where `file:PATH` leads, and what is there besides the fields. */
export interface FlagContext {
  readonly type: ManifestConnectorType;
  readonly fields: readonly Field[];
  /** The folder of the connectors file, where the paths in it start. */
  readonly baseDir: string;
}

/** `KEY=VALUE`, cut at the first `=`. */
export function pairOf(flag: "--set" | "--secret", given: string): [string, string] {
  const at = given.indexOf("=");
  if (at > 0) return [given.slice(0, at), given.slice(at + 1)];
  // What stands there may be the secret itself.
  const what = flag === "--set" ? `${given} is no KEY=VALUE.` : "A value is no KEY=WHERE.";
  throw usage(`${flag}: ${what}`, flag === "--set" ? "Example: --set url=https://example.com" : SECRET_HINT);
}

/** Puts a `--set` into the draft. Throws `usage-invalid`. */
export function applySet(draft: Draft, key: string, text: string, context: FlagContext): void {
  const [field, rest] = fieldFor("--set", "config", key, context);
  if (field === undefined || rest.length > 0) {
    setAt(draft.config, rest.length === 0 ? [key] : [field?.key ?? "", ...rest], scalar(field, text));
    return;
  }
  // authType is written with Kibana's words here, which are not those of the question.
  if (field.sets !== undefined) draft.config[key] = text === "true" ? true : text === "false" ? false : text;
  else if (field.kind === "file") draft.config[key] = fileReference(text, context.baseDir);
  else {
    const read = readAnswer(field, text);
    if ("problem" in read) throw usage(`--set ${key}: ${read.problem}`);
    draft.config[key] = read.value;
  }
}

/** Puts a `--secret` into the draft; `stdin` gives what `-` stands for. Throws `usage-invalid`. */
export async function applySecret(
  draft: Draft,
  key: string,
  text: string,
  context: FlagContext,
  stdin: () => Promise<string>,
): Promise<void> {
  const [field, rest] = fieldFor("--secret", "secrets", key, context);
  const value = await secretValue(key, text, field?.hidden === false, context.baseDir, stdin);
  setAt(draft.secrets, [field?.key ?? key, ...rest], value);
}

const SECRET_HINT =
  "Whoever may list the processes of this machine can read it there: give KEY=env:NAME, KEY=file:PATH, or KEY=- for standard input.";

async function secretValue(
  key: string,
  text: string,
  open: boolean,
  baseDir: string,
  stdin: () => Promise<string>,
): Promise<unknown> {
  if (text === "-") return new Typed(await stdin());
  const [, kind, where] = /^(env|file):(.+)$/s.exec(text) ?? [];
  if (kind === "env" && where !== undefined) {
    if (/^[A-Za-z_]\w*$/.test(where)) return `\${env:${where}}`;
    throw usage(`--secret ${key}: what stands behind env: is no name of a variable.`, "Example: env:API_TOKEN");
  }
  if (kind === "file" && where !== undefined) return fileReference(where, baseDir);
  if (open || isMadeOfReferences(text)) return text;
  throw usage(`--secret ${key} holds the secret itself.`, SECRET_HINT);
}

/** What `--secret KEY=-` stands for: all of standard input but its last line end. */
export async function readStdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const text = decodeUtf8(Buffer.concat(chunks));
  if (text === undefined) throw usage("--secret: standard input is not UTF-8 text.", UTF8_HINT);
  // A certificate means the same with either line end; an env file cannot hold this one.
  return (text.startsWith("-----BEGIN") ? text.replaceAll("\r\n", "\n") : text).replace(/\r?\n$/, "");
}

/** The field that a key is about, and the names below it. A map's names may hold dots themselves. */
function fieldFor(flag: string, side: Side, key: string, { type, fields }: FlagContext): [Field | undefined, string[]] {
  const exact = fields.find((field) => owns(field, side, key));
  if (exact !== undefined) return [exact, []];
  const dot = key.indexOf(".");
  const [head, tail] = dot === -1 ? [key, ""] : [key.slice(0, dot), key.slice(dot + 1)];
  const field = fields.find((candidate) => candidate.side === side && candidate.key === head);
  const names = field?.kind === "map" ? [tail] : tail.split(".");
  const nests = field?.kind === "map" || field?.kind === "data";
  if (nests && names.every((name) => name !== "" && name !== "__proto__")) return [field, names];
  const open = type[side]["additionalProperties"];
  if (field === undefined && open !== false && dot === -1 && key !== "__proto__") return [undefined, []];
  const known = fields.filter((candidate) => candidate.side === side).map((candidate) => candidate.key);
  const close = nearest(head, known);
  const hint = known.length === 0 ? `It takes no ${flag}.` : `It takes ${[...new Set(known)].join(", ")}.`;
  throw usage(
    `${flag}: the type ${type.id} has no ${side}.${key}.`,
    close === undefined ? hint : `Did you mean ${close}?`,
  );
}

const scalar = (field: Field | undefined, text: string): unknown => {
  if (field?.kind === "map") return text;
  const read = readAnswer({ key: "", kind: "data", about: "", required: false }, text);
  return "value" in read ? read.value : text;
};

function setAt(target: Record<string, unknown>, [head = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    target[head] = value;
    return;
  }
  const inner = Object.hasOwn(target, head) ? target[head] : undefined;
  const next = typeof inner === "object" && inner !== null ? { ...(inner as Record<string, unknown>) } : {};
  setAt(next, rest, value);
  target[head] = next;
}
