import {
  defineConnection,
  defineConnectorType,
  definePlugin,
  type Ctx,
  type Effect,
  type HttpResponse,
  type Idempotency,
  type VendorRefusal,
} from "@stepwire/core";
import { onTestFinished } from "vitest";
import { z } from "zod";

import { startKit, type GroupResult } from "../../src/kit/run-kit.ts";
import type { Answers, Example, TypeScenarios } from "../../src/kit/scenarios.ts";

export const TOKEN = "tok-Zander-4711-uhu";
export const ITEM = { id: "1", title: "one" };
const Item = z.object({ id: z.string(), title: z.string().optional() });

/** A connector that logs in, with one action that takes parameters, and what its author says of it. */
export interface Thing {
  readonly run: (ctx: Ctx, input: Record<string, unknown>) => Promise<unknown>;
  readonly effect?: Effect;
  readonly idempotency?: Idempotency;
  readonly input?: z.ZodType;
  readonly output?: z.ZodType;
  readonly config?: z.ZodType;
  /** A bearer token unless given. */
  readonly auth?: readonly unknown[];
  readonly hosts?: readonly string[];
  readonly check?: (response: HttpResponse) => VendorRefusal | undefined;
  readonly test?: (ctx: Ctx) => Promise<unknown>;
  readonly answers?: Answers;
  readonly example?: Partial<Example>;
  readonly more?: Partial<TypeScenarios>;
}

/** What one group of the kit says about it. */
export async function judgedThing(group: string, thing: Thing): Promise<GroupResult> {
  const { run, effect = "write", idempotency = "none", example, more } = thing;
  const { input = z.strictObject({}), output = Item, config = z.strictObject({}), check, test } = thing;
  const { auth = [{ kind: "bearer", token: "token" }], hosts = ["api.acme.example"] } = thing;
  const connection = defineConnection({
    config,
    secrets: z.strictObject({ token: z.string().optional(), user: z.string().optional() }),
    auth: auth as [],
    hosts,
    baseUrl: () => "https://api.acme.example",
    ...(check === undefined ? {} : { check }),
    ...(test === undefined ? {} : { test }),
  });
  const act = connection.action({
    summary: "Acts",
    effect,
    idempotency,
    input,
    output,
    run: async (ctx, given) => run(ctx, given as Record<string, unknown>),
  });
  const type = defineConnectorType({
    id: "acme/thing",
    title: "Thing",
    description: "Things",
    connection,
    actions: { act },
  });
  const { answers = { "POST /items": { status: 201, json: ITEM }, "GET /items/*": { json: ITEM } } } = thing;
  const kit = startKit({
    plugin: definePlugin({ connectorTypes: [type] }),
    scenarios: {
      "acme/thing": {
        connector: { secrets: { token: TOKEN } },
        actions: { act: { examples: [{ input: {}, answers, ...example }] } },
        ...more,
      },
    },
  });
  onTestFinished(() => kit.close());
  return kit.result(group);
}

/** Sends the write that the usual answers are for. */
export const send = async (ctx: Ctx): Promise<unknown> =>
  (await ctx.request({ method: "POST", path: "/items", json: { text: "hi" }, expect: Item })).data;

/** The same as a read. */
export const read = async (ctx: Ctx): Promise<unknown> =>
  (await ctx.request({ method: "GET", path: "/items/1", expect: Item })).data;
