import { StepwireError } from "@stepwire/core";
import * as z from "zod";

import { offsetPages } from "./pages.ts";
import { shared } from "./shared.ts";
import { apiPath, siteOf, type Site } from "./site.ts";

const user = z.looseObject({
  accountId: z.string().optional().describe("Cloud: what assignIssue takes"),
  name: z.string().optional().describe("Data Center: what assignIssue takes"),
  displayName: z.string().optional().describe("The name people see"),
});

const text = (about: string) => z.string().min(1).max(255).optional().describe(about);
const input = z.strictObject({
  query: text("A part of the name or email"),
  username: text("A part of the user name (Data Center; Cloud has no user names)"),
  accountId: text("Cloud: the account's id"),
  property: text("Cloud: a user property, such as team.name=ops"),
  startAt: z.int().min(0).max(1_000_000).default(0).describe("How many to leave out at the beginning"),
  maxResults: z.int().min(1).max(1000).default(50).describe("How many users at most; pages are followed up to there"),
});

/** Shorter than the longest page of any Jira, so that a page that is not full is the last one. */
const PAGE = 50;

export const searchUsers = shared({
  summary: "Finds users by name or email",
  effect: "read",
  idempotency: "natural",
  input,
  output: z.object({
    users: z.array(user).describe("The users, as Jira gives them"),
    isLast: z.boolean().describe("Whether these are the last ones"),
  }),
  async run(ctx, { startAt, maxResults: limit, ...given }) {
    const site = siteOf(ctx.config);
    const query = toQuery(site, given);
    const { items: users, isLast } = await offsetPages({ startAt, size: PAGE, limit }, async (from, maxResults) => {
      const { data } = await ctx.request({
        method: "GET",
        path: apiPath(site, "user", "search"),
        query: { ...query, startAt: from, maxResults },
        accept: "json",
        limit: "step-output",
        expect: z.array(user),
      });
      return { items: data };
    });
    return { users, isLast };
  },
});

/** Data Center searches names and emails by `username` alone. */
function toQuery(site: Site, given: Omit<z.output<typeof input>, "startAt" | "maxResults">) {
  const { query, username, accountId, property } = given;
  if (site.cloud) {
    if (Object.values(given).every((value) => value === undefined))
      throw refused("Nobody is sought. Give query, accountId or property.");
    return given;
  }
  if (accountId !== undefined || property !== undefined)
    throw refused("Jira Data Center searches by query or username; accountId and property are Cloud's.");
  if ((query === undefined) === (username === undefined))
    throw refused("On Data Center query and username are the same thing. Give one of them.");
  return { username: query ?? username };
}

const refused = (message: string) => new StepwireError("params-invalid", message);
