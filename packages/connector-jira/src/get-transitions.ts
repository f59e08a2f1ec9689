import * as z from "zod";

import { issueId } from "./ids.ts";
import { shared } from "./shared.ts";
import { apiPath, siteOf } from "./site.ts";

const transitions = z.object({
  transitions: z
    .array(
      z.looseObject({
        id: z.string().describe("What transitionIssue takes"),
        name: z.string().describe("The name people see, such as Done"),
      }),
    )
    .describe("The transitions, as Jira gives them; `to` is the status each leads to"),
});

export const getTransitions = shared({
  summary: "Lists the transitions that an issue can make from its status",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({ issueId }),
  output: transitions,
  async run(ctx, input) {
    const { data } = await ctx.request({
      method: "GET",
      path: apiPath(siteOf(ctx.config), "issue", input.issueId, "transitions"),
      accept: "json",
      limit: "step-output",
      expect: transitions,
    });
    return data;
  },
});
