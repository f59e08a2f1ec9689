import { hasBasicAuth, isJsonRequest, isObject, json, page, parseObject, type JsonObject } from "./http.ts";
import { startServer, type Call, type Reply, type StandIn } from "./server.ts";

const USER = "case-writer";
const PASSWORD = "cases-demo-password";
const SEVERITIES = ["low", "medium", "high", "critical"];

interface CaseIssue {
  readonly id: number;
  subject: string;
  description: string;
  severity: string;
  tags: readonly string[];
  readonly journals: { readonly id: number; readonly notes: string }[];
}

export interface CasesStandIn extends StandIn {
  readonly user: string;
  readonly password: string;
  /** Oldest first. */
  readonly issues: CaseIssue[];
}

/**
 * A small case system with the habits of Redmine's API: everything sits under `issue`, ids are numbers, changes and
 * comments are one PUT that answers with nothing at all, error bodies are empty or a list of sentences.
 */
export async function startCases(port = 0): Promise<CasesStandIn> {
  const issues: CaseIssue[] = [];
  const server = await startServer(port, (call) => answer(call, issues));
  return { ...server, user: USER, password: PASSWORD, issues };
}

function answer(call: Call, issues: CaseIssue[]): Reply {
  const [, id, dotJson] = /^\/issues(?:\/(\d+))?(\.json)?$/.exec(call.url.pathname) ?? [];
  const issue = issues.find((candidate) => String(candidate.id) === id);
  if (id !== undefined && dotJson === undefined) return view(issue);
  if (dotJson === undefined) return page(404, "The page you were trying to access doesn't exist.", "");
  if (!hasBasicAuth(call, USER, PASSWORD)) {
    return emptyJson(401, { "www-authenticate": 'Basic realm="Cases API"' });
  }
  if (id === undefined) return call.method === "POST" ? create(call, issues) : emptyJson(404);
  if (issue === undefined) return emptyJson(404);
  if (call.method === "GET") return json(200, { issue: show(issue, call.url.searchParams.get("include")) });
  return call.method === "PUT" ? update(call, issue) : emptyJson(404);
}

function create(call: Call, issues: CaseIssue[]): Reply {
  const fields = readIssue(call);
  if (fields === undefined) return brokenJson();
  const errors = [...(fields["subject"] === undefined ? ["Subject cannot be blank"] : []), ...check(fields)];
  if (errors.length > 0) return json(422, { errors });
  const issue: CaseIssue = {
    id: issues.length + 1,
    subject: "",
    description: "",
    severity: "low",
    tags: [],
    journals: [],
  };
  assign(issue, fields);
  issues.push(issue);
  return json(201, { issue: show(issue, null) }, { location: `${call.url.origin}/issues/${issue.id}` });
}

function update(call: Call, issue: CaseIssue): Reply {
  const fields = readIssue(call);
  if (fields === undefined) return brokenJson();
  const errors = check(fields);
  if (errors.length > 0) return json(422, { errors });
  assign(issue, fields);
  const { notes } = fields;
  if (typeof notes === "string" && notes !== "") {
    issue.journals.push({ id: issue.journals.length + 1, notes: withCrlf(notes) });
  }
  return { status: 204 };
}

/** What stands under `issue`; without a JSON content type nothing is read, and the case looks blank. */
function readIssue(call: Call): JsonObject | undefined {
  if (!isJsonRequest(call)) return {};
  const payload = parseObject(call.body);
  if (payload === undefined) return undefined;
  return isObject(payload["issue"]) ? payload["issue"] : {};
}

function check(fields: JsonObject): string[] {
  const { subject, severity, tags } = fields;
  const errors: string[] = [];
  if (subject !== undefined && (typeof subject !== "string" || subject.trim() === "")) {
    errors.push("Subject cannot be blank");
  }
  if (typeof subject === "string" && subject.length > 255) {
    errors.push("Subject is too long (maximum is 255 characters)");
  }
  if (severity !== undefined && !SEVERITIES.some((known) => known === severity)) {
    errors.push("Severity is not included in the list");
  }
  if (tags !== undefined && !isStringList(tags)) errors.push("Tags is invalid");
  return errors;
}

function assign(issue: CaseIssue, { subject, description, severity, tags }: JsonObject): void {
  if (typeof subject === "string") issue.subject = subject;
  if (typeof description === "string") issue.description = withCrlf(description);
  if (typeof severity === "string") issue.severity = severity;
  if (isStringList(tags)) issue.tags = tags;
}

function show({ journals, ...issue }: CaseIssue, include: string | null): JsonObject {
  return include === "journals" ? { ...issue, journals } : issue;
}

function view(issue: CaseIssue | undefined): Reply {
  if (issue === undefined) return page(404, "The page you were trying to access doesn't exist.", "");
  const notes = issue.journals.map((journal) => `\n\n#${journal.id} ${journal.notes}`);
  return page(200, `#${issue.id} ${issue.subject}`, issue.description + notes.join(""));
}

function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Multi-line text is stored as a browser's form would have sent it. */
function withCrlf(value: string): string {
  return value.replace(/\r?\n/g, "\r\n");
}

/** Announces JSON and has none: parsing by content type alone fails here. */
function emptyJson(status: number, headers: Reply["headers"] = {}): Reply {
  return { status, headers: { "content-type": "application/json", ...headers } };
}

function brokenJson(): Reply {
  return { status: 400, headers: { "content-type": "text/html; charset=utf-8" } };
}
