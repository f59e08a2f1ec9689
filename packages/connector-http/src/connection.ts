import { defineConnection } from "@stepwire/core";
import * as z from "zod";

/** Any HTTP API: a base URL, and Kibana's envelope for authentication and headers. */
export const http = defineConnection({
  config: z.strictObject({
    url: z
      .url({ protocol: /^https?$/, error: "url is not an http or https URL" })
      .max(2048)
      .describe("The base URL; a step's path is appended to it"),
  }),
  secrets: z.strictObject({}),
  auth: [{ kind: "envelope" }],
  optional: true,
  baseUrl: (config) => config.url,
  hosts: [],
});
