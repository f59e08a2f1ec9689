import path from "node:path";

import type { Answers } from "./answers.ts";
import { FIELDS } from "./fields.ts";
import { files } from "./files.ts";
import { readFlags, type Flags } from "./flags.ts";
import { HELP } from "./help.ts";
import { Cancelled, interview } from "./interview.ts";
import { targetProblem, writeFiles } from "./target.ts";
import { readTemplates } from "./templates.ts";

const EXIT = { done: 0, refused: 2, cancelled: 3, fault: 4 } as const;

/** Runs the command line; resolves with the exit code. Never throws. */
export async function main(argv: readonly string[]): Promise<number> {
  const flags = readFlags(argv);
  if (flags.help) {
    process.stdout.write(`${HELP}\n`);
    return EXIT.done;
  }
  try {
    return await create(flags);
  } catch (error) {
    if (error instanceof Cancelled) {
      process.stderr.write("Cancelled. Nothing was written.\n");
      return EXIT.cancelled;
    }
    const isFile = (error as NodeJS.ErrnoException).syscall !== undefined;
    const { message, stack } = error as Error;
    if (isFile) return refuse([`${flags.folder}: It cannot be written: ${message}.`]);
    process.stderr.write(`create-stepwire-connector: ${stack}\n`);
    return EXIT.fault;
  }
}

async function create(flags: Flags): Promise<number> {
  const target = targetProblem(flags.folder);
  const early = [...(target === undefined ? [] : [target]), ...flags.problems];
  if (flags.yes) {
    const { answers, missing } = withFallbacks(flags);
    if (early.length + missing.length > 0) return refuse([...early, ...missing]);
    return write(flags.folder, answers as Answers);
  }
  // Before anybody answers questions in vain.
  if (early.length > 0) return refuse(early);
  const { answers, problems } = await interview(flags);
  return problems.length > 0 ? refuse(problems) : write(flags.folder, answers as Answers);
}

function withFallbacks({ given, named }: Flags): { answers: Partial<Answers>; missing: string[] } {
  const open = FIELDS.filter(({ key }) => !named.has(key));
  const fallbacks = open.flatMap(({ key, fallback }) => (fallback === undefined ? [] : [[key, fallback(given)]]));
  const missing = open.filter(({ fallback }) => fallback === undefined);
  return {
    answers: { ...given, ...(Object.fromEntries(fallbacks) as Partial<Answers>) },
    missing: missing.map(({ key, allowed }) => `--${key}: It is missing. Allowed: ${allowed}.`),
  };
}

function refuse(problems: readonly string[]): number {
  const lines = problems.map((problem) => `  ${problem}\n`);
  process.stderr.write(`create-stepwire-connector: nothing was written.\n${lines.join("")}`);
  return EXIT.refused;
}

function write(folder: string, answers: Answers): number {
  const made = files(answers, readTemplates);
  writeFiles(folder, made);
  const go = path.resolve(folder) === process.cwd() ? "" : `  cd ${shellWord(folder)}\n`;
  process.stdout.write(
    `${answers.package} in ${path.resolve(folder)}\n${[...made.keys()].map((name) => `  ${name}\n`).join("")}\n` +
      `Next:\n${go}  npm install\n  npm test\n`,
  );
  return EXIT.done;
}

/** As a shell takes it, to be copied. */
function shellWord(text: string): string {
  if (/^[\w./\\:@-]+$/.test(text)) return text;
  return process.platform === "win32" ? `"${text}"` : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
