import type { Engine, Handle, NotResumed, Watch } from "@stepwire/engine";

import { COMMON, parseCommand } from "../args.ts";
import { FOLLOW_OPTIONS, followOf, report, watchOf } from "../follow.ts";
import { note } from "../output/terminal.ts";
import { idOf, withEngine } from "./runs-engine.ts";

export const RESUME_OPTIONS = { ...COMMON, ...FOLLOW_OPTIONS, "take-over": { type: "boolean" } } as const;
export const RETRY_OPTIONS = { ...COMMON, ...FOLLOW_OPTIONS, from: { type: "string" } } as const;

/** Lets a run go on that was broken off. */
export async function resume(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, RESUME_OPTIONS);
  const id = idOf("resume", positionals);
  const takeOver = values["take-over"] === true;
  return again(id, values, "resumed", (engine, watch) => engine.resume(id, { ...watch, takeOver }));
}

/** Does the step that failed again, or begins with another one. */
export async function retry(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, RETRY_OPTIONS);
  const id = idOf("retry", positionals);
  const from = values.from === undefined ? {} : { from: values.from };
  return again(id, values, "retried", (engine, watch) => engine.retry(id, { ...watch, ...from }));
}

async function again(
  id: string,
  values: Parameters<typeof followOf>[0] & Parameters<typeof withEngine>[0],
  how: "resumed" | "retried",
  begin: (engine: Engine, watch: Watch) => Promise<Handle | NotResumed>,
): Promise<number> {
  const follow = followOf(values);
  const { progress, format, output } = follow;
  return withEngine(values, { log: progress.logger() }, async ({ engine }) => {
    try {
      const { runId, workflow } = await engine.get(id);
      const onStart = (): void => progress.begun({ runId, workflow }, how);
      const begun = await begin(engine, { ...watchOf(progress), onStart });
      if ("result" in begun) return report(await begun.result, follow);
      const code = report(begun, follow);
      if (output === "text" && format.logFormat === "text") note(CHANGED);
      return code;
    } finally {
      progress.end();
    }
  });
}

const CHANGED =
  "The workflow is as it was when the run began; what is installed or configured has changed since. Put that back, or run the workflow anew.";
