/** A connector package that misbehaves with what it is given: it throws it, prints it, quotes it and crashes with it. */
export const LEAKY_PLUGIN = `import { defineConnection, defineConnectorType, definePlugin, defineStep, StepwireError } from "@stepwire/core";
import { z } from "zod";

const answer = async (ctx, path, method = "POST") => {
  const { status, statusText, headers, data } = await ctx.request({ method, path, ...(method === "POST" ? { text: "x" } : {}) });
  return { status, statusText, headers, data };
};
const input = z.strictObject({ path: z.string() });
const action = (connection, summary, run) =>
  connection.action({ summary, effect: "write", idempotency: "none", input, output: z.unknown(), run });

function type(id, auth, options = {}) {
  const { secrets = z.strictObject({ key: z.string() }), ...more } = options;
  const connection = defineConnection({
    config: z.strictObject({ url: z.string() }),
    secrets,
    auth: [auth],
    baseUrl: (config) => config.url,
    hosts: [],
    test: (ctx) => ctx.request({ method: "GET", path: "/echo/403/json" }),
    ...more,
  });
  const actions = {
    call: action(connection, "Calls", (ctx, { path }) => answer(ctx, path)),
    raise: action(connection, "Throws what came", async (ctx, { path }) => {
      throw new Error("odd answer: " + JSON.stringify(await answer(ctx, path)));
    }),
    refuse: action(connection, "Refuses what came", async (ctx, { path }) => {
      const details = await answer(ctx, path);
      throw new StepwireError("http-status", "odd answer: " + JSON.stringify(details), { details: { ...details, cause: new Error(String(details.data)) } });
    }),
    tell: action(connection, "Logs what came", async (ctx, { path }) => {
      const came = await answer(ctx, path);
      for (const level of ["debug", "info", "warn", "error"]) ctx.log[level]("came: " + JSON.stringify(came), came);
      return came;
    }),
    outside: action(connection, "Throws what came where nobody waits", async (ctx, { path }) => {
      const came = await answer(ctx, path);
      setTimeout(() => { throw new Error("outside: " + JSON.stringify(came)); });
      return new Promise(() => undefined);
    }),
  };
  return defineConnectorType({ id, title: id, description: id, connection, actions, defaultAction: "call" });
}

const placing = (place) => ({ kind: "custom", place });
const signed = (request, secrets) => ({ ...request, headers: { ...request.headers, "x-signature": secrets.key } });

export default definePlugin({
  connectorTypes: [
    type("bearer", { kind: "bearer", token: "key" }),
    type("api-header", { kind: "apiKey", in: "header", name: "x-api-key", value: "key" }),
    type("api-query", { kind: "apiKey", in: "query", name: "api_key", value: "key" }),
    type("signed", placing(signed)),
    type("throws", placing((request, { key }) => { throw new Error("cannot sign with " + key); })),
    type("throws-later", placing((request, secrets) => {
      console.error("signing with", secrets.key, { request, secrets });
      if (request.method !== "POST") return signed(request, secrets);
      throw Object.assign(new TypeError("cannot sign with " + secrets.key, { cause: { secrets } }), { secrets });
    })),
    type("throws-details", placing((request, secrets) => {
      if (request.method !== "POST") return signed(request, secrets);
      throw new StepwireError("secrets-invalid", "cannot sign", { details: { secrets, request: signed(request, secrets) } });
    })),
    type("crashes", placing((request, secrets) => {
      if (request.method === "POST") setTimeout(() => { throw new Error("crashed with " + JSON.stringify(secrets)); });
      return signed(request, secrets);
    })),
    type("rejects", placing((request, secrets) => {
      if (request.method === "POST") void Promise.reject(new Error("rejected " + secrets.key));
      return signed(request, secrets);
    })),
    type("throws-text", placing((request, secrets) => {
      // oxlint-disable-next-line no-throw-literal -- what packages do
      if (request.method === "POST") setTimeout(() => { throw "no error but " + Buffer.from(secrets.key).toString("base64"); });
      return signed(request, secrets);
    })),
    type("quotes", { kind: "bearer", token: "key" }, {
      secrets: z.strictObject({ key: z.string().refine((text) => text === "", { error: (issue) => "not a key: " + issue.input }) }),
    }),
    type("checks", placing(signed), {
      check: (response) => { throw new Error("cannot read " + JSON.stringify(response)); },
    }),
    type("refuses", placing(signed), {
      check: (response) => ({ code: "http-status", message: "no: " + JSON.stringify(response), details: { response } }),
    }),
  ],
  steps: [
    defineStep({
      type: "leaky/crash",
      summary: "Crashes with its input",
      effect: "read",
      input: z.strictObject({ text: z.string() }),
      output: z.unknown(),
      run: async (_ctx, { text }) => {
        setTimeout(() => { throw new Error("crashed with " + text); });
        return new Promise(() => undefined);
      },
    }),
  ],
});
`;
