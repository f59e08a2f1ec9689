import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";

import {
  StepwireError,
  type Action,
  type AnySchema,
  type Ctx,
  type Logger,
  type RequestOptions,
  type SchemaIssue,
  type SchemaResult,
  type Step,
} from "@stepwire/core";

import { coerce } from "../coerce.ts";
import { idempotencyKey, readPolicies, type Attempt, type CallContext } from "../http/call.ts";
import { withDeadline } from "../http/deadline.ts";
import type { HttpClient } from "../http/client.ts";
import { renderTemplate } from "../render/index.ts";
import { inputJsonSchema, keysOf } from "./input-schema.ts";
import { withOwnRequests } from "./own-requests.ts";
import { issueProblems, problemsError } from "./problem.ts";

/** What a call of an action gets from outside the connector. */
export interface CallOptions {
  signal?: AbortSignal;
  log?: Logger;
  /** Limit for answers that become the output of a step; 10 MB where there is no step. */
  maxOutputBytes?: number;
  /** Journals parts of an action inside a run; a plain call elsewhere. */
  once?: <T>(name: string, part: () => Promise<T>) => Promise<T>;
  /**
   * Called before each request, which waits for it. `once` says that it must not be sent twice; its name is unique in the
   * call, `create/1` for the first one of the part `create`.
   */
  beforeRequest?: (name: string, once: boolean) => Promise<void> | undefined;
  /** Whose requests these are, for idempotency keys; a call that belongs to no run is one of its own. */
  identity?: { runId: string; path: string };
  /** Called for every attempt to send a request, when it has ended. */
  onAttempt?: (attempt: Attempt) => void;
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
  const { log = SILENT, signal = NEVER } = options;
  const checked = await checkInput(action.input, input);
  if (checked.issues !== undefined) throw paramsError(name, action.input, checked.issues, input ?? {});

  const { timeoutMs, ...policies } = readPolicies(name, action);
  const work = (limited: AbortSignal): Promise<unknown> =>
    withOwnRequests(name, limited, async (inner, send) => {
      const requests = countRequests(options.once);
      const call = callContext(action, { ...options, log, signal: inner }, policies, requests.nextRequest);
      const ctx: Ctx = {
        config,
        signal: inner,
        log,
        // Typed by the contract; the client reads the same options whatever the schema.
        request: ((request: RequestOptions) => send(() => client.request(request, call))) as Ctx["request"],
        once: requests.once,
        render: renderTemplate,
      };
      return action.run(ctx, checked.value);
    });
  const output = await (timeoutMs === undefined
    ? work(signal)
    : withDeadline(signal, timeoutMs, `${name} was not done`, work));
  return checkOutput(name, action.output, output);
}

type Policies = Omit<ReturnType<typeof readPolicies>, "timeoutMs">;

function callContext(
  { idempotency }: Action,
  options: CallOptions & { log: Logger; signal: AbortSignal },
  policies: Policies,
  nextRequest: CallContext["nextRequest"],
): CallContext {
  const { identity = { runId: randomUUID(), path: "" }, log, beforeRequest, onAttempt, signal } = options;
  return {
    ...(beforeRequest === undefined ? {} : { beforeRequest: ({ name }, once) => beforeRequest(String(name), once) }),
    signal,
    maxOutputBytes: options.maxOutputBytes ?? DEFAULT_MAX_OUTPUT_BYTES,
    idempotency,
    ...policies,
    nextRequest,
    keyOf: (request, { name }) => idempotencyKey(identity, request.key ?? name),
    onAttempt(attempt) {
      // Most calls are not watched, and to put it into words costs more than the rest of it.
      if (log !== SILENT) log.debug(describeAttempt(attempt), { ...attempt });
      onAttempt?.(attempt);
    },
  };
}

/** `POST api.example.com 503 in 12 ms (attempt 1), again in 640 ms`. */
function describeAttempt({ method, host, status, code, durationMs, attempt, retryInMs }: Attempt): string {
  const result = status ?? code ?? "";
  const again = retryInMs === undefined ? "" : `, again in ${retryInMs} ms`;
  return `${method} ${host} ${result} in ${durationMs} ms (attempt ${attempt})${again}`;
}

/** The part of an action that the code that runs now belongs to: parts may run side by side. */
const currentPart = new AsyncLocalStorage<{ name: string; requests: number }>();

/**
 * Numbers the requests of one call, those of a part that is done once by themselves: a part that is passed over, or
 * that runs beside another, changes no number outside of it.
 */
function countRequests(once: CallOptions["once"]): Pick<CallContext, "nextRequest"> & Pick<Ctx, "once"> {
  let made = 0;
  let outside = 0;
  return {
    nextRequest() {
      made += 1;
      const part = currentPart.getStore();
      if (part === undefined) return { ordinal: made, name: (outside += 1) };
      part.requests += 1;
      return { ordinal: made, name: `${part.name}/${part.requests}` };
    },
    once(name, part) {
      const counted = () => currentPart.run({ name, requests: 0 }, part);
      return once === undefined ? counted() : once(name, counted);
    },
  };
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
  const coerced = coerce(value, inputJsonSchema(schema));
  if (coerced === value) return first;
  const second = await schema["~standard"].validate(coerced);
  return second.issues === undefined ? second : first;
}

function paramsError(name: string, schema: AnySchema, issues: readonly SchemaIssue[], input: unknown): StepwireError {
  const known = keysOf(schema);
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
