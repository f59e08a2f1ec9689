import {
  ENVELOPE_CONFIG_KEYS,
  ENVELOPE_SECRET_KEYS,
  StepwireError,
  type AnyConnectorType,
  type AnySchema,
  type AuthKind,
  type PrepareTools,
} from "@stepwire/core";

import type { ConnectorNetwork } from "../files/network.ts";
import type { Reason } from "../files/reasons.ts";
import type { Credentials } from "../http/client.ts";
import { parseBase } from "../http/url.ts";
import { createMasker } from "../mask.ts";
import { checkTemplate } from "../render/index.ts";
import { placeCredentials } from "./credentials.ts";
import { readEnvelope, splitEnvelope } from "./envelope.ts";
import { keysOf } from "./input-schema.ts";
import { readOwnProxy } from "./own-proxy.ts";
import { issueProblems, type Problem } from "./problem.ts";
import { unreachable, type Reach } from "./reach.ts";
import { trustedOriginsOf, type TrustedOrigins } from "./trust.ts";
import type { ConnectorTls } from "../tls/trust.ts";

/** What a user gives for one connector; references in it are resolved already. */
export interface ConnectorInput {
  config?: unknown;
  secrets?: unknown;
  network?: ConnectorNetwork;
}

/** A connector that has been checked: its parts as the client and the actions need them. */
export interface ConnectorSetup {
  config: unknown;
  secrets: Record<string, unknown>;
  credentials: Credentials;
  /** What it says about TLS; nothing for a type without envelope auth. */
  tls?: ConnectorTls;
  trusted: TrustedOrigins;
  network: ConnectorNetwork;
  baseUrl?: URL;
  baseUrlOverride?: URL;
}

const NO_KEYS = { config: [], secrets: [] } as const;

type Outcome = { setup: ConnectorSetup } | { problems: Problem[] };

/**
 * Checks everything that can be known of a connector without the network. Returns all problems at once, and throws
 * what the package's own code throws; a schema or a `place` may quote a secret, so both are masked.
 */
export function setUpConnector(type: AnyConnectorType, input: ConnectorInput, reach: Reach): Outcome {
  const masker = createMasker(input.secrets);
  try {
    const outcome = checkConnector(type, input, reach);
    return "problems" in outcome ? { problems: masker.value(outcome.problems) } : outcome;
  } catch (error) {
    throw masker.error(StepwireError.from(error));
  }
}

function checkConnector(type: AnyConnectorType, input: ConnectorInput, reach: Reach): Outcome {
  const { def } = type.connection;
  const problems: Problem[] = [];
  const given = {
    config: fieldsOf(input.config, "config", problems),
    secrets: withoutColons(fieldsOf(input.secrets, "secrets", problems), problems),
  };
  const envelope = def.auth.find((kind: AuthKind) => kind.kind === "envelope");
  const config = envelope === undefined ? { envelope: {}, own: given.config } : splitEnvelope(given.config, "config");
  const secrets =
    envelope === undefined ? { envelope: {}, own: given.secrets } : splitEnvelope(given.secrets, "secrets");

  const hostKeys = envelope === undefined ? NO_KEYS : { config: ENVELOPE_CONFIG_KEYS, secrets: ENVELOPE_SECRET_KEYS };
  const checkedConfig = validate(def.config, config.own, "config", hostKeys.config, problems);
  const checkedSecrets = (validate(def.secrets, secrets.own, "secrets", hostKeys.secrets, problems) ?? {}) as Record<
    string,
    unknown
  >;
  const read =
    envelope?.kind === "envelope"
      ? readEnvelope(config.envelope, secrets.envelope, envelope.methods, problems)
      : undefined;
  const credentials =
    read?.credentials ??
    (problems.length > 0
      ? undefined
      : placeCredentials(type, checkedConfig as Record<string, unknown>, checkedSecrets, problems));
  const baseUrl = base(
    problems,
    ["config"],
    // A config that is wrong makes no base URL worth complaining about.
    () => (problems.some(({ path }) => path[0] === "config") ? undefined : def.baseUrl?.(checkedConfig)),
    "The base URL",
  );
  const ownProxy =
    def.proxy === undefined
      ? {}
      : readOwnProxy(
          def.proxy,
          { config: config.own, secrets: secrets.own, configNames: keysOf(def.config) },
          input.network,
          problems,
        );
  const network = { ...input.network, ...ownProxy };
  const baseUrlOverride = base(problems, ["network", "baseUrl"], () => input.network?.baseUrl, "baseUrl");
  const moved = { from: baseUrl, to: baseUrlOverride };
  if (checkedConfig !== undefined && def.prepare !== undefined) {
    const tools: PrepareTools = {
      checkTemplate,
      checkAddress: (url) => unreachable(url, "an address of the connector", reach, moved)?.message,
    };
    for (const problem of def.prepare(checkedConfig, tools)) {
      problems.push({ code: "config-invalid", ...problem, path: ["config", ...problem.path] });
    }
  }
  if (problems.length === 0 && credentials !== undefined) {
    problems.push(...addressProblems(credentials, baseUrl, baseUrlOverride, reach));
    problems.push(
      ...wayProblems(
        { credentials, tls: read?.tls, base: baseUrlOverride ?? baseUrl },
        network,
        "proxyUrl" in ownProxy ? ["config", def.proxy?.url ?? ""] : ["network", "proxyUrl"],
        reach,
      ),
    );
  }
  if (problems.length > 0 || credentials === undefined) return { problems };

  const trusted = trustedOriginsOf(type, {
    // Headers and proxies are no addresses: such an origin must not become a place for credentials.
    config: def.proxy === undefined ? config.own : { ...config.own, [def.proxy.url]: undefined },
    secrets: secrets.own,
    ...((baseUrlOverride ?? baseUrl) ? { baseUrl: (baseUrlOverride ?? baseUrl)?.href ?? "" } : {}),
    ...(input.network?.trustedOrigins === undefined ? {} : { trustedOrigins: input.network.trustedOrigins }),
  });
  return {
    setup: {
      config: checkedConfig,
      secrets: given.secrets,
      credentials,
      ...(read === undefined ? {} : { tls: read.tls }),
      trusted,
      network,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(baseUrlOverride === undefined ? {} : { baseUrlOverride }),
    },
  };
}

