import { describe } from "vitest";

import { stepsInFlight } from "./in-flight.ts";
import { killsInRounds } from "./rounds.ts";
import { sceneOf } from "./scene.ts";
import { severalRuns } from "./several-runs.ts";

export interface SuiteOptions {
  /** The module whose `open` makes the engine. */
  module: string;
  rounds: number;
  runs: number;
}

/** What every engine must hold, whatever it keeps its runs in. */
export function describeEngine(name: string, { module, ...size }: SuiteOptions): void {
  describe(`engine ${name}`, () => {
    const setUp = sceneOf(module);
    killsInRounds(setUp, size);
    stepsInFlight(setUp);
    severalRuns(setUp);
  });
}
