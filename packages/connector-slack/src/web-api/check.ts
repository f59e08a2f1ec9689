import type { HttpResponse, VendorRefusal } from "@stepwire/core";

import { REFUSALS } from "../refusals.ts";

const RATE_LIMITED = new Set(["ratelimited", "rate_limited"]);
/** Codes that may be gone at the next try; whether the request may be repeated is for the host to say. */
const TRANSIENT = new Set([
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
]);

/** Slack says no with `ok: false` and a code in `error`, whatever the status, which is mostly 200. */
export function check({ status, data }: HttpResponse): VendorRefusal | undefined {
  const answer = isRecord(data) ? data : {};
  const accepted = status >= 200 && status < 300;
  if (accepted && answer["ok"] === true) return undefined;
  const code = answer["error"];
  if (typeof code === "string" && code !== "") return refusal(status, code, answer);
  // An error of a gateway, which the host puts into words.
  if (!accepted) return undefined;
  return {
    code: "http-status",
    message: "The answer has no ok: true, so it is not one of Slack's Web API. Check network.baseUrl.",
    retryable: false,
  };
}

function refusal(status: number, code: string, answer: Record<string, unknown>): VendorRefusal {
  const needed = text(answer["needed"]);
  const provided = text(answer["provided"]);
  const metadata = isRecord(answer["response_metadata"]) ? answer["response_metadata"] : {};
  const messages = texts(metadata["messages"]);
  const warnings = [...new Set([...texts(metadata["warnings"]), ...texts([answer["warning"]])])];
  const errors = invited(answer["errors"]);
  const sentences = [
    `${code}.`,
    Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined,
    needed && `Needed: ${needed}.`,
    provided && `The token has: ${provided}.`,
    errors.length > 0 && `One by one: ${errors.map(({ user, error }) => `${user}: ${error}`).join(", ")}.`,
    messages.length > 0 && `Slack says: ${messages.join("; ")}.`,
    warnings.length > 0 && `Warnings: ${warnings.join(", ")}.`,
  ];
  return {
    code: status === 429 || RATE_LIMITED.has(code) ? "rate-limited" : "http-status",
    message: sentences.filter((sentence) => typeof sentence === "string").join(" "),
    ...(TRANSIENT.has(code) ? { retryable: true } : {}),
    details: {
      slackError: code,
      ...(needed === undefined ? {} : { needed }),
      ...(provided === undefined ? {} : { provided }),
      ...(messages.length === 0 ? {} : { messages }),
      ...(warnings.length === 0 ? {} : { warnings }),
      ...(errors.length === 0 ? {} : { errors }),
    },
  };
}

/** What was wrong with each user of an invitation. */
function invited(errors: unknown): { user: string; error: string }[] {
  if (!Array.isArray(errors)) return [];
  return errors
    .filter(isRecord)
    .flatMap(({ user, error }) => (typeof user === "string" && typeof error === "string" ? [{ user, error }] : []));
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.flatMap((item) => text(item) ?? []) : []);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
