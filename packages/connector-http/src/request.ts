import { StepwireError, type RequestOptions } from "@stepwire/core";
import * as z from "zod";

import { http } from "./connection.ts";

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
    headers: z.record(headerName, scalar).optional().describe("Additional headers; they win over the connector's"),
    query: z.record(name, scalar).optional().describe("Query parameters; those already in the URL win"),
    body: z
      .union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())], {
        error: "the body is a text, an object or a list",
      })
      .optional()
      .describe("The body: objects and lists go out as JSON, a text as it is"),
  }),
  output: z.object({
    status: z.number().int(),
    statusText: z.string(),
    headers: z.record(z.string(), z.string()),
    data: z.unknown().describe("Parsed JSON, text, or base64 text of anything else"),
  }),
  async run(ctx, input) {
    if (input.url === undefined && ctx.config === undefined) {
      throw new StepwireError(
        "params-invalid",
        "Neither url nor a connector is given. Write with.url, or connector-id beside type.",
      );
    }
    const options: RequestOptions = { method: input.method, limit: "step-output" };
    if (input.url !== undefined) options.url = input.url;
    if (input.path !== undefined) options.path = input.path;
    if (input.headers !== undefined) options.headers = texts(input.headers);
    if (input.query !== undefined) options.query = input.query;
    if (typeof input.body === "string") options.text = input.body;
    else if (input.body !== undefined) options.json = input.body;
    return ctx.request(options);
  },
});

function texts(map: Record<string, string | number | boolean>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, String(value)]));
}
