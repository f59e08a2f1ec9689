import {
  parseDuration,
  parseSize,
  StepwireError,
  type Actions,
  type AnySchema,
  type ConnectorType,
  type InferInput,
} from "@stepwire/core";

import { createAllowList } from "../allow-list.ts";
import { createLazyTransport } from "../http/lazy-transport.ts";
import { HttpClient } from "../http/client.ts";
import type { Transport } from "../http/transport.ts";
import { createMasker } from "../mask.ts";
import { createAddressGuard } from "../private-address.ts";
import { Connector } from "./connector.ts";
import { problemsError } from "./problem.ts";
import type { Reach } from "./reach.ts";
import { setUpConnector, type ConnectorSetup } from "./setup.ts";

/** The settings every connection obeys, as numbers. */
export interface NetworkLimits {
  allowedHosts: readonly string[];
  denyPrivateAddresses: boolean;
  responseTimeoutMs: number;
  maxResponseBytes: number;
}

/** The same as a program writes them: durations such as `30s`, sizes such as `10mb`. */
export interface NetworkOptions {
  /** Takes the place of the type's own base URL. */
  baseUrl?: string;
  /** Origins that may get this connector's credentials besides its own. */
  trustedOrigins?: readonly string[];
  /** Hosts that may be called; `["*"]` unless given. */
  allowedHosts?: readonly string[];
  /** Refuse loopback and private addresses that are not listed; `false` unless given. */
  denyPrivateAddresses?: boolean;
  /** Total time of one request; `60s` unless given. */
  responseTimeout?: string;
  /** Largest answer; `1mb` unless given. */
  maxResponseContentLength?: string;
}

export const DEFAULT_LIMITS: NetworkLimits = {
  allowedHosts: ["*"],
  denyPrivateAddresses: false,
  responseTimeoutMs: 60_000,
  maxResponseBytes: 1024 * 1024,
};

type EnvelopeFields = { readonly [key: string]: unknown };
/** The keys a schema names: a strict object without any is a map of nothing, which would forbid the envelope's keys too. */
type OwnFields<T> = { [K in keyof T as string extends K ? never : K]: T[K] };

/** What one connector needs: the type's own config and secrets, with the host's envelope keys where the type has them. */
export interface CreateConnectorOptions<C extends AnySchema, S extends AnySchema> {
  config?: OwnFields<InferInput<C>> & EnvelopeFields;
  secrets?: OwnFields<InferInput<S>> & EnvelopeFields;
  network?: NetworkOptions;
  /** Used in messages; the type's id unless given. */
  name?: string;
}

/**
 * A connector for a program without workflows: `createConnector(slack, { secrets: { webhookUrl } })`, then
 * `connector.actions.postMessage({ message })`. Checks everything first; throws `config-invalid`, `secrets-invalid`
 * or `settings-invalid` naming every field. Close it when the program ends.
 */
export function createConnector<C extends AnySchema, S extends AnySchema, Optional extends boolean, A extends Actions>(
  type: ConnectorType<C, S, Optional, A>,
  options: CreateConnectorOptions<C, S> = {},
): Connector<A> {
  const { network = {}, name = type.id } = options;
  const limits = readLimits(network);
  const input = {
    config: options.config,
    secrets: options.secrets,
    network: {
      ...(network.baseUrl === undefined ? {} : { baseUrl: network.baseUrl }),
      ...(network.trustedOrigins === undefined ? {} : { trustedOrigins: network.trustedOrigins }),
    },
  };
  const checked = setUpConnector(type, input, reachOf(limits));
  if ("problems" in checked) throw problemsError(`The connector ${name}`, checked.problems);
  return openConnector(type, { name, limits, setup: checked.setup });
}

/**
 * The bare client of a type that works without a connector: `createClient(http).actions.request({ url })`. There are no
 * credentials; of `network` only what holds for every request counts. Throws `usage-invalid` for a type that needs one.
 */
