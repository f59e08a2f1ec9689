import type { Effect, ErrorCode, Finding, JsonSchema, SchemaResult } from "@stepwire/core";
import type { Plan } from "./plan.ts";

/** Something that is wrong, in the words of whoever found it. */
export interface Problem {
  code: ErrorCode;
  message: string;
  /** What to do about it. */
  hint?: string;
}

/** A problem with a part of a step's `with`. */
export interface ParamProblem extends Problem {
  /** Keys below `with`. */
  path: (string | number)[];
}

/** What the engine tells about a step type. */
export interface StepTypeInfo {
  /** The type as the workflow writes it. */
  type: string;
  kind: "action" | "step";
  title: string;
  connector: "required" | "optional" | "none";
  effect: Effect;
  /** Whether the host may run it again when its fate is unknown. */
  repeatable: boolean;
  /** Checks params after turning texts such as `"true"` and `"12"` into what the schema wants. */
  validate(value: unknown): Promise<SchemaResult<unknown>>;
  /** The JSON Schema of `with`. */
  inputSchema: JsonSchema;
  /**
   * Checks what a schema cannot say. `known` holds the params that are known before the run, `given` the names
   * of all that are given, templates included.
   */
  check?(known: Record<string, unknown>, given: ReadonlySet<string>, hasConnector: boolean): ParamProblem[];
}

/** A workflow that another one calls. */
export interface CalledWorkflow {
  /** Absent if any finding is an error. */
  plan?: Plan;
  findings: readonly Finding[];
}

/** What is installed and configured where the workflow shall run. */
export interface Catalog {
  /** A step type, or why there is none: unknown, broken package, two packages that claim it. */
  stepType(type: string): Promise<StepTypeInfo | Problem>;
  /** What is wrong with a connector that a step of this type names; nothing if it can be used. */
  connector(reference: string, stepType: string): Promise<Problem | undefined>;
  /** The workflow of this name, with all that is wrong with it, or why there is none; absent where none can be called. */
  workflow?(name: string): Promise<CalledWorkflow | Problem>;
}
