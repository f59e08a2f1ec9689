import { StepwireError } from "@stepwire/core";
import { isRecord } from "./values.ts";

/** What stands in for a step when a workflow is tried out. */
export type Stub = { readonly output: unknown } | { readonly error: StubError };

interface StubError {
  readonly message: string;
  /** What templates read as `error.type`. */
  readonly type?: string;
  readonly status?: number;
}

/** Stubs by the name of a step, or by a type; a step's own goes first. */
export type Stubs = ReadonlyMap<string, Stub>;

export const NO_STUBS: Stubs = new Map();

/** Reads a map of names and types to `{ output }` or `{ error }`. Throws `usage-invalid` naming what is wrong. */
export function readStubs(map: Record<string, unknown>): Stubs {
  return new Map(Object.entries(map).map(([name, value]) => [name, readStub(name, value)]));
}

function readStub(name: string, value: unknown): Stub {
  const refuse = (what: string): never => {
    throw new StepwireError(
      "usage-invalid",
      `The stub of ${JSON.stringify(name)} ${what}. Write { output: … } or { error: { message: … } }.`,
    );
  };
  if (!isRecord(value)) return refuse("is no map");
  const [key, ...more] = Object.keys(value);
  if (more.length > 0 || (key !== "output" && key !== "error")) return refuse("needs one key, output or error");
  if (key === "output") return { output: value["output"] };
  const error = value["error"];
  if (!isRecord(error)) return refuse("has an error that is no map");
  const { message, type, status, ...rest } = error;
  if (typeof message !== "string" || message === "") return refuse("has an error without a message");
  if (type !== undefined && typeof type !== "string") return refuse("has an error whose type is no text");
  if (status !== undefined && !Number.isInteger(status)) return refuse("has an error whose status is no whole number");
  const unknown = Object.keys(rest);
  if (unknown.length > 0) return refuse(`has an error with ${unknown.join(", ")}, which it does not know`);
  return {
    error: {
      message,
      ...(type === undefined ? {} : { type }),
      ...(status === undefined ? {} : { status: status as number }),
    },
  };
}

/** The stub of a step: by its name, by its type, or none. */
export const stubOf = (stubs: Stubs, { name, type }: { name: string; type: string }): Stub | undefined =>
  stubs.get(name) ?? stubs.get(type);

/** A stub's output, a copy of its own; throws its error, which is `http-status` with a status and `internal` without. */
export function answerOf(stub: Stub): unknown {
  if ("output" in stub) return structuredClone(stub.output);
  const { message, type, status } = stub.error;
  throw new StepwireError(status === undefined ? "internal" : "http-status", message, {
    type: type ?? "ConnectorExecutionError",
    retryable: false,
    details: { reason: "stub" },
    ...(status === undefined ? {} : { status }),
  });
}