export function createClient<C extends AnySchema, S extends AnySchema, Optional extends boolean, A extends Actions>(
  type: ConnectorType<C, S, Optional, A>,
  network: NetworkOptions = {},
): Connector<A> {
  if (type.connection.def.optional !== true) {
    throw new StepwireError(
      "usage-invalid",
      `${type.id} needs config and secrets; make a connector with createConnector().`,
    );
  }
  return openConnector(type, { name: type.id, limits: readLimits(network) });
}

/** Puts a checked connector to work. Without a setup it is the bare client of an optional type (`http` with a `url`). */
export function openConnector<C extends AnySchema, S extends AnySchema, Optional extends boolean, A extends Actions>(
  type: ConnectorType<C, S, Optional, A>,
  parts: {
    name: string;
    limits: NetworkLimits;
    setup?: ConnectorSetup;
    secretTexts?: readonly string[];
    transport?: Transport;
  },
): Connector<A> {
  const { name, limits, setup } = parts;
  const { allowList, addressGuard } = reachOf(limits);
  const masker = createMasker(setup?.secrets ?? {}, {
    extra: [...Object.values(setup?.credentials.authHeaders ?? {}).map(credentialPart), ...(parts.secretTexts ?? [])],
  });
  const { check } = type.connection.def;
  const client = new HttpClient({
    transport: parts.transport ?? createLazyTransport(addressGuard.lookup),
    allowList,
    addressGuard,
    masker,
    responseTimeoutMs: limits.responseTimeoutMs,
    maxResponseBytes: limits.maxResponseBytes,
    userAgent: "stepwire",
    ...(setup === undefined
      ? {}
      : {
          connector: {
            name,
            credentials: setup.credentials,
            trusted: setup.trusted,
            ...(setup.baseUrl === undefined ? {} : { baseUrl: setup.baseUrl }),
            ...(setup.baseUrlOverride === undefined ? {} : { baseUrlOverride: setup.baseUrlOverride }),
            ...(check === undefined ? {} : { check }),
          },
        }),
  });
  return new Connector<A>({ name, type, client, config: setup?.config, masker });
}

/** `Basic dXNlcjpwYXNz` holds the pair as one base64 text, which is none of the secrets by itself. */
const credentialPart = (header: string) => header.split(" ").at(-1) ?? header;

/** The settings that say what may be called, ready for questions. */
export function reachOf(limits: Pick<NetworkLimits, "allowedHosts" | "denyPrivateAddresses">): Reach {
  const allowList = createAllowList(limits.allowedHosts);
  return {
    allowList,
    addressGuard: createAddressGuard({ denyPrivateAddresses: limits.denyPrivateAddresses, allowList }),
  };
}

function readLimits(network: NetworkOptions): NetworkLimits {
  const responseTimeoutMs =
    network.responseTimeout === undefined ? DEFAULT_LIMITS.responseTimeoutMs : parseDuration(network.responseTimeout);
  const maxResponseBytes =
    network.maxResponseContentLength === undefined
      ? DEFAULT_LIMITS.maxResponseBytes
      : parseSize(network.maxResponseContentLength);
  for (const key of ["allowedHosts", "trustedOrigins"] as const) {
    const value: unknown = network[key];
    if (value !== undefined && !(Array.isArray(value) && value.every((item) => typeof item === "string"))) {
      throw new StepwireError("settings-invalid", `network.${key} is not a list of texts.`);
    }
  }
  for (const origin of network.trustedOrigins ?? []) {
    if (/^https?:/i.test(origin) && URL.parse(origin)?.origin === origin.replace(/\/$/, "")) continue;
    const message = `network.trustedOrigins: ${JSON.stringify(origin)} is not an origin such as https://files.example.com.`;
    throw new StepwireError("settings-invalid", message);
  }
  if (!responseTimeoutMs)
    throw new StepwireError("settings-invalid", "network.responseTimeout is not a duration such as 30s.");
  if (!maxResponseBytes)
    throw new StepwireError("settings-invalid", "network.maxResponseContentLength is not a size such as 10mb.");
  return {
    allowedHosts: network.allowedHosts ?? DEFAULT_LIMITS.allowedHosts,
    denyPrivateAddresses: network.denyPrivateAddresses ?? DEFAULT_LIMITS.denyPrivateAddresses,
    responseTimeoutMs,
    maxResponseBytes,
  };
}
