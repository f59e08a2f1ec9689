import type { HttpResponse, VendorRefusal } from "@stepwire/core";

import { CAPTCHA, REFUSALS } from "./refusals.ts";

/** So much of Jira's words is kept: of each text, and texts in all. */
const MAX_TEXT = 1000;
const MAX_TEXTS = 30;

/** Reads Jira's refusals: its own words with the names of the fields, then what to do about it. */
export function check({ status, headers, data }: HttpResponse): VendorRefusal | undefined {
  if (status < 400) return undefined;
  const { errorMessages, errors } = errorCollection(data);
  const named = Object.entries(errors).map(([field, text]) => `${field}: ${text}`);
  const texts = [...errorMessages, ...named];
  const refusal = REFUSALS[status];
  const said =
    texts.length > 0 ? texts.join("; ") : (otherWords(data) ?? refusal?.meaning ?? "Jira refused the request.");
  const reason = status === 429 ? headers["ratelimit-reason"] : undefined;
  const advice = [reason && `Its reason: ${reason}.`, isCaptcha(headers) ? CAPTCHA : refusal?.advice];
  return {
    code: status === 429 ? "rate-limited" : "http-status",
    message: [sentence(said), ...advice.filter(Boolean)].join(" "),
    details: {
      ...(errorMessages.length === 0 ? {} : { errorMessages }),
      ...(named.length === 0 ? {} : { errors }),
    },
  };
}

/** Jira's usual body: `{ errorMessages: ["…"], errors: { field: "…" } }`. */
function errorCollection(data: unknown): { errorMessages: string[]; errors: Record<string, string> } {
  const body = isRecord(data) ? data : {};
  const messages: unknown[] = Array.isArray(body["errorMessages"]) ? body["errorMessages"] : [];
  const fields = isRecord(body["errors"]) ? Object.entries(body["errors"]).slice(0, MAX_TEXTS) : [];
  return {
    errorMessages: messages.slice(0, MAX_TEXTS).map(text),
    errors: Object.fromEntries(fields.map(([field, value]) => [field, text(value)])),
  };
}

/** Gateways and older calls say it in one field, or as text or a page. */
function otherWords(data: unknown): string | undefined {
  if (typeof data === "string") return plain(data) || undefined;
  if (!isRecord(data)) return undefined;
  const words = ["errorMessage", "message", "error_description", "error"].map((name) => data[name]);
  const found = words.find((word) => typeof word === "string" && word !== "");
  return found === undefined ? undefined : text(found);
}

/** A page's words without its markup. */
function plain(page: string): string {
  const isPage = /<(?:!doctype|html|head|body|h1|p)\b/i.test(page);
  const words = page.slice(0, 10_000);
  if (!isPage) return text(words.trim());
  const bare = words.replace(/<(script|style|head)\b[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]*>/g, " ");
  return text(bare.replace(/\s+/g, " ").trim());
}

function isCaptcha(headers: HttpResponse["headers"]): boolean {
  const login = headers["x-seraph-loginreason"] ?? "";
  const denied = headers["x-authentication-denied-reason"] ?? "";
  return login.includes("AUTHENTICATION_DENIED") || denied.includes("CAPTCHA_CHALLENGE");
}

function text(value: unknown): string {
  const whole = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return whole.length <= MAX_TEXT ? whole : `${whole.slice(0, MAX_TEXT - 1)}…`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const sentence = (words: string) => (/[.!?…]$/.test(words) ? words : `${words}.`);
