import { StepwireError } from "@stepwire/core";

/** No list that a step can use is longer; more pages than this are a server that does not count. */
const MAX_PAGES = 200;

interface OffsetPage<T> {
  items: T[];
  total?: number | undefined;
  isLast?: boolean | undefined;
}

interface OffsetList<T> {
  items: T[];
  isLast: boolean;
}

/**
 * Follows pages that are counted by `startAt` until there are no more or `limit` items are there.
 * @param limits `size` is the length of a page; `limit` that of the list.
 */
export async function offsetPages<T>(
  limits: { startAt?: number; size: number; limit: number },
  fetchPage: (startAt: number, maxResults: number) => Promise<OffsetPage<T>>,
): Promise<OffsetList<T>> {
  const { startAt = 0, size, limit } = limits;
  const items: T[] = [];
  let previous: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const wanted = Math.min(size, limit - items.length);
    const { items: found, total, isLast } = await fetchPage(startAt + items.length, wanted);
    const first = found.length === 0 ? undefined : JSON.stringify(found[0]);
    if (first !== undefined && first === previous) throw endless(`page ${page + 1} is the one before it again`);
    previous = first;
    items.push(...found);
    const ended =
      found.length === 0 || (isLast ?? (total === undefined ? found.length < wanted : startAt + items.length >= total));
    if (ended) return { items, isLast: true };
    if (items.length >= limit) return { items, isLast: false };
  }
  throw endless(`there are more than ${MAX_PAGES}`);
}

export interface TokenPage<T> {
  items: T[];
  nextPageToken?: string | undefined;
}

/** The same for pages that each name the next one. The token that is given back continues the list. */
export async function tokenPages<T>(
  { token, limit }: { token?: string | undefined; limit: number },
  fetchPage: (token: string | undefined, maxResults: number) => Promise<TokenPage<T>>,
): Promise<TokenPage<T>> {
  const items: T[] = [];
  const seen = new Set<string>();
  let next = token;
  let previous: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    if (next !== undefined) seen.add(next);
    const { items: found, nextPageToken } = await fetchPage(next, limit - items.length);
    const first = found.length === 0 ? undefined : JSON.stringify(found[0]);
    if (first !== undefined && first === previous) throw endless(`page ${page + 1} is the one before it again`);
    previous = first;
    items.push(...found);
    if (nextPageToken === undefined || items.length >= limit) return { items, nextPageToken };
    if (seen.has(nextPageToken)) throw endless(`page ${page + 1} leads back to an earlier one`);
    next = nextPageToken;
  }
  throw endless(`there are more than ${MAX_PAGES}`);
}

function endless(how: string): StepwireError {
  return new StepwireError(
    "response-missing-field",
    `Jira's pages have no end: ${how}. What was read so far is not given out, since parts of it may be missing.`,
    { details: { reason: "endless-pages" } },
  );
}
