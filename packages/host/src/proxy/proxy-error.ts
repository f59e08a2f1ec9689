import { StepwireError } from "@stepwire/core";

import { describeCertificate, type CertificateFacts } from "../tls/certificate-facts.ts";
import { unreachableBecause } from "../http/unreachable.ts";
import { tlsFailure } from "../tls/tls-failure.ts";
import type { Proxy } from "./proxy.ts";

/** A failure on the way to the proxy or in its answer: the target has seen nothing unless `sent` says otherwise. */
export function proxyFailure(
  proxy: Proxy,
  error: unknown,
  { certificate, sent = false }: { certificate?: CertificateFacts | undefined; sent?: boolean } = {},
): StepwireError {
  if (StepwireError.is(error)) return error;
  const { code = "unknown" } = error as { code?: string };
  const tls = tlsFailure(error, proxy.url.host, proxy.tls, certificate);
  const why =
    tls === undefined
      ? `${unreachableBecause(code) ?? badAnswer(code) ?? code}.`
      : `${tls.check}.${certificate === undefined ? "" : ` It showed: ${describeCertificate(certificate)}.`} ${tls.advice}`;
  return new StepwireError(
    "proxy-connection",
    `The proxy ${proxy.url.host} (${proxy.setting}) could not be used: ${why}`,
    {
      // A certificate is no better half a second later.
      ...(tls === undefined ? {} : { retryable: false }),
      details: { reason: code, proxy: proxy.url.host, sent, ...(certificate === undefined ? {} : { certificate }) },
    },
  );
}

/** A connection was asked for, and its time was up before there was one. */
export function proxySilence(proxy: Proxy, target: string, limitMs: number): StepwireError {
  return new StepwireError(
    "proxy-connection",
    `The proxy ${proxy.url.host} (${proxy.setting}) made no connection to ${target} within ${limitMs} ms.`,
    { details: { reason: "timeout", proxy: proxy.url.host, limitMs, sent: false } },
  );
}

/** The proxy opened a connection that was closed before TLS was up: by itself, or by the target behind it. */
export function tunnelClosed(proxy: Proxy, target: string, reason: string): StepwireError {
  return new StepwireError(
    "proxy-connection",
    `The connection to ${target} through the proxy ${proxy.url.host} (${proxy.setting}) was closed before TLS was up. ` +
      `The proxy may not let it through, or ${target} may not want it.`,
    { details: { reason, proxy: proxy.url.host, sent: false } },
  );
}

function badAnswer(code: string): string | undefined {
  if (code === "EARLY_DATA")
    return "it went on speaking after it had opened the connection, as the page of a log-in does";
  if (code === "HPE_HEADER_OVERFLOW") return "its answer has too many headers";
  return code.startsWith("HPE_") ? `it answered with something that is not proper HTTP (${code})` : undefined;
}

/** What an answer to CONNECT other than 200 means. */
export function proxyRefusal(proxy: Proxy, status: number, target: string): StepwireError {
  const details = { reason: `status-${status}`, proxy: proxy.url.host, status, sent: false };
  if (status === 407) return proxyAuthFailure(proxy);
  const why = status === 403 ? "It does not allow that; ask who runs it." : "It may not be able to reach it.";
  return new StepwireError(
    "proxy-connection",
    `The proxy ${proxy.url.host} (${proxy.setting}) answered ${status} when asked for a connection to ${target}. ${why}`,
    // A proxy that forbids a host will do so again.
    { status, retryable: status >= 500 || status === 429, details },
  );
}

/** The proxy wants to know who asks, or does not believe it. */
export function proxyAuthFailure(proxy: Proxy): StepwireError {
  const given = Object.keys(proxy.headers).some((name) => name.toLowerCase() === "proxy-authorization");
  const keys =
    proxy.setting === "network.proxyUrl"
      ? "network.proxyUsername and network.proxyPassword"
      : "the connector's network.proxyUsername and network.proxyPassword";
  const what = given
    ? `does not accept the user and password given. Correct ${keys}.`
    : `wants a user and password. Give ${keys}.`;
  return new StepwireError("proxy-auth", `The proxy ${proxy.url.host} (${proxy.setting}) ${what}`, {
    status: 407,
    details: { reason: given ? "credentials-refused" : "credentials-missing", proxy: proxy.url.host, sent: false },
  });
}
