import { StepwireError, type Ctx } from "@stepwire/core";
import * as z from "zod";

import {
  customFields,
  description,
  issueType,
  labels,
  parent,
  priority,
  summary,
  toJiraFields,
} from "./issue-fields.ts";
import { issueId } from "./ids.ts";
import { shared } from "./shared.ts";
import { apiPath, siteOf, type JiraConfig } from "./site.ts";
import { accountId, userName } from "./user.ts";

const orNull = <T extends z.ZodType>(schema: T) =>
  schema.nullable().optional().describe(`${schema.description}; null takes it away`);

const fields = {
  issueId,
  summary: summary.optional(),
  issueType: issueType.optional(),
  description: orNull(description),
  priority: orNull(priority),
  labels: labels.optional().describe("The labels from now on, without spaces; an empty list takes all away"),
  parent: orNull(parent),
  assigneeAccountId: orNull(accountId),
  otherFields: customFields.optional(),
};
const inputOfJira = z.strictObject({ ...fields, assigneeName: orNull(userName) });

const about = {
  summary: "Changes the fields that are given; the others stay as they are",
  effect: "write",
  // The same values once more change nothing.
  idempotency: "natural",
  output: z.object({ issueId: z.string().describe("The issue as it was named") }),
} as const;

async function run(ctx: Ctx<JiraConfig>, { issueId: id, ...input }: z.output<typeof inputOfJira>) {
  const site = siteOf(ctx.config);
  const { assigneeAccountId, assigneeName, parent: above, ...given } = input;
  const isAssigned = assigneeAccountId !== undefined || assigneeName !== undefined;
  const changes = toJiraFields(site, {
    ...given,
    ...(above === null ? {} : { parent: above }),
    ...(isAssigned ? { assignee: { accountId: assigneeAccountId, name: assigneeName } } : {}),
  });
  if (Object.keys(changes).length === 0 && above !== null) {
    throw new StepwireError("params-invalid", "There is nothing to change. Give a field beside issueId.");
  }
  await ctx.request({
    method: "PUT",
    path: apiPath(site, "issue", id),
    // A parent is taken away by an operation of its own; as a field, Jira takes no null for it.
    json: { fields: changes, ...(above === null ? { update: { parent: [{ set: { none: true } }] } } : {}) },
  });
  return { issueId: id };
}

export const updateIssue = {
  jira: shared({ ...about, input: inputOfJira, run }),
  cloud: shared({ ...about, input: z.strictObject(fields), run }),
};
