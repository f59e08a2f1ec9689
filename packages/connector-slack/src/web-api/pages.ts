import { StepwireError } from "@stepwire/core";
import type * as z from "zod";

import { read, type answer, type Arguments, type Caller } from "./call.ts";

type Answer = z.output<typeof answer>;

/** Where the page after this one starts. Slack leaves an empty text on the last one. */
export function nextCursor({ response_metadata }: Answer): string | undefined {
  return response_metadata?.next_cursor || undefined;
}

/**
 * The pages of a list from a cursor on, at most `maxPages`. Throws `response-too-large` for a list that comes back to a
 * cursor it gave before: it would have no end.
 */
export async function* pages<S extends typeof answer>(
  ctx: Caller,
  method: string,
  { cursor, ...given }: Arguments,
  { expect, maxPages }: { expect: S; maxPages: number },
): AsyncGenerator<z.output<S>> {
  const seen = new Set<unknown>();
  let next = cursor;
  for (let page = 0; page < maxPages; page += 1) {
    seen.add(next);
    const found = await read(ctx, method, { ...given, cursor: next }, expect);
    yield found;
    next = nextCursor(found);
    if (next === undefined) return;
    if (!seen.has(next)) continue;
    throw new StepwireError(
      "response-too-large",
      `The list of ${method} has no end: Slack gave the same cursor twice.`,
      {
        details: { reason: "cursor-repeated", method, cursor: next },
      },
    );
  }
}
