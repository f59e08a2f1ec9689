import type { Ctx } from "@stepwire/core";
import * as z from "zod";

import { MAX_TEXT, toBody, type RichText } from "./rich-text.ts";
import { apiPath, siteOf, type JiraConfig } from "./site.ts";

/** Jira refuses a comment that shows nothing. */
export const commentText = z.string().max(MAX_TEXT).regex(/\S/, "the comment is empty");

const created = z.object({ id: z.string(), created: z.string().optional() });

/** Sends one comment. @param parameter what it is called where it was given. */
export async function sendComment(
  ctx: Ctx<JiraConfig>,
  issue: string,
  { body, parameter, key }: { body: RichText; parameter: string; key?: string },
) {
  const site = siteOf(ctx.config);
  const { data } = await ctx.request({
    method: "POST",
    path: apiPath(site, "issue", issue, "comment"),
    json: { body: toBody(site, body, parameter) },
    accept: "json",
    expect: created,
    ...(key === undefined ? {} : { key }),
  });
  return data;
}
