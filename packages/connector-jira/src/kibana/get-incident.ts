import { StepwireError } from "@stepwire/core";
import * as z from "zod";

import { issueId } from "../ids.ts";
import { shared } from "../shared.ts";
import { apiPath, siteOf } from "../site.ts";

const incident = z.looseObject({
  id: z.string().describe("Jira's own id, all digits"),
  key: z.string().describe("Such as ENG-42"),
  created: z.unknown().optional().describe("When Jira created it, as Jira writes it"),
  updated: z.unknown().optional().describe("When it was changed last, as Jira writes it"),
});

export const getIncident = shared({
  summary: "Reads an issue with its fields beside its id and key",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({
    externalId: issueId.optional(),
    id: issueId.optional().describe("The same as externalId, as Kibana's workflow editor has it"),
  }),
  output: incident,
  async run(ctx, { externalId, id }) {
    const sought = externalId ?? id;
    if (sought === undefined || (externalId !== undefined && id !== undefined))
      throw new StepwireError("params-invalid", "externalId and id are the same thing. Give one of them.");
    const { data } = await ctx.request({
      method: "GET",
      path: apiPath(siteOf(ctx.config), "issue", sought),
      accept: "json",
      limit: "step-output",
      expect: z.object({ id: z.string(), key: z.string(), fields: z.record(z.string(), z.unknown()) }),
    });
    return { ...data.fields, id: data.id, key: data.key };
  },
});
