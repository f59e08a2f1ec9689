import { StepwireError, type Ctx } from "@stepwire/core";
import * as z from "zod";

import { tokenPages, type TokenPage } from "./pages.ts";
import { apiPath, siteOf, type JiraConfig, type Site } from "./site.ts";

export const foundIssue = z.looseObject({
  id: z.string().describe("Jira's own id, all digits"),
  key: z.string().describe("Such as ENG-42"),
  fields: z.record(z.string(), z.unknown()).optional().describe("The fields by id, as Jira gives them"),
});

type FoundIssue = z.output<typeof foundIssue>;

const page = z.object({
  issues: z.array(foundIssue),
  isLast: z.boolean().optional(),
  nextPageToken: z.string().optional(),
  startAt: z.number().optional(),
  total: z.number().optional(),
});

interface Search {
  jql: string;
  /** Ids of fields, or `*navigable`; Cloud gives nothing but ids unless it is asked. */
  fields: string;
  limit: number;
  nextPageToken?: string | undefined;
}

/** The longest page that Cloud gives out with fields. */
const MAX_PAGE = 100;

/**
 * Searches, page by page. Cloud names each next page by a token (`search/jql`; its older `search` is gone since 2025);
 * Data Center counts (`search`), and its token here is where the next page begins.
 */
export async function searchIssues(ctx: Ctx<JiraConfig>, search: Search): Promise<TokenPage<FoundIssue>> {
  const site = siteOf(ctx.config);
  const { limit, nextPageToken: token } = search;
  if (!site.cloud && token !== undefined && !/^\d{1,9}$/.test(token)) {
    throw new StepwireError(
      "params-invalid",
      "nextPageToken is none of this Jira: on Data Center it is a number. Take it from the output of a search.",
    );
  }
  return tokenPages({ token, limit }, async (next, wanted) => {
    const { data } = await ctx.request({
      method: "GET",
      path: site.cloud ? apiPath(site, "search", "jql") : apiPath(site, "search"),
      query: {
        jql: search.jql,
        fields: search.fields,
        maxResults: Math.min(wanted, MAX_PAGE),
        ...pageQuery(site, next),
      },
      accept: "json",
      limit: "step-output",
      expect: page,
    });
    return { items: data.issues, nextPageToken: site.cloud ? namedToken(data) : countedToken(data, next) };
  });
}

const pageQuery = (site: Site, token: string | undefined) =>
  site.cloud ? { nextPageToken: token } : { startAt: token ?? "0" };

const namedToken = ({ isLast, nextPageToken }: z.output<typeof page>) => (isLast === true ? undefined : nextPageToken);

function countedToken({ issues, total = 0 }: z.output<typeof page>, token = "0"): string | undefined {
  const next = Number(token) + issues.length;
  return issues.length === 0 || next >= total ? undefined : String(next);
}
