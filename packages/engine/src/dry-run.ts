import { StepwireError, type ErrorJson } from "@stepwire/core";
import { dryRunRequest, type DryRunRequest, type Project } from "@stepwire/host";
import type { DryStep } from "@stepwire/workflow";

import { callStep } from "./call-step.ts";
import { MemoryJournal } from "./journal.ts";

/** An external step of a dry run with the request it would send first. */
export interface DryRunStep extends DryStep {
  request?: DryRunRequest;
}

const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Runs one step up to its first request. The project's transport must be the dry-run one, or it would be sent. */
export async function requestOf(project: Project, step: DryStep): Promise<DryRunStep> {
  if (step.input === undefined || step.error !== undefined) return step;
  const resolved = project.registry.resolve(step.type);
  // A plugin's own step has no requests that could be stopped, so it is not run at all.
  if (!("code" in resolved) && resolved.kind === "step") return step;
  const call = {
    path: step.path,
    name: step.name,
    type: step.type,
    ...(step.connectorId === undefined ? {} : { connectorId: step.connectorId }),
    input: step.input,
    attempt: 1,
    signal: new AbortController().signal,
    maxOutputBytes: Number.MAX_SAFE_INTEGER,
  };
  try {
    await callStep({ project, runId: "dry-run", journal: new MemoryJournal(), log: SILENT }, call);
    return step;
  } catch (error) {
    const request = dryRunRequest(error);
    if (request !== undefined) return { ...step, request };
    return { ...step, error: StepwireError.from(error).toJSON() satisfies ErrorJson };
  }
}
