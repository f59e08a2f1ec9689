import { readFileSync } from "node:fs";

import { mockVendor, runOnce, type MockVendor, type Outcome, type Reply, type VendorHandler } from "@stepwire/testkit";
import { onTestFinished } from "vitest";

import { casesWebhook } from "../src/index.ts";

export const BASE = "https://cases.example";

/** For Redmine, whose answers are used below: nested keys, numeric ids, one URL for updates and comments. */
export const CONFIG = {
  hasAuth: false,
  createIncidentUrl: `${BASE}/issues.json`,
  createIncidentJson:
    '{"issue":{"project_id":"cases","subject":{{{case.title}}},"description":{{{case.description}}},"tags":{{{case.tags}}}}}',
  createIncidentResponseKey: "issue.id",
  getIncidentUrl: `${BASE}/issues/{{{external.system.id}}}.json`,
  getIncidentResponseExternalTitleKey: "issue.subject",
  viewIncidentUrl: `${BASE}/issues/{{{external.system.id}}}`,
  updateIncidentUrl: `${BASE}/issues/{{{external.system.id}}}.json`,
  updateIncidentJson: '{"issue":{"subject":{{{case.title}}},"description":{{{case.description}}}}}',
  createCommentUrl: `${BASE}/issues/{{{external.system.id}}}/notes.json`,
  createCommentJson: '{"issue":{"notes":{{{case.comment}}}}}',
};
/** The same without what comments need. */
const { createCommentUrl: _url, createCommentJson: _json, ...withoutComments } = CONFIG;
export const WITHOUT_COMMENTS = withoutComments;

/** What Redmine answered when its answers were recorded; `npm run test:real` compares them with a real one. */
export const answers = JSON.parse(readFileSync(new URL("fixtures/redmine.json", import.meta.url), "utf8")) as Record<
  string,
  { status: number; contentType: string | null; body: { issue: Record<string, unknown> } | { errors: string[] } | null }
>;
const created = answers["created"]?.body as { issue: Record<string, unknown> };
/** The recorded answer to a create, with the number and the subject that the tests ask for. */
export const ISSUE: Reply = { status: 201, json: { issue: { ...created.issue, id: 1, subject: "Disk full" } } };
export const NO_CONTENT: Reply = { status: 204 };

let playing: MockVendor | undefined;

/** A Redmine that does what it is asked; `routes` replace its answers. A later one in a test takes its place. */
export function redmine(routes: Record<string, VendorHandler> = {}): MockVendor {
  playing?.close();
  const vendor = mockVendor({
    [`POST ${BASE}/issues.json`]: () => ISSUE,
    [`GET ${BASE}/issues/:file`]: () => ({ ...ISSUE, status: 200 }),
    [`PUT ${BASE}/issues/:file`]: () => NO_CONTENT,
    [`PUT ${BASE}/issues/:id/notes.json`]: () => NO_CONTENT,
    ...routes,
  });
  playing = vendor;
  onTestFinished(() => vendor.close());
  return vendor;
}

export interface Call {
  action?: string;
  config?: object;
  secrets?: object;
  network?: { baseUrl?: string; responseTimeout?: string };
  timeout?: string;
  parts?: Map<string, unknown>;
}

/** Runs an action (`pushToService` unless given) with the config above, parts of it replaced. */
export async function run(input: object, { config, secrets, ...rest }: Call = {}): Promise<Outcome> {
  return runOnce(casesWebhook, {
    ...rest,
    // Files hold what TypeScript would refuse, and some tests want just that.
    config: { ...CONFIG, ...config } as typeof CONFIG,
    secrets: { ...secrets },
    input,
  });
}

/** `POST /issues.json` for each request, in order. */
export const sent = (vendor: MockVendor): string[] =>
  vendor.calls.map(({ method, url }) => `${method} ${url.slice(BASE.length)}`);
