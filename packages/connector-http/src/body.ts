import { StepwireError, type RequestOptions } from "@stepwire/core";
import * as z from "zod";

import { boundedMap } from "./bounded-map.ts";

/** Far more than any API takes; what is larger is a mistake in a template. */
const MAX_BODY = 50_000_000;

export const body = z
  .union(
    [z.string().max(MAX_BODY), boundedMap(z.string(), z.unknown(), 100_000), z.array(z.unknown()).max(1_000_000)],
    {
      error: "the body is a text, an object or a list",
    },
  )
  .describe("The body: objects and lists go out as JSON, a text as it is");

const part = z.strictObject({
  content: z.string().max(MAX_BODY).describe("The field's value or the file's text"),
  filename: z.string().min(1).max(1024).optional().describe("Makes the part a file"),
  content_type: z.string().min(1).max(256).optional().describe("The content type of the part"),
});

export const formData = boundedMap(z.string().min(1).max(256), part, 1000).describe(
  "A multipart form: parts by name; not together with body",
);

interface Given {
  body?: z.output<typeof body> | undefined;
  form_data?: z.output<typeof formData> | undefined;
}

/** The body in the host's words. Throws `params-invalid` where two are given. */
export function bodyOptions({ body: content, form_data: parts }: Given): Partial<RequestOptions> {
  if (parts !== undefined) {
    if (content !== undefined)
      throw new StepwireError("params-invalid", "A request has either body or form_data. Take one of the two out.");
    return {
      multipart: Object.entries(parts).map(([name, { content: value, filename, content_type }]) => ({
        name,
        content: value,
        ...(filename === undefined ? {} : { filename }),
        ...(content_type === undefined ? {} : { contentType: content_type }),
      })),
    };
  }
  if (content === undefined) return {};
  if (typeof content !== "string") return { json: content };
  return { text: content, ...(isJson(content) ? { contentType: "application/json" } : {}) };
}

/** A text that is a JSON object or list is meant as one: most servers would not read it as `text/plain`. */
function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
