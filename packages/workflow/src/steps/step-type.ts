import type { JsonSchema } from "@stepwire/core";
import type { Condition } from "../condition.ts";
import type { DryStep } from "../dry/dry-run.ts";
import type { RunResult } from "../host.ts";
import type { ItemSource, Policy, StepBody, StepNode } from "../plan.ts";
import type { Reader } from "../read/reader.ts";
import type { Place, StepSite, Surroundings } from "../read/sites.ts";
import type { Execution, Frame, RunState } from "../run/state.ts";
import type { Stub } from "../stubs.ts";
import type { Scope } from "../template/scope.ts";
import type { Path } from "../template/tree.ts";

/** A step as it stands in the file, while the part that is its type's own is read. */
export interface BodyReading {
  readonly type: string;
  readonly path: Path;
  readonly map: Record<string, unknown>;
  readonly site: StepSite;
  /** What the step's own values see. */
  readonly place: Place;
  /** What the steps inside of it inherit. */
  readonly around: Surroundings;
  /** Keys that were meant but misspelt, which need not be called missing too. */
  readonly misspelt: ReadonlySet<string>;
}

/** One execution of a step. */
export interface BodyRun<Body> {
  readonly run: RunState;
  readonly node: StepNode;
  readonly body: Body;
  readonly execution: Execution;
  readonly frame: Frame;
  /** Tells that the step began; a second call does nothing. */
  readonly begin: (input?: unknown) => void;
  /** Runs steps inside of this one, one after the other; with a state of their own where one is given. */
  readonly steps: (steps: readonly StepNode[], frame: Frame, state?: RunState) => Promise<void>;
  /** Runs another workflow whose steps' paths begin with `path`. Never rejects. */
  readonly toEnd: (state: RunState, path: string, signal: AbortSignal) => Promise<RunResult>;
}

/** Where a dry run stands. */
export interface DryPlace {
  readonly path: string;
  readonly locals: Scope;
  /** Conditions that only a run can decide. */
  readonly when: readonly string[];
}

/** One step in a dry run. */
export interface BodyDryRun<Body> {
  readonly node: StepNode;
  readonly body: Body;
  readonly at: DryPlace;
  readonly variables: Record<string, unknown>;
  readonly stub: Stub | undefined;
  readonly scope: (at: DryPlace) => Scope;
  /** Stands for a value that only a run knows. */
  readonly unknown: (path: string) => unknown;
  /** What the work gives, and whether it read something that only a run knows. */
  readonly watch: <T>(work: () => T) => { value: T; isKnown: boolean };
  /** Keeps `steps.<name>` of this step. */
  readonly keep: (entry: Record<string, unknown>) => void;
  /** The outcome of a condition, or `undefined` where only a run can tell. */
  readonly decide: (condition: Condition, at: DryPlace) => boolean | undefined;
  readonly steps: (steps: readonly StepNode[], at: DryPlace) => Generator<DryStep>;
  /** The places of a loop's items. */
  readonly each: (source: ItemSource, at: DryPlace, limit: number) => Generator<DryPlace>;
  readonly fallback: (policy: Policy | undefined, at: DryPlace) => Generator<DryStep>;
  /** The steps of a workflow that this one calls, or why it would refuse its inputs. */
  readonly workflow: (workflowId: string, inputs: () => Record<string, unknown>, at: DryPlace) => Generator<DryStep>;
  /** No step after this one is reached, if this one certainly is. */
  readonly end: (at: DryPlace) => void;
}

/** A step type of the language: everything that is its own, from the file to the run. */
export interface BuiltInStepType<Body extends StepBody = StepBody> {
  readonly kind: Body["kind"];
  /** Types as workflows write them, and what each is for; none for the steps of packages. */
  readonly types: Readonly<Record<string, string>>;
  /** The keys a step may have beside those of every step; `if`, `timeout`, `foreach` and `on-failure` wrap it where they are among them. */
  readonly keys: readonly string[];
  /** Whether other keys may stand there too, which are not looked at. */
  readonly open?: boolean;
  /** Holds no other steps, so that `settings.on-failure` is for it. */
  readonly leaf: boolean;
  /** These keys for editors. */
  readonly schema: { readonly properties: JsonSchema; readonly required?: readonly string[] };
  /** Reads what is the type's own; nothing where that is a finding. */
  read(r: Reader, step: BodyReading): Body | undefined;
  /** Runs it and resolves with its output. Throws StepwireError. */
  run(step: BodyRun<Body>): Promise<unknown>;
  dry(step: BodyDryRun<Body>): Generator<DryStep>;
}

/** Keys of a step that nothing but itself stands in. */
export const LEAF_KEYS = ["with", "foreach", "if", "timeout", "on-failure"] as const;
