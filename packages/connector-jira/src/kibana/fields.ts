import type { Ctx } from "@stepwire/core";
import * as z from "zod";

import { fieldsOf } from "../create-metadata.ts";
import { siteOf, type JiraConfig } from "../site.ts";

/** Fields by their ids, as Kibana's forms read them. */
export const fieldMap = z
  .record(
    z.string(),
    z.object({
      name: z.string().describe("The name people see"),
      required: z.boolean().describe("Whether an issue needs it"),
      schema: z.record(z.string(), z.unknown()).describe("What kind of value it takes"),
      allowedValues: z.array(z.unknown()).describe("The values there are; empty where Jira lists none"),
      defaultValue: z.unknown().describe("What Jira takes where nothing is given; {} if that is nothing"),
    }),
  )
  .describe("The fields by id");

export async function fieldMapOf(ctx: Ctx<JiraConfig>, issueTypeId: string): Promise<z.output<typeof fieldMap>> {
  const fields = await fieldsOf(ctx, siteOf(ctx.config).projectKey ?? "", issueTypeId);
  return Object.fromEntries(
    fields.map(({ fieldId, name, required, schema = {}, allowedValues = [], defaultValue = {} }) => [
      fieldId,
      { name, required, schema, allowedValues, defaultValue },
    ]),
  );
}
