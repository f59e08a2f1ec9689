import * as z from "zod";

import { commentText } from "../comments.ts";
import { labels, summary } from "../issue-fields.ts";
import { issueId } from "../ids.ts";
import { otherFields } from "../other-fields.ts";
import { MAX_TEXT } from "../rich-text.ts";

const orNull = (about: string) => z.string().min(1).max(255).nullish().describe(about);

/** Fields of an issue that Kibana's incident has properties for, in lower case, and those properties. */
const OWN_PROPERTIES: Readonly<Record<string, string>> = {
  project: "the connector's projectKey",
  issuetype: "issueType",
  summary: "summary",
  description: "description",
  priority: "priority",
  labels: "labels",
  parent: "parent",
  externalid: "externalId",
  otherfields: "otherFields",
};

/** Kibana's incident: `null` is the same as nothing. */
export const incident = z.strictObject({
  summary,
  description: z.string().max(MAX_TEXT).nullish().describe("The text of the issue"),
  externalId: issueId.nullish().describe("The key or id of an issue; an update where it is given"),
  issueType: orNull("The issue type's id or name; the first of the project unless given, in a create"),
  priority: orNull("The priority's name or id"),
  parent: orNull("The key or id of the issue above this one"),
  labels: labels.nullish().describe("Labels, without spaces"),
  otherFields: otherFields(OWN_PROPERTIES)
    .nullish()
    .describe("Further fields by id, such as customfield_10010: a map or its JSON text, at most 50"),
});

export const comment = z.strictObject({
  comment: commentText.describe("The text of the comment"),
  commentId: z.string().max(1000).optional().describe("Given back with the outcome; counted from 1 unless given"),
});

export type Incident = z.output<typeof incident>;
