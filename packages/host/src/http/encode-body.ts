import { randomUUID } from "node:crypto";

import { StepwireError, type MultipartPart, type RequestOptions } from "@stepwire/core";

/** The bytes of a request's body and the content type they call for unless a header says otherwise. */
export function encodeBody(request: RequestOptions): { body?: string | Buffer; contentType?: string } {
  const given = (["json", "text", "form", "bytes", "multipart"] as const).filter((kind) => request[kind] !== undefined);
  if (given.length > 1) {
    throw new StepwireError("internal", `A request has one body; the connector gave ${given.join(" and ")}.`, {
      details: { reason: "two-bodies" },
    });
  }
  if (request.json !== undefined) return { body: toJson(request.json), contentType: "application/json" };
  const { contentType } = request;
  if (request.text !== undefined)
    return { body: request.text, contentType: contentType ?? "text/plain; charset=utf-8" };
  if (request.form !== undefined) {
    return { body: new URLSearchParams(request.form).toString(), contentType: "application/x-www-form-urlencoded" };
  }
  if (request.bytes !== undefined)
    return { body: Buffer.from(request.bytes), contentType: contentType ?? "application/octet-stream" };
  if (request.multipart !== undefined) return toMultipart(request.multipart);
  return {};
}

/** RFC 7578. The boundary cannot occur in a part by chance: 122 random bits. */
function toMultipart(parts: readonly MultipartPart[]): { body: Buffer; contentType: string } {
  const boundary = `stepwire-${randomUUID()}`;
  const chunks = parts.flatMap(({ name, content, filename, contentType }) => {
    const type = contentType ?? (filename === undefined ? undefined : defaultType(content));
    const head = [
      `--${boundary}`,
      `Content-Disposition: form-data; name=${quoted(name)}${filename === undefined ? "" : `; filename=${quoted(filename)}`}`,
      ...(type === undefined ? [] : [`Content-Type: ${oneLine(type)}`]),
    ];
    return [`${head.join("\r\n")}\r\n\r\n`, content, "\r\n"];
  });
  const bytes = [...chunks, `--${boundary}--\r\n`].map((chunk) => Buffer.from(chunk as string));
  return { body: Buffer.concat(bytes), contentType: `multipart/form-data; boundary=${boundary}` };
}

const defaultType = (content: string | Uint8Array) =>
  typeof content === "string" ? "text/plain; charset=utf-8" : "application/octet-stream";

/** As browsers do it (WHATWG HTML, multipart/form-data encoding): what would end the name is percent-encoded. */
const quoted = (text: string) => `"${text.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22")}"`;

function oneLine(type: string): string {
  if (/^[\t -~]+$/.test(type)) return type;
  throw new StepwireError("params-invalid", "The content type of a part holds a character that cannot be sent.", {
    details: { reason: "header" },
  });
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
