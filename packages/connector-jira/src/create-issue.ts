import { partialSuccess, StepwireError, type Ctx } from "@stepwire/core";
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
import { projectKey } from "./ids.ts";
import { shared } from "./shared.ts";
import { apiPath, browseUrl, siteOf, type JiraConfig } from "./site.ts";
import { accountId, userName } from "./user.ts";

/** What Jira answers to a create. Its id is enough to find the issue again; the rest of its answer is not needed. */
export const createdIssue = z.object({ id: z.string(), key: z.string().optional() });

const fields = {
  issueType,
  summary,
  description: description.optional(),
  priority: priority.optional(),
  labels: labels.optional(),
  parent: parent.optional(),
  assigneeAccountId: accountId.optional(),
  otherFields: customFields.optional(),
};
const inputOfJira = z.strictObject({
  projectKey: projectKey.optional().describe("The project's key; the connector's unless given"),
  ...fields,
  assigneeName: userName.optional(),
});

const about = {
  summary: "Creates an issue",
  effect: "write",
  idempotency: "none",
  output: z.object({
    id: z.string().describe("Jira's own id, all digits"),
    key: z.string().describe("Such as ENG-42"),
    title: z.string().describe("The key again, as Kibana's result has it"),
    url: z.string().describe("Where people see the issue"),
  }),
} as const;

async function run(ctx: Ctx<JiraConfig>, input: z.output<typeof inputOfJira>) {
  const site = siteOf(ctx.config);
  const { assigneeAccountId, assigneeName, projectKey: project = site.projectKey, ...given } = input;
  const isAssigned = assigneeAccountId !== undefined || assigneeName !== undefined;
  const response = await ctx.request({
    method: "POST",
    path: apiPath(site, "issue"),
    json: {
      fields: toJiraFields(site, {
        ...given,
        projectKey: project,
        ...(isAssigned ? { assignee: { accountId: assigneeAccountId, name: assigneeName } } : {}),
      }),
    },
    accept: "json",
    expect: createdIssue,
  });
  const { id, key } = response.data;
  if (key === undefined) {
    const cause = new StepwireError("response-missing-field", "Jira's answer has no key.");
    const progress = { externalId: id, done: ["create the issue"], notDone: ["learn its key"] };
    throw partialSuccess(`Issue ${id}`, progress, cause);
  }
  return { id, key, title: key, url: browseUrl(site, key) };
}

export const createIssue = {
  jira: shared({ ...about, input: inputOfJira, run }),
  cloud: shared({ ...about, input: z.strictObject({ projectKey, ...fields }), run }),
};
