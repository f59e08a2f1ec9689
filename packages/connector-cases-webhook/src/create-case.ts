import * as z from "zod";

import { casesWebhook } from "./connection.ts";
import { caseFields, fromFlat } from "./incident.ts";
import { push, pushedCase } from "./push.ts";

export const createCase = casesWebhook.action({
  summary: "Creates a case and reads back its title",
  effect: "write",
  idempotency: "none",
  input: z.strictObject(caseFields),
  output: pushedCase,
  run: async (ctx, input) => push(ctx, undefined, fromFlat(input), []),
});
