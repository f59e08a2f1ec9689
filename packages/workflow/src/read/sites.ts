import type { Position } from "@stepwire/yaml";
import type { Policy } from "../plan.ts";
import type { Template } from "../template/compile.ts";
import type { Path, ValueTree } from "../template/tree.ts";

/** From where a text is read: what it can see depends on it. */
export interface Place {
  /** The name of the step it belongs to. */
  readonly step?: string;
  /** How many steps are before it in the file; it sees those. */
  readonly order: number;
  /** Names it sees although they are not before it: loops around it, a failed step in its fallback. */
  readonly also: readonly string[];
  readonly inLoop: boolean;
  /** Whether `while` has a value. */
  readonly inWhile?: boolean | undefined;
  /** Names that have a value here alone, such as `item` in the fields of `data.map`. */
  readonly locals?: readonly string[];
  /** Whether an error is at hand: fallbacks and the conditions of `on-failure`. */
  readonly hasError: boolean;
}

/** A text that reads the scope. */
export interface ReferenceSite {
  readonly keys: readonly (string | undefined)[];
  readonly path: Path;
  readonly place: Place;
  at(): Position;
}

/** A step as it stands in the file, for the checks that need all names or the catalog. */
export interface StepSite {
  /** Empty where the step has none, which is a finding. */
  readonly name: string;
  readonly path: Path;
  /** Its place among all steps, in the order of the file; -1 for steps that every step sees. */
  readonly order: number;
  /** Set for steps that run outside. */
  external?: ExternalSite;
  /** Set for steps that only Kibana can run, with what they would need. */
  foreign?: { readonly type: string; readonly need: string };
  /** Set for steps that call another workflow. */
  execute?: ExecuteSite;
}

export interface ExecuteSite {
  readonly type: string;
  readonly workflowId: string;
  readonly inputs: ValueTree;
  /** `with.inputs` as it is written. */
  readonly raw: Record<string, unknown>;
}

export interface ExternalSite {
  readonly type: string;
  readonly with: ValueTree;
  /** `with` as it is written. */
  readonly raw: Record<string, unknown>;
  readonly connectorId: Template | undefined;
  /** Whether the connector-id is misspelt or unreadable, which is told already. */
  readonly connectorSpoilt: boolean;
}

/** A step in a message. */
export function called(site: StepSite): string {
  return site.name === "" ? "the step" : `step "${site.name}"`;
}

/** What steps inherit from what is around them. */
export interface Surroundings {
  readonly also: readonly string[];
  readonly inLoop: boolean;
  readonly inWhile?: boolean | undefined;
  /** Whether there is a loop that `loop.break` and `loop.continue` can leave. */
  readonly canLeave?: boolean;
  readonly hasError: boolean;
  readonly inFallback: boolean;
  /** `settings.on-failure`, for steps without their own. */
  readonly policy?: Policy | undefined;
  readonly maxOutputBytes: number;
  /** Set in `settings`: its steps see and are seen by all others. */
  readonly everywhere?: boolean;
}
