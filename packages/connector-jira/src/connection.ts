import { defineConnection } from "@stepwire/core";
import * as z from "zod";

/** Jira's REST API version 2, with the account's email and an API token (Data Center: user name and password). */
export const jiraV2 = defineConnection({
  config: z.strictObject({
    apiUrl: z
      .url({ protocol: /^https?$/, error: "apiUrl is not an http or https URL" })
      .max(2048)
      .describe("Where Jira is, such as https://your-site.atlassian.net"),
    projectKey: z.string().min(1).max(255).describe("The project that issues go to unless a step names another"),
  }),
  secrets: z.strictObject({
    email: z.string().min(1).max(255).describe("The email of the account (Data Center: the user name)"),
    apiToken: z.string().min(1).max(4096).describe("An API token of the account (Data Center: the password)"),
  }),
  auth: [{ kind: "basic", user: "email", password: "apiToken" }],
  baseUrl: (config) => config.apiUrl,
  hosts: ["*.atlassian.net"],
  test: (ctx) => ctx.request({ method: "GET", path: "/rest/api/2/myself", accept: "json" }),
});
