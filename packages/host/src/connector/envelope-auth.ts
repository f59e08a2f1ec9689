import { StepwireError } from "@stepwire/core";

import { parseTarget } from "../allow-list.ts";
import type { OAuthSettings } from "../http/oauth.ts";
import { readPair, readPfx, type ClientCertificate } from "../tls/client-certificate.ts";
import { isGiven, type Fields, type Report } from "./envelope-fields.ts";

/** `Authorization` of basic authentication. */
export function readBasic(secrets: Fields, report: Report): Record<string, string> {
  const { user, password } = secrets;
  const hint = "Give it, or set hasAuth: false in config.";
  const texts = required(
    secrets,
    ["user", "password"],
    "secrets",
    "the connector uses basic authentication",
    report,
    hint,
  );
  if (!texts || typeof user !== "string" || typeof password !== "string") return {};
  if (user.includes(":"))
    report("secrets", "user", "colon", "A user name with a colon cannot be used with basic authentication.");
  return { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

/** The client certificate as CRT + key or as PFX; `certType` says which, and what is there where it is absent. */
export function readClientCertificate(config: Fields, secrets: Fields, report: Report): ClientCertificate | undefined {
  const certType = config["certType"] ?? undefined;
  if (certType !== undefined && certType !== "ssl-crt-key" && certType !== "ssl-pfx") {
    report("config", "certType", "unknown-choice", "certType is none of ssl-crt-key, ssl-pfx.");
    return undefined;
  }
  const hasPfx = isGiven(secrets["pfx"]);
  const hasPair = isGiven(secrets["crt"]) || isGiven(secrets["key"]);
  if (hasPfx && hasPair) {
    const message = "pfx is given, and crt or key as well.";
    report("secrets", "pfx", "two-certificates", message, "Give either crt and key, or pfx.");
    return undefined;
  }
  if ((certType === "ssl-pfx" && hasPair) || (certType === "ssl-crt-key" && hasPfx)) {
    const [given, other] = hasPfx ? ["pfx is", "ssl-pfx"] : ["crt or key is", "ssl-crt-key"];
    const message = `certType is ${certType}, but ${given} given.`;
    report("config", "certType", "certificate-type", message, `Write certType: ${other}, or leave it out.`);
    return undefined;
  }
  const usesPfx = hasPfx || certType === "ssl-pfx";
  const because = "the connector uses a client certificate";
  const keys = usesPfx ? ["pfx"] : ["crt", "key"];
  const hint = usesPfx
    ? "Give the file as base64 or as ${file:client.pfx}."
    : "Give crt and key, or pfx instead of both.";
  if (!required(secrets, keys, "secrets", because, report, hint)) return undefined;
  const { crt, key, pfx, password } = secrets;
  if (isGiven(password) && typeof password !== "string") {
    report("secrets", "password", "not-a-text", "password is not a text.");
    return undefined;
  }
  const passphrase = isGiven(password) ? String(password) : undefined;
  const outcome = usesPfx ? readPfx(String(pfx), passphrase) : readPair(String(crt), String(key), passphrase);
  if ("certificate" in outcome) return outcome.certificate;
  const { problem } = outcome;
  report("secrets", problem.key, problem.reason, problem.message, problem.hint);
  return undefined;
}

/** Authentication by a secret in the query of every request. */
export function requireQueryParam(secrets: Fields, report: Report): void {
  const params = secrets["secretQueryParams"];
  if (typeof params === "object" && params !== null && Object.keys(params).length > 0) return;
  const message = "secretQueryParams is missing: the connector uses a secret query parameter.";
  report("secrets", "secretQueryParams", "missing", message, "Give it as a map, such as {api_key: ${env:API_KEY}}.");
}

/** Fields of the form that have a key of their own. */
const FORM_FIELDS = ["grant_type", "client_id", "client_secret"];

/** OAuth 2 client credentials, with every field that is missing named. */
export function readOAuth(config: Fields, secrets: Fields, report: Report): OAuthSettings | undefined {
  const because = "the connector uses OAuth 2 client credentials";
  const fromConfig = required(config, ["accessTokenUrl", "clientId"], "config", because, report);
  const fromSecrets = required(secrets, ["clientSecret"], "secrets", because, report);
  const additionalFields = readAdditionalFields(config["additionalFields"], report);
  const { scope } = config;
  if (isGiven(scope) && typeof scope !== "string") report("config", "scope", "not-a-text", "scope is not a text.");
  if (isGiven(scope) && Object.hasOwn(additionalFields ?? {}, "scope"))
    report(
      "config",
      "additionalFields",
      "reserved-field",
      "additionalFields holds scope, which is given as well.",
      "Keep one.",
    );
  if (!fromConfig || !fromSecrets || additionalFields === undefined) return undefined;
  try {
    return {
      tokenUrl: parseTarget(String(config["accessTokenUrl"]), "accessTokenUrl"),
      clientId: String(config["clientId"]),
      clientSecret: String(secrets["clientSecret"]),
      ...(isGiven(scope) ? { scope: String(scope) } : {}),
      additionalFields,
    };
  } catch (error) {
    const { message } = StepwireError.from(error);
    report("config", "accessTokenUrl", "token-url", message);
    return undefined;
  }
}

/** Kibana keeps them as JSON text; a map is taken too. */
function readAdditionalFields(value: unknown, report: Report): Record<string, unknown> | undefined {
  if (!isGiven(value)) return {};
  let fields: unknown = value;
  if (typeof value === "string") {
    try {
      fields = JSON.parse(value);
    } catch {
      fields = undefined;
    }
  }
  if (typeof fields !== "object" || fields === null || Array.isArray(fields) || Object.keys(fields).length === 0) {
    const message = 'additionalFields is not a JSON object with fields, such as {"audience": "api"}.';
    report("config", "additionalFields", "not-an-object", message);
    return undefined;
  }
  const taken = FORM_FIELDS.filter((name) => Object.hasOwn(fields, name));
  if (taken.length === 0) return fields as Record<string, unknown>;
  const message = `additionalFields holds ${taken.join(" and ")}, which Stepwire sends itself.`;
  report("config", "additionalFields", "reserved-field", message, "Use clientId and clientSecret.");
  return undefined;
}

/** Reports each of the texts that is missing; whether all are there. */
function required(
  fields: Fields,
  keys: readonly string[],
  side: "config" | "secrets",
  because: string,
  report: Report,
  hint?: string,
): boolean {
  let complete = true;
  for (const key of keys) {
    if (typeof fields[key] === "string" && fields[key] !== "") continue;
    complete = false;
    if (!isGiven(fields[key])) report(side, key, "missing", `${key} is missing: ${because}.`, hint);
    else report(side, key, "not-a-text", `${key} is not a text.`);
  }
  return complete;
}
