import * as z from "zod";

import { issueTypesOf } from "../create-metadata.ts";
import { shared } from "../shared.ts";
import { siteOf } from "../site.ts";

export const issueTypes = shared({
  summary: "Lists the issue types of the connector's project",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({}),
  output: z
    .array(z.object({ id: z.string().describe("The issue type's id"), name: z.string().describe("Its name") }))
    .describe("The issue types"),
  async run(ctx) {
    const types = await issueTypesOf(ctx, siteOf(ctx.config).projectKey ?? "");
    return types.map(({ id, name }) => ({ id, name }));
  },
});
