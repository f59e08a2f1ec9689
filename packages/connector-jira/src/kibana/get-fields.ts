import * as z from "zod";

import { issueTypesOf } from "../create-metadata.ts";
import { shared } from "../shared.ts";
import { siteOf } from "../site.ts";
import { fieldMap, fieldMapOf } from "./fields.ts";

export const getFields = shared({
  summary: "Lists the fields that all issue types of the connector's project have",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({}),
  output: fieldMap,
  async run(ctx) {
    const types = await issueTypesOf(ctx, siteOf(ctx.config).projectKey ?? "");
    // One after the other: Jira limits requests that come at once.
    const maps: Awaited<ReturnType<typeof fieldMapOf>>[] = [];
    for (const { id } of types) maps.push(await fieldMapOf(ctx, id));
    const [first = {}, ...others] = maps;
    const common = Object.entries(first).filter(([id]) => others.every((fields) => Object.hasOwn(fields, id)));
    return Object.fromEntries(common);
  },
});
