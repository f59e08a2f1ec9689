import { isObject, type JsonObject } from "./http.ts";

export const PROJECT_KEY = "ENG";
export const ISSUE_TYPES: readonly { id: string; name: string; subtask: boolean }[] = [
  { id: "10001", name: "Task", subtask: false },
  { id: "10002", name: "Bug", subtask: false },
  { id: "10003", name: "Story", subtask: false },
];
const PRIORITIES = ["Highest", "High", "Medium", "Low", "Lowest"];
const KNOWN = new Set(["project", "issuetype", "summary", "description", "labels", "priority"]);

export type FieldErrors = Record<string, string>;

/**
 * What Jira finds wrong with an issue's fields, by field, in its own words; nothing when all is well.
 * `creating` asks for the fields an issue must have. A wrong project or type hides the rest, as it does there.
 */
export function checkFields(fields: JsonObject, creating: boolean): FieldErrors {
  if ((creating || "project" in fields) && !isProject(fields["project"])) {
    return { project: "valid project is required" };
  }
  if ((creating || "issuetype" in fields) && findIssueType(fields["issuetype"]) === undefined) {
    return { issuetype: fields["issuetype"] === undefined ? "Specify an issue type" : "Specify a valid issue type" };
  }
  const errors: FieldErrors = {};
  const refuse = (field: string, message: string | undefined): void => {
    if (message !== undefined) errors[field] = message;
  };
  if (creating || "summary" in fields) refuse("summary", checkSummary(fields["summary"]));
  refuse("description", checkDescription(fields["description"]));
  refuse("labels", checkLabels(fields["labels"]));
  refuse("priority", checkPriority(fields["priority"]));
  for (const field of Object.keys(fields)) {
    if (KNOWN.has(field)) continue;
    refuse(field, `Field '${field}' cannot be set. It is not on the appropriate screen, or unknown.`);
  }
  return errors;
}

/** An issue type by id or by name; the letter case of a name counts. */
export function findIssueType(value: unknown): (typeof ISSUE_TYPES)[number] | undefined {
  if (!isObject(value)) return undefined;
  return ISSUE_TYPES.find((type) => type.id === value["id"] || type.name === value["name"]);
}

function isProject(value: unknown): boolean {
  return isObject(value) && (value["key"] === PROJECT_KEY || value["id"] === "10000");
}

function checkSummary(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return "You must specify a summary of the issue.";
  if (typeof value !== "string") return "Operation value must be a string";
  if (value.trim() === "") return "You must specify a summary of the issue.";
  if (/[\r\n]/.test(value)) return "The summary is invalid because it contains newline characters.";
  return value.length > 255 ? "Summary can't exceed 255 characters." : undefined;
}

function checkDescription(value: unknown): string | undefined {
  // Version 2 of the API takes wiki text; the document objects are version 3's.
  return value === undefined || value === null || typeof value === "string"
    ? undefined
    : "Operation value must be a string";
}

function checkLabels(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || value.some((label) => typeof label !== "string")) return "data was not an array";
  const spaced = (value as string[]).find((label) => /\s/.test(label));
  return spaced === undefined ? undefined : `The label '${spaced}' contains spaces which is invalid.`;
}

function checkPriority(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const name = isObject(value) ? value["name"] : undefined;
  return typeof name === "string" && PRIORITIES.includes(name)
    ? undefined
    : `Priority name '${String(name)}' is not valid`;
}
