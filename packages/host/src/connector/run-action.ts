import {
  parseDuration,
  StepwireError,
  type Action,
  type AnySchema,
  type Ctx,
  type Logger,
  type SchemaIssue,
  type SchemaResult,
  type Step,
} from "@stepwire/core";

import { coerce } from "../coerce.ts";
import { withDeadline } from "../http/deadline.ts";
import type { HttpClient } from "../http/client.ts";
import { renderTemplate } from "../render/index.ts";
import { issueProblems, problemsError } from "./problem.ts";

/** What a call of an action gets from outside the connector. */
export interface CallOptions {
  signal?: AbortSignal;
  log?: Logger;
  /** Limit for answers that become the output of a step; 10 MB where there is no step. */
  maxOutputBytes?: number;
  /** Journals parts of an action inside a run; a plain call elsewhere. */
  once?: <T>(name: string, part: () => Promise<T>) => Promise<T>;
}

export const DEFAULT_MAX_OUTPUT_BYTES = 10 * 1024 * 1024;

const SILENT: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const NEVER = new AbortController().signal;

/** What an action needs around it. */
export interface ActionSurroundings {
  client: HttpClient;
  config: unknown;
}

/** Checks the input, runs the action, checks its output. Throws StepwireError only. */
export async function runAction(
  name: string,
  action: Action,
  input: unknown,
  { client, config }: ActionSurroundings,
  options: CallOptions = {},
): Promise<unknown> {
  const { maxOutputBytes = DEFAULT_MAX_OUTPUT_BYTES, log = SILENT, signal = NEVER } = options;
  const checked = await checkInput(action.input, input);
  if (checked.issues !== undefined) throw paramsError(name, action.input, checked.issues, input ?? {});

  const work = async (inner: AbortSignal): Promise<unknown> => {
    const ctx: Ctx = {
      config,
      signal: inner,
      log,
      // Typed by the contract; the client reads the same options whatever the schema.
      request: (async (request: Parameters<HttpClient["request"]>[0]) =>
        client.request(request, { signal: inner, maxOutputBytes })) as Ctx["request"],
      once: options.once ?? (async (_name, part) => part()),
      render: renderTemplate,
    };
    return action.run(ctx, checked.value);
  };
  const timeout = action.policies?.timeout === undefined ? undefined : parseDuration(action.policies.timeout);
  const output = await (timeout === undefined
    ? work(signal)
    : withDeadline(signal, timeout, `${name} was not done`, work));
  return checkOutput(name, action.output, output);
}

/** Runs a step that needs no connector, with the same checks. Throws StepwireError or what the step throws. */
export async function runStep(
  step: Step,
  input: unknown,
  { signal = NEVER, log = SILENT }: CallOptions,
): Promise<unknown> {
  const checked = await checkInput(step.input, input);
  if (checked.issues !== undefined) throw paramsError(step.type, step.input, checked.issues, input ?? {});
  return checkOutput(step.type, step.output, await step.run({ signal, log }, checked.value));
}

/** Validates as it is; only what fails is tried again with texts turned into the booleans and numbers the schema wants. */
export async function checkInput(schema: AnySchema, input: unknown): Promise<SchemaResult<unknown>> {
  const value = input ?? {};
  const first = await schema["~standard"].validate(value);
  if (first.issues === undefined) return first;
  const coerced = coerce(value, schema["~standard"].jsonSchema.input({ target: "draft-2020-12" }));
  if (coerced === value) return first;
  const second = await schema["~standard"].validate(coerced);
  return second.issues === undefined ? second : first;
}

function paramsError(name: string, schema: AnySchema, issues: readonly SchemaIssue[], input: unknown): StepwireError {
  const known = Object.keys(
    (schema["~standard"].jsonSchema.input({ target: "draft-2020-12" })["properties"] as object | undefined) ?? {},
  );
  return problemsError(`The parameters of ${name}`, issueProblems(issues, "params-invalid", [], known, input));
}

async function checkOutput(name: string, schema: AnySchema, output: unknown): Promise<unknown> {
  const result = await schema["~standard"].validate(output);
  if (result.issues === undefined) return result.value;
  throw problemsError(
    `What ${name} returned does not fit its output schema`,
    issueProblems(result.issues, "output-invalid", [], [], output),
  );
}
