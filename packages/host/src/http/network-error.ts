import { StepwireError, type ErrorCode } from "@stepwire/core";

import { proxyFailure, tunnelClosed } from "../proxy/proxy-error.ts";
import { describeCertificate, type CertificateFacts } from "../tls/certificate-facts.ts";
import { tlsFailure } from "../tls/tls-failure.ts";
import type { Route } from "./agents.ts";
import { unreachableBecause } from "./unreachable.ts";

/** Where a failed request was going, and how far its connection came. */
export interface FailureContext {
  url: URL;
  route: Route;
  facts: { ready: boolean; certificate?: CertificateFacts };
  /** Whether the connection had served another request before. */
  reused?: boolean;
}

/** How OpenSSL's alerts about a client certificate are named in its codes and messages. */
const CLIENT_ALERT =
  /certificate[ _]?(?:required|expired|unknown|revoked)|bad[ _]certificate|unknown[ _]ca|unsupported[ _]certificate|access[ _]denied/i;

/**
 * What the HTTP client or the socket below it threw, as one of ours. Only a code and the host are taken over: the
 * client's own error object holds the headers and body of the request. `details.sent` is `false` where the other side
 * surely did not process anything, so that even an action that must not be repeated can be tried again.
 */
export function networkFailure(error: unknown, { url, route, facts, reused = false }: FailureContext): StepwireError {
  if (StepwireError.is(error)) return error;
  const { code = "", message = "", cause } = error as { code?: string; message?: string; cause?: unknown };
  if (StepwireError.is(cause)) return cause;
  const { certificate } = facts;
  // A forward proxy is who we talk to: what fails on the socket failed there.
  if (route.proxy !== undefined && url.protocol === "http:" && !code.startsWith("HPE_"))
    return proxyFailure(route.proxy, error, { certificate, sent: facts.ready });
  const host = url.hostname;
  const details = { reason: code || "unknown", host };
  const make = (ours: ErrorCode, text: string, more: Record<string, unknown> = {}) =>
    new StepwireError(ours, text, { details: { ...details, sent: facts.ready, ...more } });

  if (route.tls !== undefined) {
    const failed = tlsFailure(error, host, route.tls, certificate);
    if (failed !== undefined) {
      const shown = certificate === undefined ? "" : ` It showed: ${describeCertificate(certificate)}.`;
      const text = `${failed.check.charAt(0).toUpperCase()}${failed.check.slice(1)}.${shown} ${failed.advice}`;
      return make(failed.code, text, { sent: false, ...(certificate === undefined ? {} : { certificate }) });
    }
    const refused = clientCertificateRefused(code, message, route);
    // With TLS 1.3 its word comes after the handshake, but before any answer; over a used connection it means nothing.
    if (refused !== undefined && !(facts.ready && reused))
      return make("tls-client-certificate", `${host} ${refused}`, { sent: false });
    if ((code === "EPROTO" || code.startsWith("ERR_SSL_")) && !facts.ready)
      return make("connection", `${host} ${protocolHint(message)}`);
    if (code === "EPROTO" || code.startsWith("ERR_SSL_"))
      return make("connection", `${host} sent something that is no TLS in the middle of the connection (${code}).`);
  }
  if (route.proxy !== undefined && !facts.ready && (code === "ECONNRESET" || code === "EPIPE"))
    return tunnelClosed(route.proxy, url.host, code);
  if (code === "ERR_INVALID_URL")
    return make("url-invalid", `The address of ${host} is not a URL that can be called.`, { sent: false });
  if (code === "ECONNRESET" && route.tls?.clientCertificate !== undefined) {
    return make(
      "connection",
      `${host} closed the connection without an answer. It may not accept the client certificate.`,
    );
  }
  return answerFailure(error, host, facts.ready);
}

/** What went wrong while an answer was read. The request was processed, or may have been. */
export function answerFailure(error: unknown, host: string, sent = true): StepwireError {
  if (StepwireError.is(error)) return error;
  const { code = "", message = "" } = error as { code?: string; message?: string };
  const make = (text: string, retryable = true) =>
    new StepwireError("connection", text, { retryable, details: { reason: code || "unknown", host, sent } });
  if (code === "UNASKED_UPGRADE")
    return make(`${host} answered 101 and changed the protocol, which nobody asked for.`, false);
  if (code === "HPE_HEADER_OVERFLOW")
    return make(`${host} answered with more headers than the 16 KiB that are read (${code}).`, false);
  if (code.startsWith("HPE_")) return make(`${host} answered with something that is not proper HTTP (${code}).`);
  if (
    code.startsWith("Z_") ||
    code.startsWith("ZSTD_") ||
    code === "ERR__ERROR_FORMAT_PADDING_1" ||
    code.startsWith("ERR__ERROR_FORMAT")
  )
    return make(`The compressed answer of ${host} is cut off or damaged (${code}).`);
  if (code === "ERR_BAD_RESPONSE" || /aborted/.test(message))
    return make(`The answer of ${host} broke off before its end.`);
  if (sent && (code === "ECONNRESET" || code === "EPIPE"))
    return make(`${host} closed the connection without an answer.`);
  return make(`${host} could not be reached: ${unreachableBecause(code) ?? (code || "the connection failed")}.`);
}

function clientCertificateRefused(code: string, message: string, { tls }: Route): string | undefined {
  const isAlert = /ALERT/.test(code) || /alert ([a-z ]+)/i.test(message);
  if (!isAlert) return undefined;
  const own = tls?.clientCertificate;
  const about = CLIENT_ALERT.test(code.replaceAll("_", " ")) || CLIENT_ALERT.test(message);
  // TLS 1.2 says only that the handshake failed; with a certificate of ours on the table that is the likely reason.
  const likely = own !== undefined && /handshake[ _]failure/i.test(`${code} ${message}`);
  if (!about && !likely) return undefined;
  const said = /alert ([a-z ]+)/i.exec(message)?.[1]?.trim() ?? code;
  return own === undefined
    ? `wants a client certificate (${said}). Set authType: webhook-authentication-ssl, and crt with key or pfx under secrets.`
    : `does not accept the client certificate ${own.facts.subject}, valid to ${own.facts.validTo}, issued by ${own.facts.issuer} (${said}). Give one that it trusts.`;
}

function protocolHint(message: string): string {
  if (/wrong version number|packet length too long|http request/i.test(message))
    return "does not speak TLS at this port. Is it http:// instead of https://, or another port?";
  if (/protocol version|unsupported protocol/i.test(message))
    return "offers no version of TLS that is still safe (1.2 or later).";
  if (/handshake failure|no shared cipher/i.test(message))
    return "and this machine share no cipher, or it wants a client certificate.";
  return "broke off the TLS handshake.";
}
