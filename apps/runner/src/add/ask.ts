import { nearest } from "@stepwire/core";

import { cleanLine, safeJson } from "../output/clean.ts";
import type { Prompter } from "./prompter.ts";
import { readAnswer, type Question } from "./question.ts";
import { isReference } from "./references.ts";

/** An answer as it was typed; `undefined` for none. Lines of a map come as a map of texts. */
type Words = string | ReadonlyMap<string, string> | undefined;

/**
 * Asks one question until the answer is of its kind. `undefined` says: leave it out.
 * @param current what stands there already; an empty answer keeps it, unless it must not be shown.
 * @param keep makes the value of a text that was typed.
 */
export async function askQuestion(
  prompter: Prompter,
  question: Question,
  current: unknown,
  keep: (text: string) => unknown = (text) => text,
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
    } else if (typeof words !== "string") {
      return Object.fromEntries([...words].map(([name, text]) => [name, keep(text)]));
    } else if (question.kind === "text" || question.kind === "file") return keep(words);
    else {
      const read = readAnswer(question, words);
      if ("value" in read) return read.value;
      prompter.say(`  ${read.problem}${suggestion(question, words)}`);
    }
  }
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
    if (name === "__proto__" || name.includes(":")) prompter.say("  This cannot be a name.");
    else entries.set(name, await prompter.ask(`  ${cleanLine(name)}${hidden ? " (not shown)" : ""}: `, { hidden }));
  }
}

function choicesOf({ kind, choices = [] }: Question): string {
  if (kind === "boolean") return " (yes or no)";
  if (kind === "list") return " (several with commas between)";
  return kind === "choice" ? ` (${choices.join(", ")})` : "";
}

function suggestion({ choices = [] }: Question, words: string): string {
  const close = isReference(words) ? undefined : nearest(words, choices);
  return close === undefined ? "" : ` Did you mean ${close}?`;
}

const shownAs = (value: unknown): string => {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.join(", ") : safeJson(value);
};

function shorten(text: string): string {
  const line = cleanLine(text);
  return line.length > 70 ? `${line.slice(0, 69)}…` : line;
}
