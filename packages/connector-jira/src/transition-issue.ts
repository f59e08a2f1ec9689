import * as z from "zod";

import { issueId } from "./ids.ts";
import { shared } from "./shared.ts";
import { apiPath, siteOf } from "./site.ts";

const transitionId = z
  .string()
  .max(255)
  .regex(/^\d+$/, "a transition is named by its id, all digits; getTransitions lists those of an issue")
  .describe("The transition's id, as getTransitions gives it");

export const transitionIssue = shared({
  summary: "Moves an issue to another status by a transition of its workflow",
  effect: "write",
  // From the new status the same transition may lead on, or not exist.
  idempotency: "none",
  input: z.strictObject({ issueId, transitionId }),
  output: z.object({
    issueId: z.string().describe("The issue as it was named"),
    transitionId: z.string().describe("The transition that was done"),
  }),
  async run(ctx, input) {
    await ctx.request({
      method: "POST",
      path: apiPath(siteOf(ctx.config), "issue", input.issueId, "transitions"),
      json: { transition: { id: input.transitionId } },
    });
    return input;
  },
});
