import { nearest } from "@stepwire/core";

import { cleanLine, safeJson } from "../output/clean.ts";
import type { Prompter } from "./prompter.ts";
import { readAnswer, type Question } from "./question.ts";

/** An answer as it was typed; `undefined` for none. Lines of a map come as a map of texts. */
type Words = string | ReadonlyMap<string, string> | undefined;

/** Why an answer is not taken, and what to do. */
export interface Objection {
  readonly message: string;
  readonly hint: string;
}

interface Rules {
  /** Judges an answer of the right kind. What it says must not repeat the answer. */
  judge?: (answer: unknown) => Objection | undefined;
  /** Makes the value of a text that was typed. */
  keep?: (text: string) => unknown;
}

/**
 * Asks one question until the answer is of its kind. `undefined` says: leave it out.
 * @param current what stands there already; an empty answer keeps it, unless it must not be shown.
 */
export async function askQuestion(
  prompter: Prompter,
  question: Question,
  current: unknown,
  { judge = () => undefined, keep = (text) => text }: Rules = {},
): Promise<unknown> {
  if (question.about !== "") prompter.say(`${cleanLine(question.about)}${choicesOf(question)}`);
  const known = question.hidden === true ? undefined : current;
  for (;;) {
    const words =
      question.kind === "map" ? await askMap(prompter, question, known) : await askText(prompter, question, known);
    if (words === undefined && known !== undefined) return known;
    if (words === NOTHING || words === undefined) {
      if (!question.required) return undefined;
      prompter.say(`  ${question.key} is needed.`);
    } else {
      const read = readWords(question, words);
      const objection =
        "value" in read ? judge(read.value) : { message: read.problem, hint: suggestion(question, words) };
      if ("value" in read && objection === undefined) return keepTexts(question, read.value, keep);
      prompter.say(`  ${objection?.message} ${objection?.hint}`.trimEnd());
    }
  }
}

function readWords(question: Question, words: string | ReadonlyMap<string, string>): ReturnType<typeof readAnswer> {
  if (typeof words !== "string") return { value: Object.fromEntries(words) };
  return question.kind === "file" ? { value: words } : readAnswer(question, words);
}

function keepTexts({ kind }: Question, value: unknown, keep: (text: string) => unknown): unknown {
  if (kind === "map")
    return Object.fromEntries(Object.entries(value as object).map(([key, text]) => [key, keep(text)]));
  return kind === "text" || kind === "file" ? keep(String(value)) : value;
}

/** Yes or no. */
export async function confirm(prompter: Prompter, question: string, otherwise: boolean): Promise<boolean> {
  for (;;) {
    const answer = (await prompter.ask(`${question} [${otherwise ? "Y/n" : "y/N"}] `)).trim();
    if (answer === "") return otherwise;
    if (/^(?:y|yes)$/i.test(answer)) return true;
    if (/^(?:n|no)$/i.test(answer)) return false;
    prompter.say("  Answer y or n.");
  }
}

/** What takes a value out again that would be kept otherwise. */
const NOTHING = "-";

async function askText(prompter: Prompter, question: Question, known: unknown): Promise<Words> {
  const { required, key, kind, fallback } = question;
  // The path of a file is no secret.
  const hidden = question.hidden === true && kind !== "file";
  const kept = known === undefined ? fallback : known;
  const remark =
    kept === undefined
      ? `${required ? "" : " (optional)"}${hidden ? " (not shown)" : ""}`
      : ` [${shorten(shownAs(kept))}]${required || known === undefined ? "" : ` (${NOTHING} for none)`}`;
  const first = await prompter.ask(`  ${key}${remark}: `, { hidden });
  if (first.trim() === "") return undefined;
  // Spaces around a secret may belong to it.
  return hidden ? first : (await untilClosed(prompter, first)).trim();
}

/** JSON over several lines ends where its last bracket closes, or with an empty line. */
async function untilClosed(prompter: Prompter, first: string): Promise<string> {
  const lines = [first];
  if (!/^\s*[[{]/.test(first)) return first;
  while (openBrackets(lines.join("\n")) > 0) {
    const line = await prompter.ask("  … ");
    if (line.trim() === "") break;
    lines.push(line);
  }
  return lines.join("\n");
}

/** Brackets that stand in a text between quotes are no brackets. */
function openBrackets(text: string): number {
  const bare = text.replaceAll(/"(?:[^"\\]|\\.)*"/gs, "");
  const count = (brackets: RegExp) => bare.match(brackets)?.length ?? 0;
  return count(/[[{]/g) - count(/[\]}]/g);
}

async function askMap(prompter: Prompter, question: Question, known: unknown): Promise<Words> {
  const { key, hidden = false } = question;
  if (known !== undefined) prompter.say(`  ${key} is ${shorten(shownAs(known))}; names typed here replace it.`);
  const entries = new Map<string, string>();
  for (;;) {
    const name = (await prompter.ask(`  ${key}: a name (empty to go on): `)).trim();
    if (name === "") return entries.size === 0 ? undefined : entries;
    if (name === NOTHING) return NOTHING;
    if (name === "__proto__" || /[:\r\n]/.test(name)) prompter.say("  This cannot be a name.");
    else entries.set(name, await prompter.ask(`  ${cleanLine(name)}${hidden ? " (not shown)" : ""}: `, { hidden }));
  }
}

function choicesOf({ kind, choices = [] }: Question): string {
  if (kind === "boolean") return " (yes or no)";
  if (kind === "list") return " (several with commas between)";
  return kind === "choice" ? ` (${choices.join(", ")})` : "";
}

function suggestion({ choices = [] }: Question, words: Words): string {
  const close = typeof words === "string" ? nearest(words, choices) : undefined;
  return close === undefined ? "" : `Did you mean ${close}?`;
}

const shownAs = (value: unknown): string => {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.join(", ") : safeJson(value);
};

function shorten(text: string): string {
  const line = cleanLine(text);
  return line.length > 70 ? `${line.slice(0, 69)}…` : line;
}
