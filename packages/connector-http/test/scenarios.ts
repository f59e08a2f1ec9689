import { defineScenarios, type VendorRequest } from "@stepwire/testkit";

const URL_OF_THE_API = "https://api.example.com/v1";

/** Says what it got, as far as it is JSON. */
const echo = ({ body }: VendorRequest) => ({ json: { got: body === "" ? null : (JSON.parse(body) as unknown) } });

export default defineScenarios({
  http: {
    connector: { config: { url: URL_OF_THE_API, hasAuth: false } },
    connectors: {
      basic: {
        config: { url: URL_OF_THE_API, headers: { "X-Tenant": "blue" } },
        secrets: {
          user: "automation",
          password: "pa55-Kohlrabi-77",
          secretHeaders: { "X-Signature": "sig-Zander-4411" },
        },
      },
      "query parameters": {
        config: { url: URL_OF_THE_API, hasAuth: true, authType: "http-authentication-query-param" },
        secrets: { secretQueryParams: { code: "code-Uhu-909182" } },
      },
      "client credentials": {
        config: {
          url: URL_OF_THE_API,
          hasAuth: true,
          authType: "webhook-oauth2-client-credentials",
          accessTokenUrl: "https://login.example.com/token",
          clientId: "automation",
          scope: "actions",
        },
        secrets: { clientSecret: "cs-Igel-20-8817" },
      },
    },
    readme: {
      "POST /v1/response-actions/isolate": { json: { action_id: "act-1" } },
    },
    actions: {
      request: {
        examples: [
          {
            name: "GET",
            input: { path: "/hosts", query: { name: "h-1", limit: 10 } },
            answers: { "GET /v1/hosts?name=h-1&limit=10": { json: { hosts: [{ id: 7 }] } } },
            output: { status: 200, data: { hosts: [{ id: 7 }] } },
          },
          {
            name: "JSON",
            input: { path: "isolate", method: "POST", body: { endpoint: "h-1", reason: 'by "x"' } },
            answers: { "POST /v1/isolate": echo },
            output: { status: 200, data: { got: { endpoint: "h-1", reason: 'by "x"' } } },
          },
          {
            name: "a form",
            input: {
              path: "/files",
              method: "PUT",
              form_data: { report: { content: "a,b", filename: "a.csv", content_type: "text/csv" } },
            },
            answers: { "PUT /v1/files": { status: 201 } },
            output: { status: 201, data: null },
          },
          {
            name: "with user and password",
            connector: "basic",
            input: { path: "/hosts/7", method: "DELETE" },
            answers: { "DELETE /v1/hosts/7": { status: 204 } },
            output: { status: 204, data: null },
          },
          {
            name: "with query parameters",
            connector: "query parameters",
            input: { path: "/hosts" },
            answers: { "GET /v1/hosts": { text: "none" } },
            output: { data: "none" },
          },
          {
            name: "with a token",
            connector: "client credentials",
            input: { path: "/hosts" },
            answers: {
              "POST https://login.example.com/token": { json: { access_token: "at-Lurch-1-55120", expires_in: 300 } },
              "GET /v1/hosts": { json: [] },
            },
            output: { data: [] },
          },
        ],
        statuses: { empty: { outcome: "ok", reason: "Any answer is handed on, one without a body too" } },
        antiExamples: [
          { input: { path: "/x", method: "TRACE" }, reason: "No such method" },
          { input: { path: "/x", header: {} }, reason: "headers is misspelt" },
          { input: { path: "/x", headers: { "X Y": "1" } }, reason: "No header has such a name" },
          { input: { url: "ftp://example.com/x" }, reason: "Neither http nor https" },
          { input: { path: "/x", fetcher: { max_redirects: 21 } }, reason: "More redirects than anybody follows" },
        ],
      },
    },
  },
});
