import * as z from "zod";

import { answerWith, OK } from "../web-api/call.ts";
import { nextCursor, pages } from "../web-api/pages.ts";
import { pick, record } from "../web-api/records.ts";
import { slack2Connection } from "./connection.ts";
import { excludeArchived, page, types, typesArgument } from "./fields.ts";

const METHOD = "conversations.list";
const found = answerWith({ channels: z.array(record) });

export const resolveChannelId = slack2Connection.action({
  summary: "Finds the id of a channel by its name",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({
    name: z
      .string()
      .max(255)
      .regex(/[^\s#]/, "names no channel")
      .describe("The channel's name, with or without #; letter case does not matter"),
    types,
    match: z
      .enum(["exact", "contains"])
      .default("exact")
      .describe("Whether the name is whole, or a part of the channel's"),
    excludeArchived,
    cursor: page,
    limit: z.number().int().min(1).max(1000).default(1000).describe("Channels per page"),
    maxPages: z.number().int().min(1).max(100).default(10).describe("Most pages to look through"),
  }),
  output: z.object({
    ok: OK,
    found: z.boolean().describe("Whether there is such a channel on the pages that were looked through"),
    id: z.string().optional().describe("The id of the first channel that fits"),
    name: z.string().describe("Its name; the name that was looked for where none fits"),
    source: z.string().describe("The method that was called"),
    pagesFetched: z.number().describe("How many pages were looked through"),
    nextCursor: z.string().optional().describe("Where to go on, for cursor, where there are more pages"),
  }),
  async run(ctx, { name, types: kinds, match, excludeArchived: exclude_archived, cursor, limit, maxPages }) {
    const wanted = name.trim().replace(/^#/, "").toLowerCase();
    const given = { types: typesArgument(kinds), exclude_archived, limit, cursor };
    let pagesFetched = 0;
    let next: string | undefined;
    for await (const list of pages(ctx, METHOD, given, { expect: found, maxPages })) {
      pagesFetched += 1;
      next = nextCursor(list);
      const channel = list.channels.map(named).find((candidate) => fits(candidate?.name, wanted, match));
      if (channel === undefined) continue;
      return { ok: true as const, found: true, ...channel, source: METHOD, pagesFetched, ...nextOf(next) };
    }
    return { ok: true as const, found: false, name: wanted, source: METHOD, pagesFetched, ...nextOf(next) };
  },
});

const nextOf = (nextCursor: string | undefined) => (nextCursor === undefined ? {} : { nextCursor });

/** Direct messages are conversations without a name. */
function named(channel: Record<string, unknown>): { id: string; name: string } | undefined {
  const { id, name } = pick(channel, ["id", "name"]);
  return typeof id === "string" && typeof name === "string" ? { id, name } : undefined;
}

function fits(name: string | undefined, wanted: string, match: "exact" | "contains"): boolean {
  const candidate = name?.toLowerCase();
  return match === "exact" ? candidate === wanted : candidate?.includes(wanted) === true;
}
