import { defineConnection, defineConnectorType } from "@stepwire/core";
import { mockVendor, runOnce } from "@stepwire/testkit";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";

const connection = defineConnection({
  config: z.object({}),
  secrets: z.object({ apiKey: z.string() }),
  auth: [{ kind: "bearer", token: "apiKey" }],
  baseUrl: () => "https://api.pager.example",
  hosts: ["api.pager.example"],
});

const page = connection.action({
  summary: "Pages whoever is on call",
  effect: "write",
  idempotency: "none",
  input: z.object({ summary: z.string() }),
  output: z.object({ id: z.string() }),
  async run(ctx, input) {
    const { data } = await ctx.request({
      method: "POST",
      path: "/pages",
      json: { title: input.summary },
      expect: z.object({ id: z.string() }),
    });
    return data;
  },
});

const pager = defineConnectorType({
  id: "acme/pager",
  title: "Pager",
  description: "Pages people",
  connection,
  actions: { page },
  defaultAction: "page",
});

it("pages whoever is on call", async () => {
  const vendor = mockVendor({ "POST https://api.pager.example/pages": () => ({ status: 201, json: { id: "P-1" } }) });
  onTestFinished(() => vendor.close());

  const outcome = await runOnce(pager, { secrets: { apiKey: "key-of-the-test" }, input: { summary: "Disk full" } });

  expect(outcome).toEqual({ output: { id: "P-1" } });
  expect(vendor.calls).toMatchObject([
    { headers: { authorization: "Bearer key-of-the-test" }, body: { title: "Disk full" } },
  ]);
});

it("passes on what the pager says is wrong, and never the key", async () => {
  const vendor = mockVendor({
    "POST https://api.pager.example/pages": ({ headers }) => ({
      status: 403,
      json: { message: `not allowed for ${headers["authorization"]}` },
    }),
  });
  onTestFinished(() => vendor.close());

  const { error } = await runOnce(pager, { secrets: { apiKey: "key-of-the-test" }, input: { summary: "Disk full" } });

  expect(error).toMatchObject({ code: "http-status", status: 403, retryable: false });
  expect(error?.message).toBe("[403] Forbidden: not allowed for Bearer [masked]");
});
