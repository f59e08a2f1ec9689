import { z } from "zod";

import { defineConnection, defineConnectorType } from "../src/index.ts";

const c = defineConnection({
  config: z.object({ url: z.string() }),
  secrets: z.object({ token: z.string() }),
  auth: [{ kind: "bearer", token: "token" }],
  hosts: [],
});
export const a = c.action({
  summary: "s", effect: "read", idempotency: "natural",
  input: z.object({ n: z.number().default(1) }),
  output: z.object({ s: z.string() }),
  async run(ctx, input) {
    const r = await ctx.request({ method: "GET", path: ctx.config.url, expect: z.object({ q: z.string() }) });
    const n: number = input.n; const s: string = r.data.q;
    const u = await ctx.request({ method: "GET" });
    // @ts-expect-error unknown
    u.data.x;
    return { s: s + n };
  },
});
// @ts-expect-error wrong output
c.action({ summary: "s", effect: "read", idempotency: "natural", input: z.object({}), output: z.object({ s: z.string() }), async run() { return { s: 1 }; } });
// @ts-expect-error no effect
c.action({ summary: "s", idempotency: "natural", input: z.object({}), output: z.object({ s: z.string() }), async run() { return { s: "1" }; } });
export const t = defineConnectorType({ id: "x", title: "", description: "", connection: c, actions: { a }, defaultAction: "a", subActions: { push: "a" } });
// @ts-expect-error unknown default
defineConnectorType({ id: "x", title: "", description: "", connection: c, actions: { a }, defaultAction: "b" });
// @ts-expect-error unknown field
defineConnection({ config: z.object({}), secrets: z.object({ token: z.string() }), auth: [{ kind: "bearer", token: "tok" }], hosts: [] });
const o = defineConnection({ config: z.object({ url: z.string() }), secrets: z.object({}), auth: [{ kind: "envelope" }], hosts: [], optional: true });
o.action({ summary: "s", effect: "read", idempotency: "natural", input: z.object({}), output: z.object({ s: z.string() }), 
  // @ts-expect-error config may be undefined
  async run(ctx) { return { s: ctx.config.url }; } });
