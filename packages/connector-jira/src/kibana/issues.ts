import * as z from "zod";

import { jqlString, jqlWords } from "../jql.ts";
import { searchIssues } from "../search.ts";
import { shared } from "../shared.ts";
import { siteOf } from "../site.ts";
import { found, toFound } from "./found.ts";

/** Kibana shows them in a list to choose from; more than this nobody reads. */
const MAX_ISSUES = 1000;

export const issues = shared({
  summary: "Finds issues of the connector's project by words of their title",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({
    title: z
      .string()
      .max(1000)
      .regex(/[\p{L}\p{N}]/u, "title holds no word to look for")
      .describe("Words of the title"),
  }),
  output: z.array(found).describe("The issues, at most 1000"),
  async run(ctx, { title }) {
    const project = jqlString(siteOf(ctx.config).projectKey ?? "");
    const jql = `project = ${project} AND summary ~ ${jqlWords(title)}`;
    const { items } = await searchIssues(ctx, { jql, fields: "summary", limit: MAX_ISSUES });
    return items.map(toFound);
  },
});
