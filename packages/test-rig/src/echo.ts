import type { ServerResponse } from "node:http";

import type { SeenRequest } from "./target.ts";
import { answerToken } from "./token.ts";

/** What an echo server of any rig received. */
export interface Echo {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** A name that comes several times has all its values. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
  /** Common name of the client's certificate, if a valid one came. */
  readonly clientCertificate?: string;
}

/**
 * `/status/N` answers that status, `/redirect?to=URL` 302 (or `&status=307`), `/token` OAuth client credentials, and
 * everything else the request itself as JSON: an `Echo` with its path.
 */
export function answerEcho(request: SeenRequest, response: ServerResponse): void {
  const url = new URL(request.path, "http://rig");
  const [, route, argument] = url.pathname.split("/");
  if (route === "token") return answerToken(request, response);
  if (route === "redirect") {
    response.statusCode = Number(url.searchParams.get("status") ?? 302);
    response.setHeader("location", url.searchParams.get("to") ?? "/echo");
    response.end();
    return;
  }
  response.statusCode = route === "status" ? Number(argument) : 200;
  // Node leaves the body out where the status forbids one.
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ path: url.pathname, ...echo(request, url.searchParams) }));
}

function echo(request: SeenRequest, parameters: URLSearchParams): Echo {
  const { method, headers, body, clientCertificate } = request;
  const query = Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? values[0]! : values] as const;
    }),
  );
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  return { method, headers: Object.fromEntries(flat), query, body, ...(clientCertificate && { clientCertificate }) };
}
