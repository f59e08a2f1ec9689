import { formatPath, issuePath, nearest, StepwireError, type ErrorCode, type SchemaIssue } from "@stepwire/core";

/** Something wrong with what a user gave, at a place below it. */
export interface Problem {
  code: ErrorCode;
  path: (string | number)[];
  message: string;
  hint?: string;
  /** Facts for programs, as in an error. */
  details?: Record<string, unknown>;
}

/** A schema's issues as problems; a key nobody knows gets the nearest one that is known there. */
export function issueProblems(
  issues: readonly SchemaIssue[],
  code: ErrorCode,
  base: readonly (string | number)[],
  knownKeys: readonly string[],
  value: unknown,
): Problem[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issuePath(issue)];
    const { keys } = issue as { keys?: unknown };
    if (!Array.isArray(keys) || keys.length === 0) {
      const missing = path.length > base.length && isAbsent(value, issuePath(issue));
      const message = missing ? `${String(path.at(-1))} is missing.` : sentence(issue.message);
      return [{ code, path, message, ...(missing ? { hint: "It is required." } : {}) }];
    }
    return keys.map((key) => {
      const close = issuePath(issue).length === 0 ? nearest(String(key), knownKeys) : undefined;
      const hint = close === undefined ? known(knownKeys) : `Did you mean ${close}?`;
      return {
        code,
        path: [...path, String(key)],
        message: `There is no key ${key} here.`,
        ...(hint === undefined ? {} : { hint }),
      };
    });
  });
}

function isAbsent(value: unknown, path: readonly (string | number)[]): boolean {
  let place = value;
  for (const key of path) {
    if (typeof place !== "object" || place === null || !Object.hasOwn(place, key)) return true;
    place = (place as Record<string | number, unknown>)[key];
  }
  return place === undefined;
}

/** One error for all problems; programs find them apart in `details.problems`. */
export function problemsError(what: string, problems: readonly Problem[]): StepwireError {
  const [first] = problems;
  const lines = problems.map((problem) => {
    const place = problem.path.length === 0 ? "" : `${formatPath(problem.path)}: `;
    return `${place}${problem.message}${problem.hint === undefined ? "" : ` ${problem.hint}`}`;
  });
  const message =
    lines.length === 1 ? `${what}: ${lines[0]}` : `${what}: ${lines.length} problems: ${lines.join(" | ")}`;
  return new StepwireError(first?.code ?? "internal", message, {
    details: {
      ...(problems.length === 1 ? first?.details : {}),
      problems: problems.map((problem) => {
        const { details, ...rest } = problem;
        const reason = details?.["reason"];
        return { ...rest, path: formatPath(problem.path), ...(reason === undefined ? {} : { reason }) };
      }),
    },
  });
}

function known(keys: readonly string[]): string | undefined {
  return keys.length === 0 ? "No keys are known here." : `Known keys: ${keys.join(", ")}.`;
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
