import { readFileSync } from "node:fs";

import type { Reply } from "@stepwire/testkit";

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
