import * as z from "zod";

import { issueId } from "./ids.ts";
import { shared } from "./shared.ts";
import { apiPath, browseUrl, siteOf } from "./site.ts";

const issue = z.looseObject({
  id: z.string().describe("Jira's own id, all digits"),
  key: z.string().describe("Such as ENG-42"),
  fields: z.record(z.string(), z.unknown()).describe("The fields by id, as Jira gives them"),
});

export const getIssue = shared({
  summary: "Reads an issue with all its fields",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({ issueId }),
  output: issue.extend({ url: z.string().describe("Where people see the issue") }),
  async run(ctx, input) {
    const site = siteOf(ctx.config);
    const { data } = await ctx.request({
      method: "GET",
      path: apiPath(site, "issue", input.issueId),
      accept: "json",
      limit: "step-output",
      expect: issue,
    });
    return { ...data, url: browseUrl(site, data.key) };
  },
});
