export {
  createClient,
  createConnector,
  DEFAULT_LIMITS,
  type CreateConnectorOptions,
  type NetworkOptions,
} from "./connector/create-connector.ts";
export { Connector, type TypedActions } from "./connector/connector.ts";
export { checkInput, DEFAULT_MAX_OUTPUT_BYTES, runStep, type CallOptions } from "./connector/run-action.ts";
export { Project, type ProjectOptions, type ReferenceProblem } from "./project/project.ts";
export type { ConnectorEntry, ConnectorsFile } from "./files/connectors-file.ts";
export type { Settings } from "./files/settings.ts";
export type { Resolver, Resolvers } from "./files/references.ts";
export { splitReferences } from "./files/references.ts";
export { decodeUtf8, UTF8_HINT } from "./files/utf8.ts";
export { connectorsFileSchema, settingsFileSchema } from "./files/schemas.ts";
export { discoverPlugins, type DiscoveryOptions, type PluginPackage } from "./plugins/discover.ts";
export { PluginRegistry, stepOf, type Resolved, type ResolveProblem } from "./plugins/registry.ts";
export { assertReachable } from "./connector/reach.ts";
export { createAllowList, parseTarget, type AllowList } from "./allow-list.ts";
export { createDryRunTransport, dryRunRequest, type DryRunRequest } from "./http/dry-run-transport.ts";
export { withDeadline } from "./http/deadline.ts";
export { isIdentifier, MASK, unmaskedSecrets } from "./mask.ts";
export { classifyAddress, createAddressGuard } from "./private-address.ts";
