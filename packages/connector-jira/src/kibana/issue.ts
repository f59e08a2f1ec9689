import * as z from "zod";

import { issueId } from "../ids.ts";
import { shared } from "../shared.ts";
import { apiPath, siteOf } from "../site.ts";
import { found, toFound } from "./found.ts";

export const issue = shared({
  summary: "Reads an issue's key and title",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({ id: issueId }),
  output: found,
  async run(ctx, { id }) {
    const { data } = await ctx.request({
      method: "GET",
      path: apiPath(siteOf(ctx.config), "issue", id),
      query: { fields: "summary" },
      accept: "json",
      expect: z.object({ id: z.string(), key: z.string(), fields: z.record(z.string(), z.unknown()).optional() }),
    });
    return toFound(data);
  },
});
