import * as z from "zod";

import { projectKey } from "./ids.ts";
import { shared } from "./shared.ts";
import { apiPath, siteOf } from "./site.ts";

const project = z.looseObject({
  id: z.string().describe("The project's id"),
  key: z.string().describe("Such as ENG"),
  name: z.string().describe("The name people see"),
});

export const getProject = shared({
  summary: "Reads a project",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({ projectId: projectKey.describe("The project's key, such as ENG, or its id") }),
  output: project,
  async run(ctx, input) {
    const { data } = await ctx.request({
      method: "GET",
      path: apiPath(siteOf(ctx.config), "project", input.projectId),
      accept: "json",
      limit: "step-output",
      expect: project,
    });
    return data;
  },
});
