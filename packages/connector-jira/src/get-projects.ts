import type { Ctx } from "@stepwire/core";
import * as z from "zod";

import { offsetPages } from "./pages.ts";
import { shared } from "./shared.ts";
import { apiPath, siteOf, type JiraConfig } from "./site.ts";

const project = z.looseObject({
  id: z.string().describe("The project's id"),
  key: z.string().describe("Such as ENG"),
  name: z.string().describe("The name people see"),
});
type Project = z.output<typeof project>;

interface Request {
  query?: string | undefined;
  maxResults: number;
  startAt: number;
}

/** The longest page that Cloud gives out. */
const PAGE = 50;

export const getProjects = shared({
  summary: "Lists the projects that the account may see, or those that a word is in",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({
    query: z.string().max(255).optional().describe("A part of the name or key; letter case makes no difference"),
    maxResults: z
      .int()
      .min(1)
      .max(1000)
      .default(50)
      .describe("How many projects at most; pages are followed up to there"),
    startAt: z.int().min(0).max(1_000_000).default(0).describe("How many to leave out at the beginning"),
  }),
  output: z.object({
    values: z.array(project).describe("The projects"),
    startAt: z.number().describe("How many were left out"),
    isLast: z.boolean().describe("Whether these are the last ones"),
  }),
  async run(ctx, input) {
    const { items, isLast } = siteOf(ctx.config).cloud ? await ofCloud(ctx, input) : await ofDataCenter(ctx, input);
    return { values: items, startAt: input.startAt, isLast };
  },
});

async function ofCloud(ctx: Ctx<JiraConfig>, { query, maxResults: limit, startAt }: Request) {
  return offsetPages<Project>({ startAt, size: PAGE, limit }, async (from, maxResults) => {
    const { data } = await ctx.request({
      method: "GET",
      path: apiPath(siteOf(ctx.config), "project", "search"),
      query: { query, startAt: from, maxResults },
      accept: "json",
      limit: "step-output",
      expect: z.object({ values: z.array(project), total: z.number().optional(), isLast: z.boolean().optional() }),
    });
    return { items: data.values, total: data.total, isLast: data.isLast };
  });
}

/** Data Center has no search for projects: it gives all of them at once. */
async function ofDataCenter(ctx: Ctx<JiraConfig>, { query = "", maxResults, startAt }: Request) {
  const { data } = await ctx.request({
    method: "GET",
    path: apiPath(siteOf(ctx.config), "project"),
    accept: "json",
    limit: "step-output",
    expect: z.array(project),
  });
  const word = query.toLowerCase();
  const found = data.filter(({ key, name }) => `${key}\n${name}`.toLowerCase().includes(word));
  return { items: found.slice(startAt, startAt + maxResults), isLast: startAt + maxResults >= found.length };
}
