import { StepwireError } from "@stepwire/core";
import * as z from "zod";

import { body, bodyOptions, formData } from "./body.ts";
import { boundedMap } from "./bounded-map.ts";
import { http } from "./connection.ts";
import { fetcher, transferOptions } from "./fetcher.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const text = z.string().max(16_384);
/** Values may be written without quotes: `size: 10` is `size: "10"`. */
const scalar = z.union([text, z.number(), z.boolean()], { error: "the value is a text, a number, true or false" });
const name = z.string().min(1).max(256);
const headerName = name.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, "this is not a header name");

export const request = http.action({
  summary: "Sends an HTTP request and returns the answer",
  effect: "write",
  idempotency: "none",
  input: z.strictObject({
    url: z
      .url({ protocol: /^https?$/, error: "url is not an http or https URL" })
      .max(8192)
      .optional()
      .describe("The full URL; needed where no connector is given"),
    path: z.string().max(8192).optional().describe("Appended to the connector's base URL (or to url)"),
    method: z.enum(METHODS).default("GET").describe("The HTTP method"),
    headers: boundedMap(headerName, scalar, 200)
      .optional()
      .describe("Additional headers; they win over the connector's"),
    query: boundedMap(name, scalar, 1000).optional().describe("Query parameters; those already in the URL win"),
    body: body.optional(),
    form_data: formData.optional(),
    fetcher: fetcher.optional().describe("How the request is sent"),
  }),
  output: z.object({
    status: z.number().int().describe("The status code, always 2xx"),
    statusText: z.string().describe("The status in words"),
    headers: z.record(z.string(), z.string()).describe("The headers of the answer, names in lower case"),
    data: z.unknown().describe("Parsed JSON, text, or base64 text of anything else; null without a body"),
  }),
  async run(ctx, input) {
    if (input.url === undefined && ctx.config === undefined) {
      throw new StepwireError(
        "params-invalid",
        "Neither url nor a connector is given. Write with.url, or connector-id beside type.",
      );
    }
    return ctx.request({
      method: input.method,
      limit: "step-output",
      ...(input.url === undefined ? {} : { url: input.url }),
      ...(input.path === undefined ? {} : { path: input.path }),
      ...(input.headers === undefined ? {} : { headers: texts(input.headers) }),
      ...(input.query === undefined ? {} : { query: input.query }),
      ...bodyOptions(input),
      ...transferOptions(input.fetcher),
    });
  },
});

function texts(map: Record<string, string | number | boolean>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));
}
