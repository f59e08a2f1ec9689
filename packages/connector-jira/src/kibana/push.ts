import { advance, partialSuccess, StepwireError, type Ctx, type Progress } from "@stepwire/core";
import * as z from "zod";

import { sendComment } from "../comments.ts";
import { createdIssue } from "../create-issue.ts";
import { issueTypesOf } from "../create-metadata.ts";
import { toJiraFields } from "../issue-fields.ts";
import { apiPath, browseUrl, siteOf, type JiraConfig } from "../site.ts";
import type { Incident } from "./incident.ts";

type JiraCtx = Ctx<JiraConfig>;

const pushed = z.object({
  id: z.string(),
  key: z.string(),
  fields: z.object({ created: z.unknown(), updated: z.unknown() }).partial().optional(),
});

/**
 * Creates or updates an issue, reads it back for its key and date, then adds the comments one by one. Every part is
 * journaled by itself, and once the issue is written no later failure may hide its id: it becomes `partial-success`,
 * which is never repeated.
 */
export async function push(
  ctx: JiraCtx,
  { externalId, ...fields }: Incident,
  comments: readonly { comment: string; commentId: string }[],
) {
  const site = siteOf(ctx.config);
  const isNew = externalId === undefined || externalId === null;
  const written = isNew ? await create(ctx, fields) : await update(ctx, externalId, fields);
  const progress: Required<Omit<Progress, "url">> & Pick<Progress, "url"> = {
    externalId: written.id,
    ...(written.key === undefined ? {} : { url: browseUrl(site, written.key) }),
    done: [isNew ? "create the issue" : "update the issue"],
    notDone: ["read the issue back", ...comments.map((_, index) => `add comment ${index + 1}`)],
    comments: comments.map(({ commentId }) => ({ commentId, status: "not-done" })),
  };
  try {
    const { id, key, date } = await ctx.once(`get ${written.id}`, () => readBack(ctx, written.id, isNew));
    const url = browseUrl(site, key);
    progress.url = url;
    advance(progress);
    const sent: { commentId: string; pushedDate: string }[] = [];
    for (const [index, { comment, commentId }] of comments.entries()) {
      progress.comments[index] = { commentId, status: "failed" };
      const pushedDate = await ctx.once(`comment ${index} ${written.id}`, async () => {
        const { created } = await sendComment(ctx, written.id, {
          body: comment,
          parameter: `comments[${index}].comment`,
          key: `comment-${index}`,
        });
        return toIso(created);
      });
      sent.push({ commentId, pushedDate });
      progress.comments[index] = { commentId, status: "done", pushedDate };
      advance(progress);
    }
    return { id, title: key, url, pushedDate: date, ...(comments.length === 0 ? {} : { comments: sent }) };
  } catch (error) {
    throw partialSuccess(`Issue ${written.key ?? written.id}`, progress, StepwireError.from(error));
  }
}

type Fields = Omit<Incident, "externalId">;

async function create(ctx: JiraCtx, given: Fields): Promise<{ id: string; key?: string }> {
  const site = siteOf(ctx.config);
  const project = site.projectKey ?? "";
  const issueType = given.issueType ?? (await ctx.once("issue type", () => firstIssueType(ctx, project)));
  return ctx.once("create", async () => {
    const { data } = await ctx.request({
      method: "POST",
      path: apiPath(site, "issue"),
      json: { fields: toJiraFields(site, { ...present(given), issueType, projectKey: project }) },
      accept: "json",
      expect: createdIssue,
      key: "create",
    });
    return { id: data.id, ...(data.key === undefined ? {} : { key: data.key }) };
  });
}

async function update(ctx: JiraCtx, id: string, given: Fields): Promise<{ id: string; key?: string }> {
  const site = siteOf(ctx.config);
  return ctx.once(`update ${id}`, async () => {
    await ctx.request({
      method: "PUT",
      path: apiPath(site, "issue", id),
      json: { fields: toJiraFields(site, present(given)) },
      key: "update",
    });
    return { id };
  });
}

async function readBack(ctx: JiraCtx, id: string, isNew: boolean) {
  const { data } = await ctx.request({
    method: "GET",
    path: apiPath(siteOf(ctx.config), "issue", id),
    query: { fields: "created,updated" },
    accept: "json",
    expect: pushed,
    key: "get",
  });
  const { created, updated } = data.fields ?? {};
  return { id: data.id, key: data.key, date: toIso(isNew ? created : updated) };
}

async function firstIssueType(ctx: JiraCtx, project: string): Promise<string> {
  const [first] = await issueTypesOf(ctx, project);
  if (first !== undefined) return first.id;
  const message = `The account may create no issues in ${project}: it has no issue types for it. Check the connector's projectKey and the account's permissions.`;
  throw new StepwireError("response-missing-field", message);
}

/** Without what is null, which stands for nothing in Kibana's incident. */
function present({ summary, description, issueType, priority, parent, labels, otherFields }: Fields) {
  return {
    summary,
    description: description ?? undefined,
    issueType: issueType ?? undefined,
    priority: priority ?? undefined,
    parent: parent ?? undefined,
    labels: labels ?? undefined,
    otherFields: otherFields ?? undefined,
  };
}

/** Jira writes `2021-01-17T12:34:00.000+0000`, Kibana's results have ISO 8601. Without a date it is now. */
function toIso(date: unknown): string {
  const read = typeof date === "string" ? new Date(date) : new Date();
  return Number.isNaN(read.getTime()) ? String(date) : read.toISOString();
}
