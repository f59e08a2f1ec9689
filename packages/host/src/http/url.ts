import { StepwireError, type Query } from "@stepwire/core";

import { parseTarget } from "../allow-list.ts";

/** `https://x/api/` and `/v1` as `https://x/api/v1`: exactly one slash between them; the base keeps its query. */
export function joinUrl(base: string, path: string): string {
  if (path === "") return base;
  const [, head = "", query = ""] = /^([^?#]*)(\?[^#]*)?/.exec(base) ?? [];
  const joined = `${head.replace(/\/$/, "")}${path.startsWith("/") || path.startsWith("?") ? path : `/${path}`}`;
  if (query === "") return joined;
  const separator = joined.includes("?") ? "&" : "?";
  return `${joined}${separator}${query.slice(1)}`;
}

/**
 * Adds parameters that the URL does not have yet; the URL's own, then earlier groups, win. What is there keeps its
 * spelling: `%20` and `+` are not the same to every server, and a signature may cover them.
 */
export function addQuery(url: URL, ...groups: (Query | undefined)[]): void {
  for (const group of groups) {
    // Merely to ask for the query of a URL makes it slower from then on.
    if (group === undefined || Object.keys(group).length === 0) continue;
    const taken = new Set(url.searchParams.keys());
    const added = new URLSearchParams();
    for (const [name, value] of Object.entries(group)) {
      if (value === undefined || taken.has(name)) continue;
      for (const item of Array.isArray(value) ? value : [value]) added.append(name, String(item));
    }
    if (added.size > 0) url.search += `${url.search === "" ? "" : "&"}${added.toString()}`;
  }
}

/** The same address below another base: what stands behind `from` is put behind `to`. */
export function rebase(url: URL, from: URL, to: URL): URL {
  if (url.origin !== from.origin) return url;
  const prefix = from.pathname.replace(/\/$/, "");
  const isBelow = url.pathname === prefix || url.pathname.startsWith(`${prefix}/`);
  const rest = isBelow ? url.pathname.slice(prefix.length) : url.pathname;
  const moved = new URL(to);
  moved.pathname = `${to.pathname.replace(/\/$/, "")}${rest}`;
  moved.search = url.search;
  return moved;
}

/** A base URL: an http or https URL that can be called, without a fragment. Throws `url-invalid`. */
export function parseBase(text: string, what: string): URL {
  const url = parseTarget(text, what);
  if (url.hash === "") return url;
  throw new StepwireError("url-invalid", `${what} ends with #…, which is never sent. Take it away.`);
}
