import { UNCHECKED } from "./groups.ts";
import type { GroupResult } from "./run-kit.ts";

/** Why a group is red, one line a problem; empty for one that is not. */
export function failureText({ id, problems, stale }: GroupResult): string {
  return [
    ...problems.map(({ where, message, fix }) => `${where}: ${message}\n  fix: ${fix}`),
    ...stale.map(
      ({ where, reason }) =>
        `${where}: It is expected to fail (${reason}), and does not.\n  fix: Take its entry for ${id} out of the expected failures.`,
    ),
  ].join("\n");
}

/** Every group in one table: how it went, how much was looked at, and what was not run, with the reason. */
export function reportTable(results: readonly GroupResult[]): string {
  const unchecked = UNCHECKED.map(({ id, title, reason }) => ({
    id,
    title,
    status: "not-run",
    checked: 0,
    known: [],
    notRun: [reason],
  }));
  const rows = [...results, ...unchecked].map(({ id, title, status, checked, known, notRun }) => ({
    id,
    status,
    checked: checked === 0 ? "" : String(checked),
    about: [title, ...known.map(({ where }) => `expected: ${where}`), ...notRun.map((reason) => `not run: ${reason}`)],
  }));
  const width = (column: "id" | "status" | "checked") => Math.max(...rows.map((row) => row[column].length));
  return rows
    .flatMap(({ id, status, checked, about: [title = "", ...more] }) => {
      const start = `${id.padEnd(width("id"))}  ${status.padEnd(width("status"))}  ${checked.padStart(width("checked"))}  `;
      return [start + title, ...more.map((line) => " ".repeat(start.length) + line)];
    })
    .join("\n");
}
