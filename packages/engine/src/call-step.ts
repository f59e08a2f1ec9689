import { StepwireError, type Logger } from "@stepwire/core";
import { runStep, stepOf, type Attempt, type Connector, type Project } from "@stepwire/host";
import type { StepCall } from "@stepwire/workflow";

import { mismatch } from "./catalog.ts";
import type { Journal } from "./journal.ts";

/** What a step needs around it. */
export interface StepSurroundings {
  project: Project;
  runId: string;
  journal: Journal;
  log: Logger;
  /** Takes every attempt to send a request, with the path of its step. */
  onAttempt?: (path: string, attempt: Attempt) => void;
}

/** Runs one external step: a connector's action, or a plugin's step. Throws StepwireError. */
export async function callStep(
  { project, runId, journal, log, onAttempt }: StepSurroundings,
  call: StepCall,
): Promise<unknown> {
  const resolved = project.registry.resolve(call.type);
  if ("code" in resolved) throw new StepwireError(resolved.code, resolved.message);
  const parts = partsOf(call.path);
  if (resolved.kind === "step") {
    const plugin = await project.registry.load(resolved.plugin);
    // What a step does by itself cannot be seen, so all of it is one part.
    await (resolved.step.effect === "read" ? journal.commit() : journal.begin(parts));
    return runStep(stepOf(plugin, resolved.step.type), call.input, { signal: call.signal, log });
  }
  const connector = await openFor(project, call, resolved.type.id);
  const output = await connector.run(resolved.action, call.input, {
    signal: call.signal,
    log: withStep(log, call.path),
    identity: { runId, path: call.path },
    onAttempt: (attempt) => onAttempt?.(call.path, attempt),
    maxOutputBytes: call.maxOutputBytes,
    // Nothing is sent for a run, or by a process, whose runs nobody would find again.
    beforeRequest: (request, once) => (once ? journal.begin(parts + request) : journal.commit()),
    // Parts are kept by the step's path: a retry of a failed step does not repeat what is done.
    once: async <T>(name: string, part: () => Promise<T>): Promise<T> => {
      const done = journal.read(parts + name);
      if (done !== undefined) return done.value as T;
      const value = await part();
      await journal.write(parts + name, value);
      return value;
    },
  });
  // A step that is done is done: when a loop around it is retried, it is a new execution and does everything again.
  await journal.forget(parts);
  return output;
}

/** What the keys of a step's parts begin with. */
export const partsOf = (path: string): string => `${path}#`;

/** Says with every line which step it is about. */
function withStep(log: Logger, step: string): Logger {
  const named =
    (level: keyof Logger): Logger["info"] =>
    (message, fields) =>
      log[level](message, { step, ...fields });
  return { debug: named("debug"), info: named("info"), warn: named("warn"), error: named("error") };
}

/** The connector of a step. A templated connector-id is known only now, so its type is checked here too. */
async function openFor(project: Project, call: StepCall, typeId: string): Promise<Connector> {
  if (call.connectorId === undefined) return project.withoutConnector(typeId);
  const found = project.findConnector(call.connectorId);
  if ("problem" in found)
    throw new StepwireError(found.problem.code, `${found.problem.message} ${found.problem.hint ?? ""}`.trim());
  const actual = project.registry.connectorType(found.entry.type);
  if ("code" in actual) throw new StepwireError(actual.code, actual.message);
  if (actual.type.id !== typeId) {
    const { code, message, hint } = mismatch(found.entry.name, actual.type.id, call.type);
    throw new StepwireError(code, `${message} ${hint}`);
  }
  return project.connector(found.entry.id);
}
