import { StepwireError } from "@stepwire/core";
import type * as z from "zod";

import { metadataOf, type answer, type Arguments, type Caller } from "./call.ts";
import { nextCursor, pages } from "./pages.ts";

/** Slack allows some twenty such calls a minute, and a step should end. */
const MAX_PAGES = 50;

/** What `itemsOf` finds on every page of a list. Throws `response-too-large` where there are more than 50. */
export async function wholeList<S extends typeof answer, Item>(
  ctx: Caller,
  method: string,
  given: Arguments,
  { expect, itemsOf }: { expect: S; itemsOf: (page: z.output<S>) => Item[] },
) {
  const items: Item[] = [];
  let last: z.output<S> | undefined;
  for await (const page of pages(ctx, method, given, { expect, maxPages: MAX_PAGES })) {
    items.push(...itemsOf(page));
    last = page;
  }
  if (last === undefined || nextCursor(last) === undefined) {
    return { items, metadata: last === undefined ? {} : metadataOf(last) };
  }
  const message = `${method} has more than ${MAX_PAGES} pages of ${given["limit"]}. Ask for larger pages with limit.`;
  throw new StepwireError("response-too-large", message, { details: { reason: "too-many-pages", method } });
}
