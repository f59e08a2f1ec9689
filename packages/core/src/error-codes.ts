/** What a code says of every error that has it. */
interface ErrorCodeInfo {
  /** The error type that workflow templates read; Kibana's name where it has one. */
  readonly type: string;
  /** Whether trying again later can help, unless the thrower knows better. */
  readonly retryable: boolean;
  readonly summary: string;
}

const connector = "ConnectorExecutionError";
const entry = (type: string, retryable: boolean, summary: string): ErrorCodeInfo => ({ type, retryable, summary });

/** Every error code there is. Codes are added to, never renamed or taken away. */
export const ERROR_CODES = {
  "usage-invalid": entry("UsageError", false, "The command line or a call of the library is wrong."),
  "config-invalid": entry("ConfigurationError", false, "A connector's configuration does not fit its type."),
  "secrets-invalid": entry("ConfigurationError", false, "A connector's secrets are missing or do not fit its type."),
  "settings-invalid": entry("ConfigurationError", false, "The settings file is wrong."),
  "params-invalid": entry("ValidationError", false, "The parameters of a step or action do not fit its schema."),
  "output-invalid": entry(connector, false, "An action returned something other than its output schema says."),
  "workflow-invalid": entry("WorkflowValidationError", false, "The workflow breaks a rule of the language."),
  "yaml-invalid": entry("WorkflowValidationError", false, "The text is not YAML, or YAML that cannot be accepted."),
  "template-error": entry("TemplateError", false, "A template cannot be parsed or rendered."),
  "unknown-step-type": entry("WorkflowValidationError", false, "No installed package provides this step type."),
  "connector-not-found": entry("ConnectorNotFoundError", false, "No connector has this name or id."),
  "connector-ambiguous": entry("ConnectorNotFoundError", false, "More than one connector has this name."),
  "connector-type-mismatch": entry("ConnectorNotFoundError", false, "The connector is of another type than the step."),
  "plugin-conflict": entry("PluginError", false, "Two installed packages claim the same type."),
  "plugin-invalid": entry("PluginError", false, "A plugin package is broken or does not keep the contract."),
  "contract-unsupported": entry("PluginError", false, "A plugin was made for a contract this host does not run."),
  "run-not-found": entry("UsageError", false, "There is no run with this id."),
  "run-state": entry("UsageError", false, "The run is in a state in which that cannot be done."),
  "run-taken-over": entry("RunError", false, "Another process has taken the run over; this one writes nothing more."),
  storage: entry("StorageError", false, "The files of the runs cannot be read or written."),
  "host-not-allowed": entry(
    connector,
    false,
    "The address is not allowed by the settings, or not trusted with credentials.",
  ),
  "private-address-blocked": entry(connector, false, "The name leads to a private address, which the settings refuse."),
  "url-invalid": entry(connector, false, "The address is not a URL that can be called."),
  redirect: entry(connector, false, "The answer was a redirect that is not followed."),
  connection: entry(connector, true, "The connection failed."),
  timeout: entry("TimeoutError", true, "It took longer than its limit."),
  cancelled: entry("CancelledError", false, "It was cancelled."),
  interrupted: entry(
    "InterruptedError",
    false,
    "The process died while an action that must not be repeated was under way.",
  ),
  "tls-untrusted": entry(connector, false, "The server's certificate does not chain to a trusted authority."),
  "tls-hostname": entry(connector, false, "The server's certificate is for another host name."),
  "tls-expired": entry(connector, false, "The server's certificate is expired or not yet valid."),
  "tls-client-certificate": entry(connector, false, "The server refused the client certificate, or wants one."),
  "proxy-auth": entry(connector, false, "The proxy wants other credentials."),
  "proxy-connection": entry(connector, true, "The connection through the proxy failed."),
  "http-status": entry(connector, false, "The server answered with an error status."),
  "rate-limited": entry(connector, true, "The server asks to slow down."),
  "response-invalid-json": entry(connector, false, "The answer should be JSON and is not."),
  "unsupported-content-type": entry(connector, false, "The answer has a content type or encoding that cannot be read."),
  "response-missing-field": entry(connector, false, "The answer lacks a field that is needed."),
  "response-too-large": entry(connector, false, "The answer is larger than the limit."),
  "json-invalid": entry(connector, false, "A template does not make valid JSON."),
  "partial-success": entry(connector, false, "A part was done, and a later part failed."),
  "workflow-failed": entry("WorkflowFailedError", false, "A step of the workflow ended it as failed."),
  "step-output-too-large": entry("StepSizeLimitExceeded", false, "The output of a step is larger than its limit."),
  internal: entry("InternalError", false, "A fault of Stepwire itself or of a plugin."),
} as const satisfies Record<string, ErrorCodeInfo>;

/** What programs tell errors apart by. */
export type ErrorCode = keyof typeof ERROR_CODES;
