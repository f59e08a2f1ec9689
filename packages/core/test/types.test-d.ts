/** Type tests, run by `npm run typecheck`: what must compile, and wrong uses that must not (each marked). */
import { z } from "zod";

import {
  defineConnection,
  defineConnectorType,
  definePlugin,
  defineStep,
  type InferInput,
  type InferOutput,
} from "../src/index.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
// oxlint-disable-next-line no-unused-vars -- only its type parameter matters
const holds = <T extends true>(_?: T) => undefined;

const connection = defineConnection({
  config: z.object({ apiUrl: z.string(), retries: z.number().default(3) }),
  secrets: z.object({ token: z.string() }),
  auth: [{ kind: "bearer", token: "token" }],
  hosts: ["api.example.com"],
  baseUrl: (config) => config.apiUrl,
});
const input = z.object({ id: z.string(), limit: z.number().default(10) });
const output = z.object({ title: z.string() });
const work = { summary: "Gets an item", effect: "read", idempotency: "natural", input, output } as const;

const getItem = connection.action({
  ...work,
  async run(ctx, given) {
    holds<Equal<typeof given, { id: string; limit: number }>>();
    holds<Equal<typeof ctx.config, { apiUrl: string; retries: number }>>();
    const typed = await ctx.request({ method: "GET", path: "/x", expect: z.object({ name: z.string() }) });
    holds<Equal<typeof typed.data, { name: string }>>();
    const untyped = await ctx.request({ method: "GET", path: "/x" });
    holds<Equal<typeof untyped.data, unknown>>();
    return { title: typed.data.name };
  },
});
holds<Equal<InferInput<typeof getItem.input>, { id: string; limit?: number | undefined }>>();
holds<Equal<InferOutput<typeof getItem.output>, { title: string }>>();

const about = { id: "items", title: "Items", description: "Items of an example", connection };
const items = defineConnectorType({
  ...about,
  actions: { getItem },
  defaultAction: "getItem",
  subActions: { get: "getItem" },
});
holds<Equal<keyof typeof items.actions, "getItem">>();
definePlugin({ connectorTypes: [items] });

// 1. An output that the schema does not know.
connection.action({
  ...work,
  // @ts-expect-error -- title is a text
  run: async () => ({ title: 1 }),
});

// 2. No output at all.
connection.action({
  ...work,
  // @ts-expect-error -- the title is missing
  run: async () => ({}),
});

// 3. No effect. (4.) No idempotency.
const { effect: _e, ...withoutEffect } = work;
// @ts-expect-error -- effect is required
connection.action({ ...withoutEffect, run: async () => ({ title: "" }) });
const { idempotency: _i, ...withoutIdempotency } = work;
// @ts-expect-error -- idempotency is required
connection.action({ ...withoutIdempotency, run: async () => ({ title: "" }) });

// 5. An effect there is not.
// @ts-expect-error -- read, write or destroy
connection.action({ ...work, effect: "maybe", run: async () => ({ title: "" }) });

// 6. A parameter the input schema does not have.
connection.action({
  ...work,
  // @ts-expect-error -- there is no `name` in the input
  run: async (_ctx, given) => ({ title: given.name }),
});

// 7. A config key the config schema does not have.
connection.action({
  ...work,
  // @ts-expect-error -- there is no `url` in the config
  run: async (ctx) => ({ title: ctx.config.url }),
});

// 8. Secrets in an action.
connection.action({
  ...work,
  // @ts-expect-error -- actions see no secrets
  run: async (ctx) => ({ title: ctx.secrets.token }),
});

// 9. A default action that is not among the actions. (10.) A sub-action that leads nowhere.
// @ts-expect-error -- no such action
defineConnectorType({ ...about, actions: { getItem }, defaultAction: "createItem" });
// @ts-expect-error -- no such action
defineConnectorType({ ...about, actions: { getItem }, subActions: { push: "createItem" } });

// 11. An auth kind that names a field which is neither a secret nor config.
defineConnection({
  config: z.object({}),
  secrets: z.object({ token: z.string() }),
  // @ts-expect-error -- the field is called token
  auth: [{ kind: "bearer", token: "apiToken" }],
  hosts: [],
});

// 12. An answer used without a schema.
connection.action({
  ...work,
  // @ts-expect-error -- data is unknown until `expect` says what it is
  run: async (ctx) => ({ title: (await ctx.request({ method: "GET" })).data.title }),
});

// 13. The config of a connection that may have no connector.
const optional = defineConnection({
  config: z.object({ url: z.string() }),
  secrets: z.object({}),
  auth: [{ kind: "none" }],
  hosts: [],
  optional: true,
});
optional.action({
  ...work,
  // @ts-expect-error -- config may be undefined
  run: async (ctx) => ({ title: ctx.config.url }),
});

// 14. A step whose output is wrong.
defineStep({
  type: "acme/add",
  summary: "Adds",
  effect: "read",
  input: z.object({ a: z.number() }),
  output: z.object({ sum: z.number() }),
  // @ts-expect-error -- the sum is a number
  run: async (_ctx, { a }) => ({ sum: String(a) }),
});
