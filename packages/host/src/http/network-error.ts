import { StepwireError, type ErrorCode } from "@stepwire/core";

const UNTRUSTED = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "INVALID_PURPOSE",
]);

const REASONS: Record<string, string> = {
  ENOTFOUND: "its name is unknown",
  EAI_AGAIN: "its name could not be looked up",
  ECONNREFUSED: "it refuses connections",
  EHOSTUNREACH: "it cannot be reached",
  ENETUNREACH: "its network cannot be reached",
  ECONNRESET: "it closed the connection",
  EPIPE: "it closed the connection",
  ETIMEDOUT: "it does not answer",
};

/**
 * What the HTTP client or the socket below it threw, as one of ours. Only a code and the host are taken over: the
 * client's own error object holds the headers and body of the request.
 */
export function fromNetworkError(error: unknown, host: string): StepwireError {
  if (StepwireError.is(error)) return error;
  const { code = "", message = "" } = error as { code?: string; message?: string };
  const cause = (error as { cause?: unknown }).cause;
  if (StepwireError.is(cause)) return cause;
  const make = (ours: ErrorCode, text: string) =>
    new StepwireError(ours, text, { details: { reason: code || "unknown", host } });

  if (UNTRUSTED.has(code))
    return make("tls-untrusted", `The certificate of ${host} is not signed by a trusted authority (${code}).`);
  if (code === "CERT_HAS_EXPIRED") return make("tls-expired", `The certificate of ${host} has expired.`);
  if (code === "CERT_NOT_YET_VALID") return make("tls-expired", `The certificate of ${host} is not valid yet.`);
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return make("tls-hostname", `The certificate of ${host} is for another name.`);
  if (/ALERT/.test(code) && /CERTIFICATE|UNKNOWN_CA/.test(code)) {
    return make("tls-client-certificate", `${host} wants a client certificate, or another one (${code}).`);
  }
  if (code === "ERR_INVALID_URL") return make("url-invalid", `The address of ${host} is not a URL that can be called.`);
  if (code.startsWith("HPE_"))
    return make("connection", `${host} answered with something that is not proper HTTP (${code}).`);
  if (code.startsWith("Z_") || code === "ERR__ERROR_FORMAT_PADDING_1") {
    return make("connection", `The compressed answer of ${host} is cut off or damaged (${code}).`);
  }
  if (code === "ERR_BAD_RESPONSE" || /aborted/.test(message)) {
    return make("connection", `The answer of ${host} broke off before its end.`);
  }
  const reason = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  return make("connection", `${host} could not be reached: ${reason ?? (code || "the connection failed")}.`);
}
