import { defineConnection, defineConnectorType } from "@stepwire/core";

/** Schemas are the plugin's business, so these let everything through. */
const anything = {
  "~standard": {
    version: 1,
    vendor: "bench",
    validate: (value) => ({ value }),
    jsonSchema: { input: () => ({}), output: () => ({}) },
  },
};

const connection = defineConnection({
  config: anything,
  secrets: anything,
  auth: [{ kind: "envelope" }],
  hosts: [],
  baseUrl: (config) => config.url,
  check: () => undefined,
});

const call = connection.action({
  summary: "Posts a message",
  effect: "write",
  idempotency: { header: "Idempotency-Key" },
  input: anything,
  output: anything,
  run: (ctx, { path }) => ctx.request({ method: "POST", path, json: { message: "hello" }, accept: "json" }),
});

export const type = defineConnectorType({
  id: "bench/call",
  title: "Bench",
  description: "Posts a message",
  connection,
  actions: { call },
});