/** A first address that is refused would fail every request; where a secret is the address, it is that one. */
function addressProblems(
  { place }: Credentials,
  baseUrl: URL | undefined,
  baseUrlOverride: URL | undefined,
  reach: Reach,
): Problem[] {
  const base = baseUrlOverride ?? baseUrl;
  const first = place?.({ method: "GET", url: base?.href ?? "", headers: {} }).url ?? base?.href;
  if (first === undefined || first === "") return [];
  const error = unreachable(first, "the connector's address", reach, { from: baseUrl, to: baseUrlOverride });
  if (error === undefined) return [];
  const path = baseUrlOverride !== undefined ? ["network", "baseUrl"] : place === undefined ? ["config"] : ["secrets"];
  const details = error.details === undefined ? {} : { details: error.details };
  return [{ code: error.code, path, message: error.message, ...details }];
}

/** What cannot work on the way: a token's or a proxy's address that is refused, a certificate that nobody asks for. */
function wayProblems(
  { credentials, tls, base }: { credentials: Credentials; tls: ConnectorTls | undefined; base: URL | undefined },
  network: ConnectorNetwork,
  proxyPath: string[],
  reach: Reach,
): Problem[] {
  const problems: Problem[] = [];
  if (tls?.clientCertificate !== undefined && base?.protocol === "http:") {
    const message = `A client certificate is given, but ${base.host} is called over http, where none is shown.`;
    const details = { reason: "certificate-without-tls" satisfies Reason };
    problems.push({
      code: "config-invalid",
      path: ["config", "authType"],
      message,
      hint: "Use an https URL.",
      details,
    });
  }
  const addresses: [string[], string, string | undefined][] = [
    [["config", "accessTokenUrl"], "accessTokenUrl", credentials.oauth?.tokenUrl.href],
    [proxyPath, "the connector's proxy", withoutUser(network.proxyUrl)],
  ];
  for (const [path, what, address] of addresses) {
    const error = address === undefined ? undefined : unreachable(address, what, reach, {});
    if (error === undefined) continue;
    const details = error.details === undefined ? {} : { details: error.details };
    problems.push({ code: error.code, path, message: error.message, ...details });
  }
  return problems;
}

/** The address alone: a proxy's URL may hold a user, which no other may. */
const withoutUser = (proxyUrl: string | undefined) => (proxyUrl === undefined ? undefined : new URL(proxyUrl).origin);

function fieldsOf(value: unknown, side: "config" | "secrets", problems: Problem[]): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  problems.push({
    code: side === "config" ? "config-invalid" : "secrets-invalid",
    path: [side],
    message: `${side} is not a map.`,
  });
  return {};
}

/** `{ password:secret }` is one key without a value: it must not be told as a name that nobody knows. */
function withoutColons(secrets: Record<string, unknown>, problems: Problem[]): Record<string, unknown> {
  const names = Object.keys(secrets).filter((name) => !name.includes(":"));
  if (names.length === Object.keys(secrets).length) return secrets;
  const message = "A name under secrets holds a colon.";
  problems.push({ code: "secrets-invalid", path: ["secrets"], message, hint: "Put a space behind the colon." });
  return Object.fromEntries(names.map((name) => [name, secrets[name]]));
}

function validate(
  schema: AnySchema,
  value: unknown,
  side: "config" | "secrets",
  hostKeys: readonly string[],
  problems: Problem[],
): unknown {
  const result = schema["~standard"].validate(value);
  if (result instanceof Promise) {
    throw new StepwireError(
      "plugin-invalid",
      `The ${side} schema validates asynchronously; a connection's schemas must not.`,
    );
  }
  if (result.issues === undefined) return result.value;
  const code = side === "config" ? "config-invalid" : "secrets-invalid";
  problems.push(...issueProblems(result.issues, code, [side], [...keysOf(schema), ...hostKeys], value));
  return undefined;
}

function base(problems: Problem[], path: string[], read: () => string | undefined, what: string): URL | undefined {
  try {
    const text = read();
    return text === undefined ? undefined : parseBase(text, what);
  } catch (error) {
    problems.push({ code: "config-invalid", path, message: StepwireError.from(error).message });
    return undefined;
  }
}
