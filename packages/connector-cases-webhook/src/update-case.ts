import * as z from "zod";

import { casesWebhook } from "./connection.ts";
import { caseFields, externalId, fromFlat } from "./incident.ts";
import { push, pushedCase } from "./push.ts";

export const updateCase = casesWebhook.action({
  summary: "Updates a case and reads back its title",
  effect: "write",
  // A method that the user chose for a system nobody here knows; a POST may well add something each time.
  idempotency: "none",
  input: z.strictObject({ externalId: externalId.describe("The case's id in the other system"), ...caseFields }),
  output: pushedCase,
  async run(ctx, { externalId: id, ...fields }) {
    return push(ctx, id, fromFlat(fields), []);
  },
});
