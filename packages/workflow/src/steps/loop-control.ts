import type { LeaveBody } from "../plan.ts";
import { complain } from "../read/reader.ts";
import { called } from "../read/sites.ts";
import { LoopExit } from "../run/departure.ts";
import { recordStep } from "../run/state.ts";
import { capital } from "../values.ts";
import { IF } from "./editor.ts";
import type { BuiltInStepType } from "./step-type.ts";

export const loopControl: BuiltInStepType<LeaveBody> = {
  kind: "leave",
  types: {
    "loop.break": "Ends the innermost loop",
    "loop.continue": "Goes on with the next iteration of the innermost loop",
  },
  keys: ["if"],
  leaf: false,
  schema: { properties: { if: IF } },
  read(r, { type, path, site, around }) {
    if (around.canLeave !== true) {
      const complaint = {
        rule: "graphBuildError",
        message: `${capital(called(site))} of type "${type}" is in no loop that it could leave.`,
        hint: "Put it inside a foreach or while loop. Branches of a parallel step cannot leave a loop around it.",
      } as const;
      complain(r, [...path, "type"], complaint, "value");
    }
    return { kind: "leave", goesOn: type === "loop.continue" };
  },
  async run({ run, node, body, begin }) {
    begin();
    recordStep(run, node.name, {});
    throw new LoopExit(body.goesOn);
  },
  // oxlint-disable-next-line require-yield -- it has no request of its own to show
  *dry({ keep }) {
    keep({});
  },
};
