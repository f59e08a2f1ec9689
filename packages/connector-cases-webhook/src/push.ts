import { advance, partialSuccess, StepwireError, type Ctx, type Progress } from "@stepwire/core";
import * as z from "zod";

import { sendComment, sendCreate, sendGet, sendUpdate, viewUrl } from "./case-api.ts";
import type { CasesConfig } from "./config.ts";
import type { Incident } from "./incident.ts";

export const pushedCase = z.object({
  id: z.string().describe("The case's id in the other system"),
  title: z.string().describe("The case's title there"),
  url: z.string().describe("Where people see the case"),
  pushedDate: z.string().describe("When it was pushed, ISO 8601"),
});

export interface CommentToPush {
  comment: string;
  commentId: string;
}

/**
 * Creates or updates a case, reads it back for its title, then adds the comments one by one. Every part is journaled by
 * itself, and once a case exists no later failure may hide its id: it becomes `partial-success`, which is never repeated.
 */
export async function push(
  ctx: Ctx<CasesConfig>,
  externalId: string | undefined,
  incident: Incident,
  comments: CommentToPush[],
) {
  const steps = ["read the case back", ...comments.map((_, index) => `add comment ${index + 1}`)];
  const id = await ctx.once(externalId === undefined ? "create" : `update ${externalId}`, async () => {
    if (externalId === undefined) return sendCreate(ctx, incident);
    await sendUpdate(ctx, externalId, incident);
    return externalId;
  });
  const progress: Required<Omit<Progress, "url">> & Pick<Progress, "url"> = {
    externalId: id,
    done: [externalId === undefined ? "create the case" : "update the case"],
    notDone: steps,
    comments: comments.map(({ commentId }) => ({ commentId, status: "not-done" })),
  };
  try {
    const title = await ctx.once(`get ${id}`, () => sendGet(ctx, id));
    const url = viewUrl(ctx, id, title);
    progress.url = url;
    advance(progress);
    const pushedDate = await ctx.once("date", async () => new Date().toISOString());
    const pushed: { commentId: string; pushedDate: string }[] = [];
    for (const [index, { comment, commentId }] of comments.entries()) {
      progress.comments[index] = { commentId, status: "failed" };
      const date = await ctx.once(`comment ${index} ${id}`, async () => {
        await sendComment(ctx, id, comment, `comment-${index}`);
        return new Date().toISOString();
      });
      pushed.push({ commentId, pushedDate: date });
      progress.comments[index] = { commentId, status: "done", pushedDate: date };
      advance(progress);
    }
    return { id, title, url, pushedDate, ...(comments.length === 0 ? {} : { comments: pushed }) };
  } catch (error) {
    throw partialSuccess(`Case ${id}`, progress, StepwireError.from(error));
  }
}
