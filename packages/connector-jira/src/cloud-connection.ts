import { defineConnection } from "@stepwire/core";
import * as z from "zod";

import { check } from "./check.ts";
import { apiPath, siteOf } from "./site.ts";

/** A DNS label: it becomes a part of the host that gets the credentials. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Jira Cloud by its subdomain: REST API version 3. */
export const jiraCloudConnection = defineConnection({
  config: z.strictObject({
    subdomain: z
      .string()
      .max(63)
      .regex(
        LABEL,
        "subdomain is only what stands before .atlassian.net: your-site for https://your-site.atlassian.net",
      )
      .describe("The site's name: your-site for https://your-site.atlassian.net"),
  }),
  secrets: z.strictObject({
    email: z.string().min(1).max(255).describe("The email of the Atlassian account"),
    apiToken: z.string().min(1).max(4096).describe("An API token of the account"),
  }),
  auth: [{ kind: "basic", user: "email", password: "apiToken" }],
  baseUrl: (config) => siteOf(config).url,
  hosts: ["*.atlassian.net"],
  check,
  test: (ctx) => ctx.request({ method: "GET", path: apiPath(siteOf(ctx.config), "myself"), accept: "json" }),
});
