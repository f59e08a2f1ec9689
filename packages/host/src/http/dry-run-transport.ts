import { StepwireError } from "@stepwire/core";

import type { OutgoingRequest, Transport } from "./transport.ts";

/** A request that a dry run would have sent. */
export interface DryRunRequest {
  method: string;
  /** `[masked]` as a whole where the URL itself is the secret. */
  url: string;
  host: string;
  headers: Record<string, string>;
  body?: unknown;
}

/**
 * Dials nothing. The first request of an action ends it with an error that carries the request; the client masks it
 * like every error. What the action would do next depends on an answer nobody has.
 */
export function createDryRunTransport(): Transport {
  return {
    dry: true,
    send(request: OutgoingRequest) {
      const shown: DryRunRequest = {
        method: request.method,
        url: request.url.href,
        host: request.url.host,
        headers: request.headers,
      };
      if (request.body !== undefined) shown.body = readable(request.body.toString());
      const error = new StepwireError("cancelled", "A dry run sends nothing.", {
        details: { reason: "dry-run", request: shown },
      });
      return Promise.reject(error);
    },
    close: () => undefined,
  };
}

/** The request behind an error of a dry run, or `undefined` for any other error. */
export function dryRunRequest(error: unknown): DryRunRequest | undefined {
  if (!StepwireError.is(error) || error.details?.["reason"] !== "dry-run") return undefined;
  return error.details["request"] as DryRunRequest;
}

function readable(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}
