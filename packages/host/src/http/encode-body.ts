import { StepwireError, type RequestOptions } from "@stepwire/core";

/** The bytes of a request's body and the content type they call for unless a header says otherwise. */
export function encodeBody(request: RequestOptions): { body?: string | Buffer; contentType?: string } {
  const given = (["json", "text", "form", "bytes"] as const).filter((kind) => request[kind] !== undefined);
  if (given.length > 1) {
    throw new StepwireError("internal", `A request has one body; the connector gave ${given.join(" and ")}.`, {
      details: { reason: "two-bodies" },
    });
  }
  if (request.json !== undefined) return { body: toJson(request.json), contentType: "application/json" };
  if (request.text !== undefined) return { body: request.text, contentType: "text/plain; charset=utf-8" };
  if (request.form !== undefined) {
    return { body: new URLSearchParams(request.form).toString(), contentType: "application/x-www-form-urlencoded" };
  }
  if (request.bytes !== undefined) return { body: Buffer.from(request.bytes), contentType: "application/octet-stream" };
  return {};
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    const deep = error instanceof RangeError;
    const reason = deep ? "it is nested too deeply" : (error as Error).message.split("\n")[0];
    throw new StepwireError("params-invalid", `The body cannot be written as JSON: ${reason}.`, {
      details: { reason: "body" },
    });
  }
}
