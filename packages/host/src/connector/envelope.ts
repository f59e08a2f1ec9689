import { ENVELOPE_CONFIG_KEYS, ENVELOPE_SECRET_KEYS, type EnvelopeMethod } from "@stepwire/core";

import { VERIFICATION_MODES, type VerificationMode } from "../files/settings.ts";
import type { Credentials } from "../http/client.ts";
import { headerProblem } from "../http/headers.ts";
import { certificatesOf, decodePemOrBase64 } from "../tls/pem.ts";
import type { ConnectorTls } from "../tls/trust.ts";
import { readBasic, readClientCertificate, readOAuth, requireQueryParam } from "./envelope-auth.ts";
import { isGiven, type Fields, type Report, type Side } from "./envelope-fields.ts";
import type { Problem } from "./problem.ts";

const AUTH_TYPES: Record<string, EnvelopeMethod> = {
  "webhook-authentication-basic": "basic",
  "webhook-authentication-ssl": "ssl",
  "webhook-oauth2-client-credentials": "oauth2-client-credentials",
  "http-authentication-query-param": "query-param",
};

/** What each method reads; everything else of this kind that is given would have no effect. */
const READS: Record<EnvelopeMethod, { secrets: readonly string[]; config: readonly string[] }> = {
  none: { secrets: [], config: [] },
  basic: { secrets: ["user", "password"], config: [] },
  "query-param": { secrets: [], config: [] },
  ssl: { secrets: ["crt", "key", "pfx", "password"], config: [] },
  "oauth2-client-credentials": {
    secrets: ["clientSecret"],
    config: ["accessTokenUrl", "clientId", "scope", "additionalFields"],
  },
};
const METHOD_SECRETS = ["user", "password", "crt", "key", "pfx", "clientSecret"];
const METHOD_CONFIG = ["accessTokenUrl", "clientId", "scope", "additionalFields"];

/** Takes the envelope's keys out of a config or secrets object: what is left belongs to the type's own schema. */
export function splitEnvelope(fields: Fields, side: Side): { envelope: Fields; own: Fields } {
  const reserved: readonly string[] = side === "config" ? ENVELOPE_CONFIG_KEYS : ENVELOPE_SECRET_KEYS;
  const envelope: Fields = {};
  const own: Fields = {};
  for (const [key, value] of Object.entries(fields)) (reserved.includes(key) ? envelope : own)[key] = value;
  return { envelope, own };
}

/** Kibana's `hasAuth`/`authType` family as credentials and trust; every reason why that cannot work goes to `problems`. */
export function readEnvelope(
  config: Fields,
  secrets: Fields,
  methods: readonly EnvelopeMethod[] | undefined,
  problems: Problem[],
): { credentials: Credentials; tls: ConnectorTls } {
  const report: Report = (side, key, reason, message, hint) => {
    const code = side === "config" ? "config-invalid" : "secrets-invalid";
    const path = [side, ...key.split(".")];
    problems.push({ code, path, message, ...(hint === undefined ? {} : { hint }), details: { reason } });
  };
  const method = chooseMethod(config, methods, report);
  if (method !== undefined) refuseUnused(method, config, secrets, report);
  const oauth = method === "oauth2-client-credentials" ? readOAuth(config, secrets, report) : undefined;
  const clientCertificate = method === "ssl" ? readClientCertificate(config, secrets, report) : undefined;
  if (method === "query-param") requireQueryParam(secrets, report);
  const mode = readMode(config["verificationMode"], report);
  return {
    credentials: {
      authHeaders: method === "basic" ? readBasic(secrets, report) : {},
      configHeaders: textMap(config["headers"], "config", "headers", report),
      secretHeaders: textMap(secrets["secretHeaders"], "secrets", "secretHeaders", report),
      secretQuery: textMap(secrets["secretQueryParams"], "secrets", "secretQueryParams", report),
      ...(oauth === undefined ? {} : { oauth }),
    },
    tls: {
      certificates: readAuthority(config["ca"], report),
      ...(mode === undefined ? {} : { mode }),
      ...(clientCertificate === undefined ? {} : { clientCertificate }),
    },
  };
}

