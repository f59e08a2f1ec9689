import { StepwireError, type Ctx } from "@stepwire/core";
import * as z from "zod";

import { offsetPages } from "./pages.ts";
import { apiPath, siteOf, type JiraConfig } from "./site.ts";

export const issueTypeItem = z.looseObject({
  id: z.string().describe("The issue type's id"),
  name: z.string().describe("Its name, such as Task"),
  subtask: z.boolean().optional().describe("Whether it needs a parent"),
});

export const fieldItem = z.looseObject({
  fieldId: z.string().describe("The field's id, such as summary or customfield_10010"),
  name: z.string().describe("The name people see"),
  required: z.boolean().default(false).describe("Whether an issue needs it"),
  schema: z.record(z.string(), z.unknown()).optional().describe("What kind of value it takes"),
  allowedValues: z.array(z.unknown()).optional().describe("The values there are, where Jira lists them"),
  defaultValue: z.unknown().optional().describe("What Jira takes where nothing is given"),
});

/** Longest page: Jira's own limit is 200, its default 50. */
const PAGE = 100;

/** The issue types in which the account may create issues of a project. */
export async function issueTypesOf(ctx: Ctx<JiraConfig>, projectKey: string) {
  return items(ctx, [projectKey, "issuetypes"], "issueTypes", issueTypeItem);
}

/** The fields that an issue of a type takes when it is created. */
export async function fieldsOf(ctx: Ctx<JiraConfig>, projectKey: string, issueTypeId: string) {
  return items(ctx, [projectKey, "issuetypes", issueTypeId], "fields", fieldItem);
}

/** Cloud lists them under a name, Data Center under `values`. */
async function items<T extends z.ZodType>(
  ctx: Ctx<JiraConfig>,
  segments: string[],
  name: "issueTypes" | "fields",
  item: T,
): Promise<z.output<T>[]> {
  const page = z.object({
    issueTypes: z.array(item).optional(),
    fields: z.array(item).optional(),
    values: z.array(item).optional(),
    total: z.number().optional(),
    isLast: z.boolean().optional(),
  });
  const limits = { size: PAGE, limit: Number.MAX_SAFE_INTEGER };
  const list = await offsetPages<z.output<T>>(limits, async (startAt, maxResults) => {
    const { data } = await ctx.request({
      method: "GET",
      path: apiPath(siteOf(ctx.config), "issue", "createmeta", ...segments),
      query: { startAt, maxResults },
      accept: "json",
      limit: "step-output",
      expect: page,
    });
    const found = data[name] ?? data.values;
    if (found === undefined) throw unreadable(name);
    return { items: found, total: data.total, isLast: data.isLast };
  });
  return list.items;
}

const unreadable = (name: string) =>
  new StepwireError(
    "response-missing-field",
    `Jira's answer has neither ${name} nor values. Is apiUrl a Jira 8.4 or later?`,
  );
