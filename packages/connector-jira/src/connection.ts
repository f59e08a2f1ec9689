import { defineConnection } from "@stepwire/core";
import * as z from "zod";

import { check } from "./check.ts";
import { credentials } from "./credentials.ts";
import { projectKey } from "./ids.ts";
import { apiPath, siteOf } from "./site.ts";

/** Jira Cloud or Data Center by its address, with Kibana's property names. */
export const jiraConnection = defineConnection({
  config: z.strictObject({
    apiUrl: z
      .url({ protocol: /^https?$/, error: "apiUrl is not an http or https URL" })
      .max(2048)
      .regex(/^[^?#]*$/, "apiUrl is where Jira starts, so it holds no ? and no #")
      .describe("Where Jira is, such as https://your-site.atlassian.net or https://tools.example.com/jira"),
    projectKey: projectKey.describe("The key of the project that issues go to unless a step names another"),
    apiVersion: z
      .literal([2, 3, "2", "3"])
      .default(2)
      .transform((version) => (Number(version) === 3 ? 3 : 2))
      .describe("2 (Cloud and Data Center, texts in wiki markup) or 3 (Cloud, texts as Atlassian documents)"),
  }),
  secrets: credentials,
  auth: [
    { kind: "basic", user: "email", password: "apiToken" },
    { kind: "bearer", token: "personalAccessToken" },
  ],
  baseUrl: (config) => siteOf(config).url,
  hosts: ["*.atlassian.net"],
  check,
  test: (ctx) => ctx.request({ method: "GET", path: apiPath(siteOf(ctx.config), "myself"), accept: "json" }),
});
