import { nearest, type ManifestConnectorType } from "@stepwire/core";
import { decodeUtf8, UTF8_HINT } from "@stepwire/host";

import { usage } from "../refusal.ts";
import { Typed, type Draft } from "./draft.ts";
import { choose, owns, type Field, type Side } from "./field.ts";
import { readAnswer } from "./question.ts";
import { fileReference, isMadeOfReferences, isReference } from "./references.ts";
import { holdsUserInfo, userInfoObjection } from "./user-info.ts";

/** Where `file:PATH` leads, and what is there besides the fields. */
export interface FlagContext {
  readonly type: ManifestConnectorType;
  readonly fields: readonly Field[];
  /** The folder of the connectors file, where the paths in it start. */
  readonly baseDir: string;
}

/** A `--set` or `--secret`. */
export interface Pair {
  /** How messages name it: what stands in it may be the secret itself. */
  readonly flag: string;
  readonly key: string;
  readonly text: string;
}

/** What all `--set` or all `--secret` hold: `KEY=VALUE`, cut at the first `=`. Throws `usage-invalid`. */
export function pairsOf(name: "--set" | "--secret", given: readonly string[] = []): Pair[] {
  return given.map((text, index) => {
    const flag = given.length === 1 ? name : `${name} number ${index + 1}`;
    const at = text.indexOf("=");
    if (at > 0) return { flag, key: text.slice(0, at), text: text.slice(at + 1) };
    if (name === "--set") throw usage(`${flag}: It is no KEY=VALUE.`, "Example: --set url=https://example.com");
    throw usage(`${flag}: It is no KEY=WHERE, in one word.`, SECRET_HINT);
  });
}

/** Puts a `--set` into the draft. Throws `usage-invalid`. */
export function applySet(draft: Draft, pair: Pair, context: FlagContext): void {
  const { key, text } = pair;
  const [field, rest] = fieldFor(pair, "config", context);
  if (field?.sets !== undefined) {
    applyChoice(draft, field, pair, context);
    return;
  }
  const value = field === undefined || rest.length > 0 ? scalar(field, text) : answer(field, pair, context);
  if (holdsUserInfo([text, value])) {
    const { message, hint } = userInfoObjection(context.type, key);
    throw usage(`--set ${key}: ${message}`, hint);
  }
  setAt(draft.config, [field?.key ?? key, ...rest], value);
}

function answer(field: Field, { key, text }: Pair, { baseDir }: FlagContext): unknown {
  if (field.kind === "file") return fileReference(text, baseDir);
  const read = readAnswer(field, text);
  if ("problem" in read) throw usage(`--set ${key}: ${read.problem}`);
  return read.value;
}

/** A choice that stands for several keys is taken in the question's words, and each of the keys in Kibana's. */
function applyChoice({ config }: Draft, field: Field, pair: Pair, context: FlagContext): void {
  const { key, text } = pair;
  const { sets = {} } = field;
  if (key === field.key && Object.hasOwn(sets, text)) {
    choose(field, text, config);
    return;
  }
  const known = new Set(Object.values(sets).flatMap((set) => (Object.hasOwn(set, key) ? [set[key]] : [])));
  if ([...known].some((value) => typeof value === "boolean")) {
    config[key] = answer({ ...field, kind: "boolean" }, pair, context);
    return;
  }
  if (!known.has(text) && !isReference(text)) {
    const choices = [...(key === field.key ? Object.keys(sets) : []), ...known].map(String);
    const close = nearest(text, choices);
    throw usage(`--set ${key}: It is one of ${choices.join(", ")}.`, close && `Did you mean ${close}?`);
  }
  config[key] = text;
}

/** Puts a `--secret` into the draft; `stdin` gives what `-` stands for. Throws `usage-invalid`. */
export async function applySecret(
  draft: Draft,
  pair: Pair,
  context: FlagContext,
  stdin: () => Promise<string>,
): Promise<void> {
  const [field, rest] = fieldFor(pair, "secrets", context);
  const value = await secretValue(pair, field?.hidden === false, context.baseDir, stdin);
  setAt(draft.secrets, [field?.key ?? pair.key, ...rest], value);
}

const SECRET_HINT =
  "Whoever may list the processes of this machine can read a secret there: give KEY=env:NAME, KEY=file:PATH, or KEY=- for standard input.";

async function secretValue(
  { flag, text }: Pair,
  open: boolean,
  baseDir: string,
  stdin: () => Promise<string>,
): Promise<unknown> {
  if (text === "-") return new Typed(await stdin());
  const [, kind, where] = /^(env|file):(.+)$/s.exec(text) ?? [];
  if (kind === "env" && where !== undefined) {
    if (/^[A-Za-z_]\w*$/.test(where)) return `\${env:${where}}`;
    throw usage(`${flag}: What stands behind env: is no name of a variable.`, "Example: env:API_TOKEN");
  }
  if (kind === "file" && where !== undefined) return fileReference(where, baseDir);
  if (open || isMadeOfReferences(text)) return text;
  throw usage(`${flag}: It holds the secret itself.`, SECRET_HINT);
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
function fieldFor(pair: Pair, side: Side, { type, fields }: FlagContext): [Field | undefined, string[]] {
  const { flag, key } = pair;
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
  const hint = known.length === 0 ? `It takes none.` : `It takes ${[...new Set(known)].join(", ")}.`;
  // Instead of a key it may be the secret itself, with an = in it.
  const what = side === "config" && /^[\w.-]{1,64}$/.test(key) ? `no ${side}.${key}` : `no such key under ${side}`;
  throw usage(`${flag}: The type ${type.id} has ${what}.`, close === undefined ? hint : `Did you mean ${close}?`);
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
