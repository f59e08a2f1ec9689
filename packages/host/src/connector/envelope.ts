import { ENVELOPE_CONFIG_KEYS, ENVELOPE_SECRET_KEYS, type EnvelopeMethod } from "@stepwire/core";

import { headerProblem } from "../http/headers.ts";
import type { Credentials } from "../http/client.ts";
import type { Problem } from "./problem.ts";

const AUTH_TYPES: Record<string, EnvelopeMethod> = {
  "webhook-authentication-basic": "basic",
  "webhook-authentication-ssl": "ssl",
  "webhook-oauth2-client-credentials": "oauth2-client-credentials",
};
/** Methods, and the keys that go with them, that this version of the host does not serve. */
const NOT_SERVED: readonly EnvelopeMethod[] = ["ssl", "oauth2-client-credentials"];
const CONFIG_NOT_SERVED = [
  "certType",
  "ca",
  "verificationMode",
  "accessTokenUrl",
  "clientId",
  "scope",
  "additionalFields",
];
const SECRETS_NOT_SERVED = ["crt", "key", "pfx", "clientSecret"];

type Fields = Record<string, unknown>;

/** Takes the envelope's keys out of a config or secrets object: what is left belongs to the type's own schema. */
export function splitEnvelope(fields: Fields, side: "config" | "secrets"): { envelope: Fields; own: Fields } {
  const reserved: readonly string[] = side === "config" ? ENVELOPE_CONFIG_KEYS : ENVELOPE_SECRET_KEYS;
  const envelope: Fields = {};
  const own: Fields = {};
  for (const [key, value] of Object.entries(fields)) (reserved.includes(key) ? envelope : own)[key] = value;
  return { envelope, own };
}

/** Kibana's `hasAuth`/`authType` family as credentials; every reason why that cannot work goes to `problems`. */
export function readEnvelope(
  config: Fields,
  secrets: Fields,
  methods: readonly EnvelopeMethod[] | undefined,
  problems: Problem[],
): Credentials {
  const report = (side: "config" | "secrets", key: string, message: string, hint?: string) => {
    const code = side === "config" ? "config-invalid" : "secrets-invalid";
    problems.push({ code, path: [side, key], message, ...(hint === undefined ? {} : { hint }) });
  };
  for (const key of CONFIG_NOT_SERVED) {
    if (given(config[key]))
      report("config", key, `${key} is not supported by this version of Stepwire.`, "Take it out.");
  }
  for (const key of SECRETS_NOT_SERVED) {
    if (given(secrets[key]))
      report("secrets", key, `${key} is not supported by this version of Stepwire.`, "Take it out.");
  }
  const method = chooseMethod(config, methods, report);
  return {
    authHeaders: method === "basic" ? basicHeader(secrets, report) : unusedBasic(secrets, method, report),
    configHeaders: textMap(config["headers"], "config", "headers", report),
    secretHeaders: textMap(secrets["secretHeaders"], "secrets", "secretHeaders", report),
    secretQuery: textMap(secrets["secretQueryParams"], "secrets", "secretQueryParams", report),
  };
}

type Report = (side: "config" | "secrets", key: string, message: string, hint?: string) => void;

function chooseMethod(
  config: Fields,
  methods: readonly EnvelopeMethod[] | undefined,
  report: Report,
): EnvelopeMethod | undefined {
  const hasAuth = config["hasAuth"] ?? true;
  const authType = config["authType"] ?? undefined;
  if (typeof hasAuth !== "boolean") {
    report("config", "hasAuth", "hasAuth is true or false.");
    return undefined;
  }
  if (authType !== undefined && !(typeof authType === "string" && Object.hasOwn(AUTH_TYPES, authType))) {
    report("config", "authType", `authType is none of ${Object.keys(AUTH_TYPES).join(", ")}.`);
    return undefined;
  }
  if (!hasAuth) {
    if (authType !== undefined)
      report("config", "authType", "authType is given, but hasAuth is false.", "Take one of the two out.");
    return "none";
  }
  const method = authType === undefined ? "basic" : AUTH_TYPES[authType];
  if (method !== undefined && methods !== undefined && !methods.includes(method)) {
    report(
      "config",
      "authType",
      `This connector type does not work with ${authType ?? method}.`,
      `It accepts: ${methods.join(", ")}.`,
    );
    return undefined;
  }
  if (method !== undefined && NOT_SERVED.includes(method)) {
    report("config", "authType", `${authType} is not supported by this version of Stepwire.`);
    return undefined;
  }
  return method;
}

function basicHeader(secrets: Fields, report: Report): Record<string, string> {
  const { user, password } = secrets;
  for (const key of ["user", "password"]) {
    if (!given(secrets[key])) {
      report(
        "secrets",
        key,
        `${key} is missing: the connector uses basic authentication.`,
        "Give it, or set hasAuth: false in config.",
      );
    } else if (typeof secrets[key] !== "string") report("secrets", key, `${key} is not a text.`);
  }
  if (typeof user !== "string" || typeof password !== "string") return {};
  if (user.includes(":"))
    report("secrets", "user", "A user name with a colon cannot be used with basic authentication.");
  return { Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` };
}

function unusedBasic(secrets: Fields, method: EnvelopeMethod | undefined, report: Report): Record<string, string> {
  for (const key of ["user", "password"]) {
    if (method === "none" && given(secrets[key])) {
      report(
        "secrets",
        key,
        `${key} is given, but hasAuth is false, so it would not be used.`,
        "Take it out, or set hasAuth: true.",
      );
    }
  }
  return {};
}

function textMap(value: unknown, side: "config" | "secrets", key: string, report: Report): Record<string, string> {
  if (!given(value)) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    report(side, key, `${key} is not a map of names to texts.`);
    return {};
  }
  for (const [name, text] of Object.entries(value)) {
    const problem =
      key === "secretQueryParams"
        ? typeof text === "string"
          ? undefined
          : "a value is not a text"
        : headerProblem(name, text);
    if (problem !== undefined) report(side, key, `${key}: ${problem}.`);
  }
  return value as Record<string, string>;
}

/** Kibana stores what is absent as null or as an empty text. */
const given = (value: unknown) => value !== undefined && value !== null && value !== "";
