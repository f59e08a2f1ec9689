import type { Kit } from "./kit.ts";
import type { Report } from "./problem.ts";
import { examples } from "./groups/examples.ts";

export interface Group {
  /** As in the guide on testing: stable, so that a list of expected failures can name it. */
  readonly id: string;
  readonly title: string;
  readonly check: (kit: Kit, report: Report) => void | Promise<void>;
}

/** Every group, in the order of the report. */
export const GROUPS: readonly Group[] = [
  { id: "examples", title: "every action has an example, and it comes out as it says", check: examples },
];
