import type { HttpResponse, VendorRefusal } from "@stepwire/core";

import { CAPTCHA, REFUSALS } from "./refusals.ts";

/** Reads Jira's refusals: its own words, which the host finds, then what to do about it. */
export function check({ status, headers, data }: HttpResponse): VendorRefusal | undefined {
  if (status < 400) return undefined;
  const refusal = REFUSALS[status];
  const reason = status === 429 ? headers["ratelimit-reason"] : undefined;
  const advice = [reason && `Its reason: ${reason}.`, isCaptcha(headers) ? CAPTCHA : refusal?.advice];
  return {
    code: status === 429 ? "rate-limited" : "http-status",
    meaning: refusal?.meaning ?? "Jira refused the request.",
    advice: advice.filter(Boolean).join(" "),
    details: errorCollection(data),
  };
}

/** Jira's usual body: `{ errorMessages: ["…"], errors: { field: "…" } }`. */
function errorCollection(data: unknown): Record<string, unknown> {
  const { errorMessages, errors } = isRecord(data) ? data : {};
  return {
    ...(Array.isArray(errorMessages) && errorMessages.length > 0 ? { errorMessages } : {}),
    ...(isRecord(errors) && Object.keys(errors).length > 0 ? { errors } : {}),
  };
}

function isCaptcha(headers: HttpResponse["headers"]): boolean {
  const login = headers["x-seraph-loginreason"] ?? "";
  const denied = headers["x-authentication-denied-reason"] ?? "";
  return login.includes("AUTHENTICATION_DENIED") || denied.includes("CAPTCHA_CHALLENGE");
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
