export { CONTRACT } from "./contract.ts";
export {
  issuePath,
  type AnySchema,
  type InferInput,
  type InferOutput,
  type JsonSchema,
  type Schema,
  type SchemaIssue,
  type SchemaResult,
} from "./schema.ts";
export { formatPath, type Finding } from "./finding.ts";
export { ERROR_CODES, type ErrorCode } from "./error-codes.ts";
export { StepwireError, type ErrorJson, type StepwireErrorOptions } from "./errors.ts";
export type { HttpMethod, HttpRequest, HttpResponse, MultipartPart, Query, RequestOptions } from "./http.ts";
export type { Ctx, Logger, RenderAs } from "./context.ts";
export { ENVELOPE_CONFIG_KEYS, ENVELOPE_SECRET_KEYS, type AuthKind, type EnvelopeMethod } from "./auth.ts";
export type { Action, ActionDef, ActionPolicies, Effect, Idempotency, RateLimitPolicy, RetryPolicy } from "./action.ts";
export {
  defineConnection,
  type ConfigProblem,
  type Connection,
  type ConnectionDef,
  type PrepareTools,
  type ProxyFields,
  type VendorRefusal,
} from "./connection.ts";
export { defineConnectorType, type Actions, type ConnectorType, type Preset } from "./connector-type.ts";
export { defineStep, type Step, type StepCtx, type StepDef } from "./step.ts";
export { definePlugin, isPlugin, type AnyConnectorType, type Plugin } from "./plugin.ts";
export { advance, partialSuccess, type Progress } from "./partial-success.ts";
export { nearest } from "./nearest.ts";
export { parseDuration, parseSize } from "./units.ts";
export {
  manifestProblems,
  type Manifest,
  type ManifestAction,
  type ManifestConnectorType,
  type ManifestPreset,
  type ManifestStep,
} from "./manifest.ts";
export { createManifest, type PackageFacts } from "./create-manifest.ts";
