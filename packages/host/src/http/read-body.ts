import type { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream";
import zlib from "node:zlib";

import { StepwireError } from "@stepwire/core";

export interface BodyLimit {
  bytes: number;
  /** The setting or key a user can raise. */
  setting: string;
  code: "response-too-large" | "step-output-too-large";
}

/**
 * Reads the body of an answer of `host` to its end, decompressed, never keeping more than the limit. Throws the limit's
 * code, `unsupported-content-type` for an unknown encoding, or what the stream fails with. The stream is destroyed on
 * failure.
 */
export async function readBody(
  body: Readable,
  headers: Record<string, string>,
  limit: BodyLimit,
  host: string,
): Promise<Buffer> {
  // What failed before anybody listened fails here: there will be no event of it any more.
  if (body.destroyed) throw body.errored ?? aborted();
  const declared = Number(headers["content-length"]);
  const encoding = (headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (declared > limit.bytes) {
    body.destroy();
    throw tooLarge(limit, host, declared);
  }
  const decoder = decoderFor(encoding);
  if (decoder === undefined) {
    body.destroy();
    throw new StepwireError(
      "unsupported-content-type",
      `The answer of ${host} is compressed with ${encoding}, which cannot be read.`,
      { details: { reason: "content-encoding", host, sent: true } },
    );
  }
  if (decoder === "identity") return collect(body, limit, host);
  let received = 0;
  body.on("data", (chunk: Buffer) => (received += chunk.length));
  try {
    return await collect(
      pipeline(body, decoder, () => undefined),
      limit,
      host,
    );
  } catch (error) {
    // An empty body is empty, whatever encoding its headers claim.
    if (received === 0 && !StepwireError.is(error) && !body.errored) return Buffer.alloc(0);
    body.destroy();
    throw error;
  }
}

/** By events: an async iterator over a stream costs more than the rest of a small answer. */
function collect(stream: Readable, limit: BodyLimit, host: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (error: Error) => {
      stream.destroy();
      reject(error);
    };
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit.bytes) fail(tooLarge(limit, host));
      else chunks.push(chunk);
    });
    stream.once("end", () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
    );
    stream.on("error", fail);
    // Neither end nor error: it was destroyed from outside.
    stream.once("close", () => {
      if (!stream.readableEnded) fail(aborted());
    });
  });
}

const aborted = () => Object.assign(new Error("The answer was aborted."), { code: "ERR_BAD_RESPONSE" });

function decoderFor(encoding: string): Transform | "identity" | undefined {
  switch (encoding) {
    case "":
    case "identity":
      return "identity";
    case "gzip":
    case "x-gzip":
      return zlib.createGunzip();
    case "deflate":
      return zlib.createInflate();
    case "br":
      return zlib.createBrotliDecompress();
    default:
      return undefined;
  }
}

function tooLarge(limit: BodyLimit, host: string, actual?: number): StepwireError {
  const size = actual === undefined ? "more than" : `${actual} bytes, more than`;
  return new StepwireError(
    limit.code,
    `The answer of ${host} is too large: ${size} the ${limit.bytes} bytes of ${limit.setting}. Raise it if the answer is wanted.`,
    {
      details: {
        limitBytes: limit.bytes,
        host,
        sent: true,
        ...(actual === undefined ? {} : { actualBytes: actual, suggestedLimitBytes: actual }),
      },
    },
  );
}
