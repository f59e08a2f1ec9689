import * as z from "zod";

import { byIdOr } from "./ids.ts";
import { otherFields } from "./other-fields.ts";
import { richText, toBody, type RichText } from "./rich-text.ts";
import type { Site } from "./site.ts";
import { toAssignee, type Account } from "./user.ts";

/** Jira takes no line breaks in a summary; Kibana joins its lines in the same way. */
export const summary = z
  .string()
  .max(4096)
  .transform(oneLine)
  .pipe(z.string().min(1, "summary is empty").max(255, "summary is longer than 255 characters, as one line"))
  .describe("The title, at most 255 characters; line breaks become commas, since Jira takes none");

const name = z.string().min(1).max(255);

export const issueType = name.describe("The issue type's name, such as Task, or its id");
export const description = richText().describe("A text, at most 32767 characters; with version 3 a document, too");
export const priority = name.describe("The priority's name, such as High, or its id");
export const parent = name.describe("The key or id of the issue above this one: a sub-task's issue, or an epic");
export const labels = z
  .array(z.string().max(255).regex(/^\S+$/, "a label cannot be empty or contain spaces; Jira refuses it"))
  .max(500)
  .describe("Labels, without spaces");

/** Fields of an issue that have parameters of their own, in Jira's spelling, and those parameters. */
const OWN_PARAMETERS: Readonly<Record<string, string>> = {
  project: "projectKey",
  issuetype: "issueType",
  summary: "summary",
  description: "description",
  priority: "priority",
  labels: "labels",
  parent: "parent",
  assignee: "assigneeAccountId",
};

export const customFields = otherFields(OWN_PARAMETERS).describe(
  "Further fields by id, such as customfield_10010: a map or its JSON text, at most 50",
);

/** An issue's fields as the actions take them: absent ones stay as they are, `null` takes away what is there. */
export interface IssueFields {
  projectKey?: string | undefined;
  issueType?: string | undefined;
  summary?: string | undefined;
  description?: RichText | null | undefined;
  priority?: string | null | undefined;
  labels?: string[] | undefined;
  parent?: string | undefined;
  assignee?: Account | undefined;
  otherFields?: Record<string, unknown> | undefined;
}

/** The same as Jira takes them. Throws `params-invalid` for what this Jira does not take. */
export function toJiraFields(site: Site, given: IssueFields): Record<string, unknown> {
  const nullable = <T>(value: T | null, map: (value: T) => unknown) => (value === null ? null : map(value));
  const own = {
    project: given.projectKey && { key: given.projectKey },
    issuetype: given.issueType && byIdOr("name", given.issueType),
    summary: given.summary,
    description:
      given.description === undefined
        ? undefined
        : nullable(given.description, (value) => toBody(site, value, "description")),
    priority: given.priority === undefined ? undefined : nullable(given.priority, (value) => byIdOr("name", value)),
    labels: given.labels,
    parent: given.parent && byIdOr("key", given.parent),
    assignee: given.assignee && toAssignee(site, given.assignee),
  };
  const set = Object.entries(own).filter(([, value]) => value !== undefined);
  return { ...given.otherFields, ...Object.fromEntries(set) };
}

function oneLine(text: string): string {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(", ");
}
