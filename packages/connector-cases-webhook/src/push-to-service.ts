import { StepwireError } from "@stepwire/core";
import * as z from "zod";

import { commentsNotConfigured } from "./case-api.ts";
import { casesWebhook } from "./connection.ts";
import { caseFields, comment, externalId, fromFlat, kibanaIncident, type Incident } from "./incident.ts";
import { push, pushedCase, type CommentToPush } from "./push.ts";

const input = z.strictObject({
  incident: kibanaIncident.optional().describe("Kibana's form: the case as one object"),
  ...caseFields,
  externalId: externalId.nullish().describe("The case's id in the other system; an update where it is given"),
  additionalComments: z.string().max(100_000).nullish().describe("One comment for the case"),
  comments: z.array(comment).max(1000).nullish().describe("Comments for the case, in order"),
});

export const pushToService = casesWebhook.action({
  summary: "Creates or updates a case and adds its comments",
  effect: "write",
  idempotency: "none",
  input,
  output: pushedCase.extend({
    comments: z
      .array(z.object({ commentId: z.string(), pushedDate: z.string() }))
      .optional()
      .describe("The comments that were sent"),
  }),
  async run(ctx, given) {
    const { id, incident } = readIncident(given);
    const comments = readComments(given);
    if (comments.length > 0 && !ctx.config.createCommentUrl) throw commentsNotConfigured();
    return push(ctx, id, incident, comments);
  },
});

/** Either Kibana's `incident` or the flat form, never parts of both: one of two titles would be lost. */
function readIncident(given: z.output<typeof input>): { id: string | undefined; incident: Incident } {
  const { incident, externalId: flatId, additionalComments: _, comments: __, ...flat } = given;
  if (incident === undefined) return { id: flatId ?? undefined, incident: fromFlat(flat) };
  const both = Object.entries({ ...flat, externalId: flatId }).filter(([, value]) => value !== undefined);
  if (both.length > 0) {
    const names = both.map(([key]) => key).join(", ");
    throw new StepwireError(
      "params-invalid",
      `The case is given as incident and beside it (${names}). Move everything into incident, or out of it.`,
    );
  }
  const { externalId: id, ...fields } = incident;
  if (id?.trim() === "")
    throw new StepwireError("params-invalid", "incident.externalId is empty. Leave it out to create a case.");
  return { id: id ?? undefined, incident: fields };
}

function readComments(given: z.output<typeof input>): CommentToPush[] {
  const all = [...(given.comments ?? []), ...(given.additionalComments ? [{ comment: given.additionalComments }] : [])];
  return all
    .filter((entry) => entry.comment !== "")
    .map((entry, index) => ({
      comment: entry.comment,
      commentId: ("commentId" in entry ? entry.commentId : undefined) ?? String(index + 1),
    }));
}
