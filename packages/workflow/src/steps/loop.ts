import { StepwireError } from "@stepwire/core";
import { DEFAULT_LOOP_CAP, type LoopBody, type LoopCap } from "../plan.ts";
import { readPolicy } from "../read/policy.ts";
import { checkKeys, complain, type Reader } from "../read/reader.ts";
import type { Place, Surroundings } from "../read/sites.ts";
import { readChoice, readNumber, readTimeout } from "../read/values.ts";
import { timeoutMs, withDeadline } from "../run/deadline.ts";
import { LoopExit } from "../run/departure.ts";
import { withPolicy } from "../run/policy.ts";
import type { Frame } from "../run/state.ts";
import type { Path } from "../template/tree.ts";
import { isRecord } from "../values.ts";
import { described, IF, ON_FAILURE, POLICY, STEP_TIMEOUT, STEPS, TIMEOUT } from "./editor.ts";
import { needs } from "./read.ts";
import type { BodyReading, BodyRun } from "./step-type.ts";

/** Keys that all loops have; their steps run again and again, each time with a limit and a policy of their own. */
export const LOOP_KEYS = [
  "steps",
  "if",
  "timeout",
  "on-failure",
  "max-iterations",
  "iteration-timeout",
  "iteration-on-failure",
] as const;

const ON_LIMIT = ["continue", "fail"] as const;

export const LOOP_SCHEMA = {
  if: IF,
  timeout: STEP_TIMEOUT,
  "on-failure": ON_FAILURE,
  steps: described(STEPS, "Run in each iteration."),
  "max-iterations": {
    description: "How many iterations there may be; a number alone is the limit.",
    default: DEFAULT_LOOP_CAP.limit,
    anyOf: [
      { type: "integer", minimum: 1 },
      {
        type: "object",
        required: ["limit"],
        properties: {
          limit: { type: "integer", minimum: 1, description: "How many iterations there may be." },
          "on-limit": {
            enum: ON_LIMIT,
            default: DEFAULT_LOOP_CAP.onLimit,
            description: "Whether the loop then ends as if it were done, or fails.",
          },
        },
      },
    ],
  },
  "iteration-timeout": described(TIMEOUT, "How long an iteration may take."),
  "iteration-on-failure": described(POLICY, "What to do when an iteration fails."),
};

/** @param state which root the steps of the loop read its state under; `steps.<name>` has it as well. */
export function readLoop(
  r: Reader,
  step: BodyReading,
  state: Partial<Pick<Surroundings, "inLoop" | "inWhile">>,
  hint: string,
): LoopBody {
  const { path, map, place, around, site } = step;
  const also = [...around.also, site.name];
  const inside: Surroundings = { ...around, ...state, canLeave: true, also };
  const iteration: Place = { ...place, ...state, also };
  const steps = needs(r, step, "steps", hint) ? r.readSteps([...path, "steps"], map["steps"], inside) : [];
  const cap = "max-iterations" in map ? readCap(r, [...path, "max-iterations"], map["max-iterations"]) : undefined;
  const timeout =
    "iteration-timeout" in map
      ? readTimeout(r, [...path, "iteration-timeout"], map["iteration-timeout"], iteration)
      : undefined;
  const policy =
    "iteration-on-failure" in map
      ? readPolicy(r, [...path, "iteration-on-failure"], map["iteration-on-failure"], iteration, inside)
      : undefined;
  return {
    steps,
    cap: cap ?? DEFAULT_LOOP_CAP,
    ...(timeout === undefined ? {} : { iterationTimeout: timeout }),
    ...(policy === undefined ? {} : { iterationPolicy: policy }),
  };
}

function readCap(r: Reader, path: Path, value: unknown): LoopCap | undefined {
  if (!isRecord(value)) {
    const limit = readNumber(r, path, value, 1);
    return limit === undefined ? undefined : { limit, onLimit: DEFAULT_LOOP_CAP.onLimit };
  }
  const misspelt = checkKeys(r, path, value, ["limit", "on-limit"], `"max-iterations"`);
  if (!("limit" in value)) {
    const hint = "Write how many iterations there may be, such as `limit: 100`.";
    if (!misspelt.has("limit")) complain(r, path, { message: `"max-iterations" has no "limit".`, hint });
    return undefined;
  }
  const limit = readNumber(r, [...path, "limit"], value["limit"], 1);
  const onLimit =
    "on-limit" in value ? readChoice(r, [...path, "on-limit"], value["on-limit"], ON_LIMIT) : DEFAULT_LOOP_CAP.onLimit;
  return limit === undefined || onLimit === undefined ? undefined : { limit, onLimit };
}

/** One turn of a loop, with its own limit of time and policy. Gives whether the loop goes on after it. */
export async function runIteration(step: BodyRun<LoopBody>, path: string, frame: Frame): Promise<boolean> {
  try {
    await runTurn(step, path, frame);
    return true;
  } catch (thrown) {
    if (thrown instanceof LoopExit) return thrown.goesOn;
    throw thrown;
  }
}

function runTurn({ run, node, body, steps }: BodyRun<LoopBody>, path: string, frame: Frame): Promise<void> {
  return withPolicy(run, {
    path,
    name: node.name,
    policy: body.iterationPolicy,
    frame,
    body(execution) {
      const turn = (signal: AbortSignal): Promise<void> => steps(body.steps, { ...frame, signal, path });
      if (body.iterationTimeout === undefined) return turn(frame.signal);
      const deadline = {
        path: execution.part("timeout"),
        ms: timeoutMs(body.iterationTimeout, execution.scope),
        subject: `An iteration of step "${node.name}"`,
      };
      return withDeadline(run.host, deadline, frame.signal, turn);
    },
    failed: () => undefined,
    fallback: steps,
  });
}

/** A loop that may not go on. Throws where its cap says so, and returns where it just ends. */
export function stopAtCap(name: string, { limit, onLimit }: LoopCap, total?: number): void {
  if (onLimit === "continue") return;
  const has = total === undefined ? "" : ` has ${total} items and`;
  throw new StepwireError("workflow-invalid", `The loop "${name}"${has} stops at ${limit} (max-iterations).`, {
    type: "LoopLimitExceeded",
    details: { reason: "max-iterations", limit, ...(total === undefined ? {} : { total }) },
  });
}
