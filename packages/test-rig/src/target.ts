import {
  createServer as createHttp,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createHttps } from "node:https";
import { buffer } from "node:stream/consumers";
import { TLSSocket, type SecureVersion } from "node:tls";

import { certificates, type PemPair, type ServerKind } from "./certificates.ts";
import { answerEcho } from "./echo.ts";
import { extend, listen, type Host, type Listener } from "./listener.ts";

/** A request as the target saw it. It is recorded when its headers are there; `body` follows. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  body: string;
  /** Common name of the client's certificate, if one came that `ca` signed and that is valid. */
  readonly clientCertificate?: string;
  /** Such as `TLSv1.3`; `http` without TLS. */
  readonly protocol: string;
}

export type TargetHandler = (request: SeenRequest, response: ServerResponse) => void | Promise<void>;

export interface TargetOptions {
  /** Nothing: plain HTTP. A pair: a certificate from elsewhere. */
  readonly tls?: ServerKind | PemPair;
  /** `required` refuses clients without a good certificate while the connection is made: they see a reset, or an alert if none came. */
  readonly clientCertificate?: "required" | "optional";
  /** Nothing: echo and the routes of `answerEcho`. */
  readonly handler?: TargetHandler;
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
  readonly host?: Host;
}

export interface Target extends Listener {
  /** `https://localhost:PORT` or `http://127.0.0.1:PORT`; on `::1`, `[::1]` in both. */
  readonly url: string;
  readonly requests: readonly SeenRequest[];
}

export async function startTarget(options: TargetOptions = {}): Promise<Target> {
  const { tls, clientCertificate, handler = answerEcho, minVersion, maxVersion, host = "127.0.0.1" } = options;
  const requests: SeenRequest[] = [];
  const onRequest = (incoming: IncomingMessage, response: ServerResponse): void => {
    const request = seen(incoming);
    requests.push(request);
    const answer = async (): Promise<void> => {
      request.body = (await buffer(incoming)).toString("utf8");
      await handler(request, response);
    };
    // The client hung up while it sent, or the test's own handler threw: either way there is nobody to answer.
    answer().catch(() => response.destroy());
  };
  const server =
    tls === undefined
      ? createHttp(onRequest)
      : createHttps(
          {
            ...(typeof tls === "string" ? certificates().servers[tls] : tls),
            // Only where it is needed: with a CA at hand OpenSSL sends it along as part of the server's chain.
            ...(clientCertificate && { ca: certificates().ca, requestCert: true }),
            rejectUnauthorized: clientCertificate === "required",
            ...(minVersion && { minVersion }),
            ...(maxVersion && { maxVersion }),
          },
          onRequest,
        );
  const listener = await listen(server, host);
  const name = host === "::1" ? "[::1]" : tls === undefined ? "127.0.0.1" : "localhost";
  const url = `${tls === undefined ? "http" : "https"}://${name}:${listener.port}`;
  return extend(listener, { url, requests });
}

function seen(incoming: IncomingMessage): SeenRequest {
  const { method = "", url: path = "", headers, socket } = incoming;
  const secure = socket instanceof TLSSocket ? socket : undefined;
  const name = secure?.authorized === true ? secure.getPeerCertificate().subject?.CN : undefined;
  return {
    method,
    path,
    headers,
    body: "",
    ...(typeof name === "string" && { clientCertificate: name }),
    protocol: secure?.getProtocol() ?? "http",
  };
}
