import { createInterface } from "node:readline/promises";

import type { Answers } from "./answers.ts";
import { FIELDS, readField, type Field } from "./fields.ts";
import type { Flags } from "./flags.ts";

/** The user wants to stop. */
export class Cancelled extends Error {}

/**
 * Asks on stderr for what the flags do not say. At a terminal a wrong answer is asked for again; a pipe cannot, so what is
 * wrong with its lines is gathered. Throws {@link Cancelled}.
 */
export async function interview({ given, named }: Flags): Promise<{ answers: Partial<Answers>; problems: string[] }> {
  const isTerminal = process.stdin.isTTY;
  const reader = createInterface({ input: process.stdin, output: process.stderr, terminal: isTerminal });
  // Lines of a pipe come before they are asked for; only the iterator keeps them.
  const lines = reader[Symbol.asyncIterator]();
  let isCancelled = false;
  let hasEnded = false;
  reader.on("close", () => (hasEnded = true));
  reader.on("SIGINT", () => {
    isCancelled = true;
    reader.close();
  });
  const ask = async (prompt: string): Promise<string | undefined> => {
    reader.setPrompt(prompt);
    if (hasEnded) process.stderr.write(prompt);
    else reader.prompt();
    const { done, value } = await lines.next();
    if (!isTerminal || done === true) process.stderr.write("\n");
    if (isCancelled) throw new Cancelled();
    return done === true ? undefined : String(value);
  };
  const answers: Record<string, string> = { ...given };
  const problems: string[] = [];
  try {
    for (const field of FIELDS.filter(({ key }) => !named.has(key))) {
      const answer = await askFor(field, answers as Partial<Answers>, ask, isTerminal);
      if ("problem" in answer) problems.push(`--${field.key}: ${answer.problem}`);
      else answers[field.key] = answer.value;
    }
  } finally {
    reader.close();
  }
  return { answers: answers as Partial<Answers>, problems };
}

async function askFor(
  field: Field,
  answers: Partial<Answers>,
  ask: (prompt: string) => Promise<string | undefined>,
  isTerminal: boolean,
): Promise<{ value: string } | { problem: string }> {
  const fallback = field.fallback?.(answers);
  const prompt = `${field.question}${fallback === undefined ? "" : ` [${fallback}]`}: `;
  for (;;) {
    const line = await ask(prompt);
    const isEmpty = line === undefined || line.trim() === "";
    if (isEmpty && fallback !== undefined) return { value: fallback };
    if (line === undefined) return { problem: `It is missing: the input ended. Allowed: ${field.allowed}.` };
    const reading = readField(field, line);
    if (!isTerminal || "value" in reading) return reading;
    process.stderr.write(`  ${reading.problem}\n`);
  }
}
