import { defineConnection, defineConnectorType } from "@stepwire/core";
import { expect, it } from "vitest";
import * as z from "zod";

import { reachOf } from "../src/connector/create-connector.ts";
import { setUpConnector } from "../src/connector/setup.ts";

/** A type with other names than Kibana's, and its user in the config. */
const connection = defineConnection({
  config: z.strictObject({
    url: z.url(),
    relay: z.string().optional(),
    mode: z.string().optional(),
    login: z.boolean().optional(),
    name: z.string().optional(),
  }),
  secrets: z.strictObject({ word: z.string().optional() }),
  auth: [{ kind: "none" }],
  proxy: { url: "relay", verificationMode: "mode", hasAuth: "login", username: "name", password: "word" },
  baseUrl: (config) => config.url,
  hosts: [],
});
const type = defineConnectorType({
  id: "acme/relayed",
  title: "Relayed",
  description: "Goes through a relay",
  connection,
  actions: {
    call: connection.action({
      summary: "Calls",
      effect: "read",
      idempotency: "natural",
      input: z.object({}),
      output: z.unknown(),
      run: async (ctx) => ctx.request({ method: "GET" }),
    }),
  },
});
const reach = reachOf({ allowedHosts: ["*"], denyPrivateAddresses: false });
const url = "http://127.0.0.1:9";

it("is read from the fields that the type names", () => {
  const config = { url, relay: "http://127.0.0.1:1", mode: "certificate", login: true, name: "jo" };
  const outcome = setUpConnector(type, { config, secrets: { word: "pass-word-1" } }, reach);
  expect(outcome).toMatchObject({
    setup: {
      network: {
        proxyUrl: "http://127.0.0.1:1",
        proxyUsername: "jo",
        proxyPassword: "pass-word-1",
        proxyVerificationMode: "certificate",
      },
    },
  });
});

it("is no place for the connector's credentials", () => {
  const outcome = setUpConnector(type, { config: { url, relay: "http://127.0.0.1:1" } }, reach);
  if (!("setup" in outcome)) throw new Error(JSON.stringify(outcome));
  expect(outcome.setup.trusted.includes(new URL(url))).toBe(true);
  expect(outcome.setup.trusted.includes(new URL("http://127.0.0.1:1"))).toBe(false);
});

it.each([
  [{ relay: "http://127.0.0.1:1" }, {}, { proxyUrl: "http://127.0.0.1:2" }, "config.relay", "two-proxies"],
  [{ relay: "http://127.0.0.1:1", login: true }, {}, {}, "config.name", "missing"],
  [{ relay: "http://127.0.0.1:1", name: "jo" }, {}, {}, "config.name", "half-a-pair"],
  [{ relay: "http://127.0.0.1:1" }, { word: "pass-word-1" }, {}, "secrets.word", "half-a-pair"],
  [{ login: true }, {}, {}, "config.login", "no-proxy-url"],
])("is refused where it makes no sense: %j %j %j", (config, secrets, network, path, reason) => {
  const outcome = setUpConnector(type, { config: { url, ...config }, secrets, network }, reach);
  expect(outcome).toMatchObject({ problems: [{ details: { reason } }] });
  expect("problems" in outcome && outcome.problems[0]?.path.join(".")).toBe(path);
});

it("is judged by the allow-list at the place where it is written", () => {
  const narrow = reachOf({ allowedHosts: ["127.0.0.1"], denyPrivateAddresses: false });
  const outcome = setUpConnector(type, { config: { url, relay: "http://proxy.example:1" } }, narrow);
  expect(outcome).toMatchObject({ problems: [{ code: "host-not-allowed", path: ["config", "relay"] }] });
});
