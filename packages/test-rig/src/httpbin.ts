import type { Echo } from "./echo.ts";

/** What httpbin answers on `/anything`, as far as it is used. */
interface Anything {
  readonly method: string;
  readonly args: Readonly<Record<string, string | readonly string[]>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: string;
}

/** Told by the server in front of httpbin, not by the client. */
const OWN_HEADERS = ["x-client-verify", "x-client-dn", "x-tls"];

export function readHttpbin(data: unknown): Echo {
  const { method, args, headers, data: body } = data as Anything;
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const name = /(?:^|,)CN=([^,]+)/.exec(lower["x-client-dn"] ?? "")?.[1];
  return {
    method,
    headers: Object.fromEntries(Object.entries(lower).filter(([header]) => !OWN_HEADERS.includes(header))),
    query: args,
    body,
    ...(lower["x-client-verify"] === "SUCCESS" && name !== undefined && { clientCertificate: name }),
  };
}
