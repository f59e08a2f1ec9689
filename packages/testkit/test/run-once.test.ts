import { defineConnection, defineConnectorType } from "@stepwire/core";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";

import { runOnce, startLoopback, testOnce } from "../src/index.ts";

const work = { summary: "Gets", effect: "read", idempotency: "natural", output: z.unknown() } as const;

const connection = defineConnection({
  config: z.strictObject({ url: z.string() }),
  secrets: z.strictObject({ token: z.string().optional() }),
  auth: [{ kind: "bearer", token: "token" }, { kind: "none" }],
  baseUrl: (config) => config.url,
  hosts: [],
  optional: true,
  test: (ctx) => ctx.request({ method: "GET", path: "/me" }),
});
const items = defineConnectorType({
  id: "acme/items",
  title: "Items",
  description: "Items",
  connection,
  actions: {
    get: connection.action({
      ...work,
      input: z.strictObject({ url: z.string().optional() }),
      run: async (ctx, { url }) => {
        const response = await ctx.request({ method: "GET", ...(url === undefined ? { path: "/items" } : { url }) });
        return { configured: ctx.config !== undefined, data: response.data };
      },
    }),
    fail: connection.action({
      ...work,
      input: z.strictObject({}),
      run: () => Promise.reject(new RangeError("on purpose")),
    }),
  },
  subActions: { getIncident: "get" },
});

async function start() {
  const server = await startLoopback(({ path, headers }) => ({ json: { path, sent: headers.authorization ?? null } }));
  onTestFinished(() => server.close());
  return server;
}

it("runs an action of a connector", async () => {
  const { url } = await start();
  const outcome = await runOnce(items, {
    action: "get",
    input: {},
    config: { url },
    secrets: { token: "long-enough" },
  });
  expect(outcome).toEqual({ output: { configured: true, data: { path: "/items", sent: "Bearer [masked]" } } });
});

it("runs without a connector where there is neither config nor secrets", async () => {
  const { url } = await start();
  const outcome = await runOnce(items, { action: "getIncident", input: { url: `${url}/x` } });
  expect(outcome).toEqual({ output: { configured: false, data: { path: "/x", sent: null } } });
});

it("hands network settings on in both cases", async () => {
  const { url } = await start();
  const network = { allowedHosts: [] };
  for (const config of [{ config: { url } }, {}]) {
    const { error } = await runOnce(items, { action: "get", input: { url }, network, ...config });
    expect(error?.code).toBe("host-not-allowed");
  }
});

it("gives every error as plain data", async () => {
  const config = { url: "http://127.0.0.1:1" };
  expect(await runOnce(items, { action: "fail", input: {}, config })).toEqual({
    error: {
      code: "internal",
      type: "InternalError",
      message: "on purpose",
      retryable: false,
      details: { reason: "thrown", name: "RangeError" },
    },
  });
  expect((await runOnce(items, { action: "get", input: { x: 1 }, config })).error?.code).toBe("params-invalid");
  expect((await runOnce(items, { input: {}, config })).error?.code).toBe("usage-invalid");
  expect((await runOnce(items, { action: "nope", input: {}, config })).error?.code).toBe("usage-invalid");
  // What TypeScript refuses comes from files and programs that are not checked.
  expect((await runOnce(items, { action: "get", input: {}, config: {} as { url: string } })).error?.code).toBe(
    "config-invalid",
  );
});

it("runs a type's own test", async () => {
  const { url } = await start();
  expect(await testOnce(items, { config: { url } })).toEqual({});
  expect((await testOnce(items, { config: { url }, network: { allowedHosts: [] } })).error?.code).toBe(
    "host-not-allowed",
  );
});
