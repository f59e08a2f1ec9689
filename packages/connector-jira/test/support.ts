import { mockVendor, runOnce, type MockVendor, type Outcome, type Reply, type VendorHandler } from "@stepwire/testkit";
import { onTestFinished } from "vitest";

import { jira, jiraCloud } from "../src/index.ts";
import { fixture } from "./recorded.ts";

export const SITE = "https://your-domain.atlassian.net";
const DATA_CENTER = "https://tools.example/jira";
export const SECRETS = { email: "bot@example.com", apiToken: "ATATT3xFfGF0-token" };

/** Every route of a Jira that does what it is asked. */
export function routesOf(site: string, version: 2 | 3): Record<string, VendorHandler> {
  const api = `${site}/rest/api/${version}`;
  const json =
    (name: string, status = 200) =>
    (): Reply => ({ status, json: fixture(name) });
  const done = (): Reply => ({ status: 204 });
  return {
    [`POST ${api}/issue`]: json("created-issue", 201),
    [`GET ${api}/issue/:id`]: json("issue"),
    [`PUT ${api}/issue/:id`]: done,
    [`POST ${api}/issue/:id/comment`]: json("comment", 201),
    [`GET ${api}/issue/:id/transitions`]: json("transitions"),
    [`POST ${api}/issue/:id/transitions`]: done,
    [`PUT ${api}/issue/:id/assignee`]: done,
    [`GET ${api}/issue/createmeta/:project/issuetypes`]: json("issue-types"),
    [`GET ${api}/issue/createmeta/:project/issuetypes/:type`]: json("fields"),
    [`GET ${api}/search/jql`]: json("found-issues"),
    [`GET ${api}/project/search`]: () => ({ json: { ...(fixture("projects") as object), isLast: true } }),
    [`GET ${api}/project/:id`]: json("project"),
    [`GET ${api}/user/search`]: json("users"),
    [`GET ${api}/myself`]: json("myself"),
  };
}

let playing: MockVendor | undefined;

/** Plays a Jira for the rest of the test; a later one takes its place. */
export function play(routes: Record<string, VendorHandler>): MockVendor {
  playing?.close();
  const vendor = mockVendor(routes);
  playing = vendor;
  onTestFinished(() => vendor.close());
  return vendor;
}

/** The three kinds of Jira there are, each with its connector. */
export const KINDS = {
  cloud: { site: SITE, version: 3, config: { apiUrl: SITE, projectKey: "ENG", apiVersion: 3 } },
  cloud2: { site: SITE, version: 2, config: { apiUrl: SITE, projectKey: "ENG" } },
  dataCenter: { site: DATA_CENTER, version: 2, config: { apiUrl: DATA_CENTER, projectKey: "ENG" } },
} as const;
export type Kind = keyof typeof KINDS;

/** A path below a kind's API, as a route. */
const at = (kind: Kind, method: string, path: string) =>
  `${method} ${KINDS[kind].site}/rest/api/${KINDS[kind].version}${path}`;

/** Plays a Jira of a kind; `routes` are named by method and path below its API, and replace its answers. */
export function playKind(kind: Kind, routes: Record<string, VendorHandler> = {}): MockVendor {
  const { site, version } = KINDS[kind];
  const own = Object.entries(routes).map(([route, handler]) => {
    const [method = "", path = ""] = route.split(" ");
    return [at(kind, method, path), handler] as const;
  });
  return play({ ...routesOf(site, version), ...Object.fromEntries(own) });
}

/** Runs an action of the `jira` type; a step's timeout ends waits for another attempt. */
export async function run(kind: Kind, action: string, input: unknown, timeout?: string): Promise<Outcome> {
  const { config } = KINDS[kind];
  return runOnce(jira, { config, secrets: SECRETS, action, input, ...(timeout === undefined ? {} : { timeout }) });
}

/** The same of the `jira-cloud` type. */
export async function runCloud(action: string, input: unknown, timeout?: string): Promise<Outcome> {
  const config = { subdomain: "your-domain" };
  return runOnce(jiraCloud, { config, secrets: SECRETS, action, input, ...(timeout === undefined ? {} : { timeout }) });
}

/** `POST /issue` for each request, in order, below the API. */
export const sent = (vendor: MockVendor): string[] =>
  vendor.calls.map(({ method, url }) => `${method} ${url.replace(/^.*\/rest\/api\/[23]/, "")}`);

export const bodyOf = (vendor: MockVendor, call = 0): unknown => vendor.calls[call]?.body;
export const fieldsOf = (vendor: MockVendor, call = 0): Record<string, unknown> | undefined =>
  (bodyOf(vendor, call) as { fields?: Record<string, unknown> } | undefined)?.fields;