function chooseMethod(
  config: Fields,
  methods: readonly EnvelopeMethod[] | undefined,
  report: Report,
): EnvelopeMethod | undefined {
  const hasAuth = config["hasAuth"] ?? true;
  const authType = config["authType"] ?? undefined;
  if (typeof hasAuth !== "boolean") {
    report("config", "hasAuth", "not-a-boolean", "hasAuth is true or false.");
    return undefined;
  }
  if (authType !== undefined && !(typeof authType === "string" && Object.hasOwn(AUTH_TYPES, authType))) {
    report("config", "authType", "unknown-choice", `authType is none of ${Object.keys(AUTH_TYPES).join(", ")}.`);
    return undefined;
  }
  if (!hasAuth) {
    if (authType !== undefined) {
      const message = "authType is given, but hasAuth is false.";
      report("config", "authType", "auth-switched-off", message, "Take one of the two out.");
    }
    return "none";
  }
  const method = authType === undefined ? "basic" : AUTH_TYPES[authType];
  if (method !== undefined && methods !== undefined && !methods.includes(method)) {
    const message = `This connector type does not work with ${authType ?? method}.`;
    report("config", "authType", "method-not-served", message, `It accepts: ${methods.join(", ")}.`);
    return undefined;
  }
  return method;
}

/** A credential that is given and would not be used is a mistake somewhere: in it, or in the method that is named. */
function refuseUnused(method: EnvelopeMethod, config: Fields, secrets: Fields, report: Report): void {
  const instead = method === "none" ? "hasAuth is false" : `the connector uses ${METHOD_NAMES[method]}`;
  const hint =
    method === "none" ? "Take it out, or set hasAuth: true." : "Take it out, or name its method in authType.";
  const check = (side: Side, fields: Fields, keys: readonly string[]) => {
    for (const key of keys) {
      if (!isGiven(fields[key]) || READS[method][side].includes(key)) continue;
      report(side, key, "not-used", `${key} is given, but ${instead}, so it would not be used.`, hint);
    }
  };
  check("secrets", secrets, METHOD_SECRETS);
  check("config", config, METHOD_CONFIG);
}

const METHOD_NAMES: Record<EnvelopeMethod, string> = {
  none: "no authentication",
  basic: "basic authentication",
  ssl: "a client certificate",
  "query-param": "a secret query parameter",
  "oauth2-client-credentials": "OAuth 2 client credentials",
};

function readMode(value: unknown, report: Report): VerificationMode | undefined {
  // An empty text may be a reference to nothing: not to be taken for the wish to say nothing.
  if (value === undefined || value === null) return undefined;
  const mode = VERIFICATION_MODES.find((known) => known === value);
  if (mode === undefined)
    report(
      "config",
      "verificationMode",
      "unknown-choice",
      `verificationMode is none of ${VERIFICATION_MODES.join(", ")}.`,
    );
  return mode;
}

/** Kibana wants base64 of PEM; PEM itself is taken too. */
function readAuthority(value: unknown, report: Report): readonly string[] {
  if (value === undefined || value === null) return [];
  const decoded = typeof value === "string" ? decodePemOrBase64(value) : undefined;
  const read = certificatesOf(decoded !== undefined && "pem" in decoded ? decoded.pem : "");
  if ("certificates" in read) return read.certificates;
  const hint = "Give the authority's certificate as PEM text, as base64 of it, or as ${file:ca.pem}.";
  report("config", "ca", `ca-${read.problem.reason}`, `ca ${read.problem.message}.`, hint);
  return [];
}

function textMap(value: unknown, side: Side, key: string, report: Report): Record<string, string> {
  if (!isGiven(value)) return {};
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    report(side, key, "not-a-map", `${key} is not a map of names to texts.`);
    return {};
  }
  for (const [name, text] of Object.entries(value)) {
    const problem =
      key === "secretQueryParams"
        ? typeof text === "string"
          ? undefined
          : "a value is not a text"
        : headerProblem(name, text);
    if (problem !== undefined)
      report(side, key, key === "secretQueryParams" ? "not-a-text" : "header", `${key}: ${problem}.`);
  }
  return value as Record<string, string>;
}
