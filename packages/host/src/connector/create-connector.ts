import { StepwireError, type Actions, type AnySchema, type ConnectorType, type InferInput } from "@stepwire/core";

import { createAllowList } from "../allow-list.ts";
import type { NetworkSettings } from "../files/settings.ts";
import { createLazyTransport } from "../http/lazy-transport.ts";
import { HttpClient } from "../http/client.ts";
import { Routes } from "../http/routes.ts";
import type { Transport } from "../http/transport.ts";
import { createMasker } from "../mask.ts";
import { createAddressGuard, type Resolve } from "../private-address.ts";
import { chooseProxy } from "../proxy/proxy.ts";
import { Connector } from "./connector.ts";
import { readNetworkOptions, type NetworkOptions } from "./network-options.ts";
import { problemsError } from "./problem.ts";
import type { Reach } from "./reach.ts";
import { setUpConnector, type ConnectorSetup } from "./setup.ts";

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
  const { name = type.id } = options;
  const { network, own } = readNetworkOptions(options.network ?? {});
  const input = { config: options.config, secrets: options.secrets, network: own };
  const checked = setUpConnector(type, input, reachOf(network));
  if ("problems" in checked) throw problemsError(`The connector ${name}`, checked.problems);
  return openConnector(type, { name, network, setup: checked.setup });
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
  return openConnector(type, { name: type.id, network: readNetworkOptions(network).network });
}

/** Puts a checked connector to work. Without a setup it is the bare client of an optional type (`http` with a `url`). */
export function openConnector<C extends AnySchema, S extends AnySchema, Optional extends boolean, A extends Actions>(
  type: ConnectorType<C, S, Optional, A>,
  parts: {
    name: string;
    network: NetworkSettings;
    setup?: ConnectorSetup;
    secretTexts?: readonly string[];
    transport?: Transport;
    /** Stands in for the system's name look-up in tests. */
    resolve?: Resolve;
  },
): Connector<A> {
  const { name, network, setup } = parts;
  const { allowList, addressGuard } = reachOf(network, parts.resolve);
  const proxy = chooseProxy(network, setup?.network);
  const masker = createMasker(setup?.secrets ?? {}, {
    extra: [
      ...Object.values(setup?.credentials.authHeaders ?? {}).map(credentialPart),
      ...proxy.secretTexts,
      ...(parts.secretTexts ?? []),
    ],
  });
  const responseTimeoutMs = setup?.network.responseTimeout ?? network.responseTimeout;
  const { check } = type.connection.def;
  const client = new HttpClient({
    transport:
      parts.transport ??
      createLazyTransport({
        lookup: addressGuard.lookup,
        // The proxy of the settings is the administrator's word; a connector's own is judged like any other address.
        proxyLookup: setup?.network.proxyUrl === undefined ? undefined : addressGuard.lookup,
      }),
    allowList,
    addressGuard,
    masker,
    routes: new Routes(network, proxy, setup?.tls),
    responseTimeoutMs,
    maxResponseBytes: network.maxResponseContentLength,
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
export function reachOf(
  { allowedHosts, denyPrivateAddresses }: Pick<NetworkSettings, "allowedHosts" | "denyPrivateAddresses">,
  resolve?: Resolve,
): Reach {
  const allowList = createAllowList(allowedHosts);
  const addressGuard = createAddressGuard({
    denyPrivateAddresses,
    allowList,
    ...(resolve === undefined ? {} : { resolve }),
  });
  return { allowList, addressGuard };
}
