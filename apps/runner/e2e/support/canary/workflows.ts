/** Workflows that send every connector's secrets away and get them back in every style. */
import { STYLES } from "./echo.ts";
import { BROKEN, CRASHING, type Connector } from "./connectors.ts";
import type { Servers } from "./servers.ts";

const STATUSES = [200, 400, 401, 403, 404, 422, 500, 502];
const CONTINUE = { "on-failure": { continue: true } };

/** Values of an answer where they do not fit: errors like to quote them. */
const VALUE = "{{ steps.echo.output.data.message }}";
const TEMPLATES = [
  { type: "console", with: { message: `${VALUE} {{ steps.echo.output | json }}` } },
  { type: "console", with: { message: "{{ steps.echo.output.data.message | divided_by: 0 }}" } },
  { type: "console", with: { message: "{{ steps.echo.output.data.message | date: '%Q' | append: 1 | slice: 'x' }}" } },
  {
    type: "console",
    with: { message: "{% for x in steps.echo.output.data.message %}{{ x | json_parse }}{% endfor %}" },
  },
  { type: "http", with: { url: VALUE } },
  { type: "http", with: { url: `http://${VALUE}/` } },
  { type: "http", "connector-id": "all", with: { path: VALUE } },
  { type: "http", "connector-id": "all", with: { path: "/x", method: VALUE } },
  { type: "http", "connector-id": "all", with: { path: "/x", headers: { "x-a": `${VALUE}\n` } } },
  { type: "http", "connector-id": VALUE, with: { path: "/x" } },
  { type: "foreach", foreach: VALUE, steps: [{ name: "inner", type: "console", with: { message: "x" } }] },
  { type: "cases-webhook.createCase", "connector-id": "cases", with: { title: VALUE } },
];

export function makeWorkflows(
  connectors: Readonly<Record<string, Connector>>,
  { plain, good }: Servers,
): Record<string, string> {
  const call = (id: string, path: string, more: object = {}) => ({
    type: connectors[id]?.type,
    "connector-id": id,
    with: withOf(id, path),
    ...CONTINUE,
    ...more,
  });
  const withOf = (id: string, path: string): object => {
    const type = connectors[id]?.type;
    if (type === "http") return { method: "POST", path, body: "x" };
    if (type === "slack") return { message: path };
    if (type === "jira") return { issueType: "Task", summary: path };
    return type === "cases-webhook" ? { title: path } : { path };
  };
  const workflow = (steps: object[]): string =>
    JSON.stringify({ steps: steps.map((step, index) => ({ name: `s${index}`, ...step })) });
  const matrix = (id: string, statuses = STATUSES): object[] =>
    statuses.flatMap((status) => Object.keys(STYLES).map((style) => call(id, `/echo/${status}/${style}`)));
  const faults = (id: string): object[] =>
    ["cut", "large", "garbage", "redirect"].map((style) => call(id, `/echo/400/${style}`));
  const named = (type: string, id: string, action: string, path: string) => ({
    ...call(id, path),
    type: `${type}.${action}`,
  });

  return {
    "all.yaml": workflow([...matrix("all"), ...faults("all"), call("all", "/echo/400/later")]),
    "kinds.yaml": workflow([
      ...[
        "literal",
        "file",
        "dotenv",
        "literal-header",
        "oauth",
        "bearer",
        "api-header",
        "api-query",
        "signed",
      ].flatMap((id) => [...matrix(id, [200, 400]), ...faults(id)]),
      ...["slack", "slack-whole", "cases"].flatMap((id) => [...matrix(id, [200, 403]), ...faults(id)]),
      call("jira", "x"),
    ]),
    "faults.yaml": workflow([
      ...["hang", "silence"].map((style) => call("slow", `/echo/200/${style}`)),
      ...["untrusted", "wrong-host", "expired", "wants-certificate", "untrusted-client"].map((id) =>
        call(id, "/echo/400/json"),
      ),
      ...["crt-key", "pfx"].map((id) => call(id, "/echo/400/json")),
      ...["oauth-refused", "oauth-page", "oauth-keys", "oauth-untrusted"].map((id) => call(id, "/echo/200/json")),
      ...["proxy-url", "proxy-literal", "proxy-password", "proxy-tls", "proxy-hangup"].map((id) =>
        call(id, "/echo/200/json"),
      ),
      ...["call", "raise", "refuse", "tell"].flatMap((action) =>
        ["200/json", "200/text", "400/json"].map((answer) => named("signed", "signed", action, `/echo/${answer}`)),
      ),
      ...["throws-later", "throws-details", "checks", "refuses"].map((id) => call(id, "/echo/200/json")),
      call("all", "/echo/200/redirect", { with: { path: "/echo/200/redirect" } }),
    ]),
    "repeated.yaml": workflow(["closed", "proxy-closed"].map((id) => call(id, "/x"))),
    "templates.yaml": workflow([
      { ...call("all", "/echo/200/json"), name: "echo" },
      ...TEMPLATES.map((step) => ({ ...step, ...CONTINUE })),
    ]),
    "unknown-filter.yaml": workflow([
      { type: "console", with: { message: "{{ steps.s0 | nothing }}" } },
      call("all", "/x"),
    ]),
    "broken.yaml": workflow(BROKEN.map((id) => call(id, "/echo/200/json"))),
    "crash-step.yaml": workflow([
      { ...call("all", "/echo/200/json"), name: "echo" },
      {
        type: "leaky/crash",
        with: { text: "{{ steps.echo.output.data.message }} {{ steps.echo.output.headers | json }}" },
      },
    ]),
    "crash-outside.yaml": workflow([named("signed", "signed", "outside", "/echo/200/json")]),
    ...Object.fromEntries(CRASHING.map((id) => [`crash-${id}.yaml`, workflow([call(id, "/echo/200/silence")])])),
    "proxied.yaml": workflow(
      [
        call("all", "/echo/200/json"),
        { ...call("untrusted", "/echo/200/json") },
        { type: "http", with: { url: `${plain}/echo/200/json` }, ...CONTINUE },
        { type: "http", with: { url: `${good}/echo/200/json` }, ...CONTINUE },
      ].map((step) => ({ ...step, with: { ...step.with, method: "POST" } })),
    ),
  };
}
