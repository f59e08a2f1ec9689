import * as z from "zod";

import { sendGet, viewUrl } from "./case-api.ts";
import { casesWebhook } from "./connection.ts";
import { externalId } from "./incident.ts";

export const getCase = casesWebhook.action({
  summary: "Reads a case's title",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({ externalId: externalId.describe("The case's id in the other system") }),
  output: z.object({ id: z.string(), title: z.string(), url: z.string().describe("Where people see the case") }),
  async run(ctx, input) {
    const title = await sendGet(ctx, input.externalId);
    return { id: input.externalId, title, url: viewUrl(ctx, input.externalId, title) };
  },
});
