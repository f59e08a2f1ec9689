import * as z from "zod";

import { issueTypeId } from "../ids.ts";
import { shared } from "../shared.ts";
import { fieldMap, fieldMapOf } from "./fields.ts";

export const fieldsByIssueType = shared({
  summary: "Lists the fields of an issue type in the connector's project",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({ id: issueTypeId }),
  output: fieldMap,
  run: async (ctx, { id }) => fieldMapOf(ctx, id),
});
