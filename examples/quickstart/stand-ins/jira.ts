import { hasBasicAuth, isJsonRequest, isObject, json, page, parseObject, type JsonObject } from "./http.ts";
import { checkFields, findIssueType, ISSUE_TYPES, PROJECT_KEY, type FieldErrors } from "./jira-fields.ts";
import { startServer, type Call, type Reply, type StandIn } from "./server.ts";

const EMAIL = "automation@example.com";
const API_TOKEN = "jira-demo-api-token";

interface JiraComment {
  readonly id: string;
  readonly body: string;
  readonly created: string;
}

interface JiraIssue {
  readonly id: string;
  readonly key: string;
  fields: JsonObject;
  readonly comments: JiraComment[];
}

export interface JiraStandIn extends StandIn {
  readonly email: string;
  readonly apiToken: string;
  /** Oldest first. */
  readonly issues: JiraIssue[];
}

/** The part of Jira's REST API, version 2, that creates, reads, changes and comments issues of one project. */
export async function startJira(port = 0): Promise<JiraStandIn> {
  const issues: JiraIssue[] = [];
  const server = await startServer(port, (call) => answer(call, issues));
  return { ...server, email: EMAIL, apiToken: API_TOKEN, issues };
}

function answer(call: Call, issues: JiraIssue[]): Reply {
  const browsed = /^\/browse\/([^/]+)$/.exec(call.url.pathname)?.[1];
  if (browsed !== undefined) return browse(find(issues, browsed));
  const route = /^\/rest\/api\/2\/(.+)$/.exec(call.url.pathname)?.[1];
  if (route === undefined) return page(404, "Oops, you've found a dead link.", "");
  if (!hasBasicAuth(call, EMAIL, API_TOKEN)) return unauthorized();

  if (call.method === "GET" && route === "myself") {
    return json(200, { accountId: "demo-automation", emailAddress: EMAIL, displayName: "Automation", active: true });
  }
  const createmeta = /^issue\/createmeta\/([^/]+)\/issuetypes$/.exec(route)?.[1];
  if (call.method === "GET" && createmeta !== undefined) return issueTypes(createmeta);
  if (call.method === "POST" && route === "issue") return create(call, issues);

  const [, idOrKey, comment] = /^issue\/([^/]+)(\/comment)?$/.exec(route) ?? [];
  if (idOrKey === undefined) return json(404, { message: `null for uri: ${call.url.href}`, "status-code": 404 });
  const issue = find(issues, idOrKey);
  if (issue === undefined) {
    return failure(404, ["Issue does not exist or you do not have permission to see it."]);
  }
  if (comment !== undefined && call.method === "POST") return addComment(call, issue);
  if (comment === undefined && call.method === "GET") return json(200, view(issue, call.url.origin));
  if (comment === undefined && call.method === "PUT") return update(call, issue);
  return { status: 405 };
}

function create(call: Call, issues: JiraIssue[]): Reply {
  const { fields, refusal } = readFields(call);
  if (refusal !== undefined) return refusal;
  const errors = checkFields(fields, true);
  if (Object.keys(errors).length > 0) return failure(400, [], errors);
  const number = issues.length + 1;
  const created = now();
  const issue: JiraIssue = {
    id: String(10_000 + number),
    key: `${PROJECT_KEY}-${number}`,
    fields: { ...fields, issuetype: findIssueType(fields["issuetype"]), created, updated: created },
    comments: [],
  };
  issues.push(issue);
  return json(201, { id: issue.id, key: issue.key, self: selfLink(issue, call.url.origin) });
}

function update(call: Call, issue: JiraIssue): Reply {
  const { fields, refusal } = readFields(call);
  if (refusal !== undefined) return refusal;
  const errors = checkFields(fields, false);
  if (Object.keys(errors).length > 0) return failure(400, [], errors);
  issue.fields = { ...issue.fields, ...fields, updated: now() };
  return { status: 204 };
}

function addComment(call: Call, issue: JiraIssue): Reply {
  if (!isJsonRequest(call)) return { status: 415 };
  const payload = parseObject(call.body);
  if (payload === undefined) return notJson();
  const { body } = payload;
  if (typeof body !== "string" || body.trim() === "") {
    return failure(400, [], { comment: "Comment body can not be empty!" });
  }
  const comment: JiraComment = { id: String(20_001 + issue.comments.length), body, created: now() };
  issue.comments.push(comment);
  return json(201, { self: `${selfLink(issue, call.url.origin)}/comment/${comment.id}`, ...comment });
}

/** The `fields` of a request, and the answer to one that cannot have any. */
function readFields(call: Call): { fields: JsonObject; refusal?: Reply } {
  if (!isJsonRequest(call)) return { fields: {}, refusal: { status: 415 } };
  const payload = parseObject(call.body);
  if (payload === undefined) return { fields: {}, refusal: notJson() };
  return { fields: isObject(payload["fields"]) ? payload["fields"] : {} };
}

function view(issue: JiraIssue, origin: string): JsonObject {
  const { id, key, fields, comments } = issue;
  const comment = { comments, maxResults: comments.length, total: comments.length, startAt: 0 };
  return { id, key, self: selfLink(issue, origin), fields: { ...fields, comment } };
}

function browse(issue: JiraIssue | undefined): Reply {
  if (issue === undefined) return page(404, "You can't view this issue", "It may have been deleted.");
  const { summary, description } = issue.fields;
  return page(200, `[${issue.key}] ${String(summary)}`, typeof description === "string" ? description : "");
}

function issueTypes(project: string): Reply {
  if (project !== PROJECT_KEY) return failure(404, [`No project could be found with key '${project}'.`]);
  return json(200, { issueTypes: ISSUE_TYPES, maxResults: 50, startAt: 0, total: ISSUE_TYPES.length });
}

function find(issues: JiraIssue[], idOrKey: string): JiraIssue | undefined {
  return issues.find((issue) => issue.id === idOrKey || issue.key === idOrKey.toUpperCase());
}

function selfLink(issue: JiraIssue, origin: string): string {
  return `${origin}/rest/api/2/issue/${issue.id}`;
}

/** Not JSON, unlike every other refusal: clients that parse errors trip over this one. */
function unauthorized(): Reply {
  return {
    status: 401,
    headers: { "content-type": "text/html; charset=UTF-8", "x-seraph-loginreason": "AUTHENTICATED_FAILED" },
    body: "Client must be authenticated to access this resource.",
  };
}

function notJson(): Reply {
  return failure(400, ["There was an error parsing JSON. Check that your request body is valid."]);
}

function failure(status: number, errorMessages: string[], errors: FieldErrors = {}): Reply {
  return json(status, { errorMessages, errors });
}

/** Jira writes its time zone without a colon. */
function now(): string {
  return new Date().toISOString().replace("Z", "+0000");
}
