import * as z from "zod";

import { CONVERSATION_TYPES, cursor, timestamp } from "../fields.ts";
import { metadataOf, type answer } from "../web-api/call.ts";
import { nextCursor } from "../web-api/pages.ts";

/** Input that many actions have. */
export const raw = z.boolean().optional().describe("Whether Slack's whole answer comes back, as it is");
export const page = cursor
  .optional()
  .describe("Where to go on: nextCursor of the answer before; the first page without it");
export const excludeArchived = z.boolean().default(true).describe("Whether archived channels are left out");
export const time = timestamp.optional();

/** Kinds of conversations; an empty list stands for the default, too. */
export const types = z
  .array(z.enum(CONVERSATION_TYPES))
  .max(CONVERSATION_TYPES.length)
  .default(["public_channel"])
  .describe("Kinds of conversations; public channels unless given");

export const typesArgument = (given: z.output<typeof types>) =>
  given.length === 0 ? "public_channel" : given.join(",");

/** What an answer with one page of a list says about the next one. */
export const PAGE_OUTPUT = {
  nextCursor: z.string().optional().describe("Where the next page starts, for cursor; missing on the last page"),
  hasMore: z.boolean().optional().describe("Whether there is a next page"),
};

export function pageOutput(found: z.output<typeof answer>) {
  const next = nextCursor(found);
  return { ...(next === undefined ? {} : { nextCursor: next }), hasMore: next !== undefined, ...metadataOf(found) };
}
