import type { ServerResponse } from "node:http";

import type { SeenRequest } from "./target.ts";

/** The one client that a token endpoint of the rig knows. */
export const TOKEN_CLIENT = { id: "rig-client", secret: "rig-secret" } as const;

let issued = 0;

/**
 * Client credentials as RFC 6749 has them: a form, the client named in it or by Basic. Every token differs, so that
 * a test can tell a fresh one. `?expires_in=N` sets the lifetime.
 */
export function answerToken(request: SeenRequest, response: ServerResponse): void {
  const send = (status: number, body: object): void => {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify(body));
  };
  const type = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (request.method !== "POST") return send(405, { error: "invalid_request", error_description: "POST only" });
  if (type !== "application/x-www-form-urlencoded")
    return send(400, { error: "invalid_request", error_description: "the body must be a form" });
  const form = new URLSearchParams(request.body);
  if (form.get("grant_type") !== "client_credentials") return send(400, { error: "unsupported_grant_type" });
  const { id, secret } = client(request, form);
  if (id !== TOKEN_CLIENT.id || secret !== TOKEN_CLIENT.secret) {
    response.setHeader("www-authenticate", 'Basic realm="rig"');
    return send(401, { error: "invalid_client" });
  }
  issued += 1;
  const scope = form.get("scope");
  send(200, {
    access_token: `rig-token-${issued}`,
    token_type: "Bearer",
    expires_in: Number(new URL(request.path, "http://rig").searchParams.get("expires_in") ?? 3600),
    ...(scope !== null && { scope }),
  });
}

function client(request: SeenRequest, form: URLSearchParams): { id: string | null; secret: string | null } {
  const basic = /^basic (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (basic === undefined) return { id: form.get("client_id"), secret: form.get("client_secret") };
  const [id = "", ...secret] = Buffer.from(basic, "base64").toString("utf8").split(":");
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret.join(":")) };
}
