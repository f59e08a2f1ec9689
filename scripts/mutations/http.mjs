import { mutationOf } from "./mutation-of.mjs";

/** Mistakes in the connector for any HTTP API, each made in one place. */
const mutation = mutationOf("packages/connector-http");

export const MUTATIONS = [
  // How the request is made
  mutation("a step's method", "request.ts", "method: input.method,", 'method: "POST",', "trust.test.ts"),
  mutation(
    "a request that writes is not sent twice",
    "request.ts",
    'idempotency: "none",',
    'idempotency: "natural",',
    "every-action.test.ts",
  ),
  mutation(
    "a header is not longer than servers take",
    "request.ts",
    "const text = z.string().max(16_384);",
    "const text = z.string();",
    "every-action.test.ts",
  ),
  mutation("an answer may be as long as an output", "request.ts", 'limit: "step-output",', "", "fetcher.test.ts"),

  // The body
  mutation("body or form_data, not both", "body.ts", "if (content !== undefined)", "if (false)", "form-data.test.ts"),
  mutation(
    "a part with a name is a file",
    "body.ts",
    "...(filename === undefined ? {} : { filename }),",
    "",
    "form-data.test.ts",
  ),
  mutation("a text that only begins like JSON is none", "body.ts", "    JSON.parse(text);\n", "", "form-data.test.ts"),
  mutation(
    "the content type of a part",
    "body.ts",
    "...(content_type === undefined ? {} : { contentType: content_type }),",
    "",
    "form-data.test.ts",
  ),

  // How it is sent
  mutation(
    "no redirect is followed where none is wanted",
    "fetcher.ts",
    "follow_redirects === false ? 0 : max_redirects",
    "max_redirects",
    "fetcher.test.ts",
  ),
  mutation(
    "a write is not redirected unless asked",
    "fetcher.ts",
    "...(follow_redirects === true ? { redirectWrites: true } : {}),",
    "...(follow_redirects === false ? {} : { redirectWrites: true }),",
    "fetcher.test.ts",
  ),
  mutation(
    "certificates are checked unless said otherwise",
    "fetcher.ts",
    "...(skip_ssl_verification === true ? { verifyTls: false } : {}),",
    "...(skip_ssl_verification === undefined ? {} : { verifyTls: false }),",
    "fetcher.test.ts",
  ),
  mutation("redirects have a bound", "fetcher.ts", ".min(0).max(20)", ".min(0)", "fetcher.test.ts"),

  // The connector
  mutation(
    "a proxy's password is the proxy's",
    "connection.ts",
    'password: "proxyPassword",',
    'password: "proxyUsername",',
    "own-proxy.test.ts",
  ),
  mutation(
    "how a proxy's certificate is checked",
    "connection.ts",
    'verificationMode: "proxyVerificationMode",',
    "",
    "own-proxy.test.ts",
  ),
  mutation(
    "a proxy that wants a user and a password",
    "connection.ts",
    'hasAuth: "hasProxyAuth",',
    "",
    "own-proxy.test.ts",
  ),
];
