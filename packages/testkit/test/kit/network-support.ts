import {
  defineConnection,
  defineConnectorType,
  definePlugin,
  type ActionPolicies,
  type Ctx,
  type HttpResponse,
  type Idempotency,
  type VendorRefusal,
} from "@stepwire/core";
import { onTestFinished } from "vitest";
import { z } from "zod";

import { startKit, type GroupResult } from "../../src/kit/run-kit.ts";
import type { Answers, TypeScenarios } from "../../src/kit/scenarios.ts";

/** A connector with one action, and what its author says of it. */
export interface Setup {
  readonly run: (ctx: Ctx) => Promise<unknown>;
  /** Writes unless given. */
  readonly effect?: "read" | "write";
  readonly idempotency?: Idempotency;
  readonly policies?: ActionPolicies;
  readonly check?: (response: HttpResponse) => VendorRefusal | undefined;
  /** `https://api.acme.example` unless given; `null` for a type that has none. */
  readonly baseUrl?: string | null;
  /** With the host's own ways to log in. */
  readonly envelope?: true;
  readonly answers?: Answers;
  readonly statuses?: TypeScenarios["actions"][string]["statuses"];
  readonly more?: Partial<TypeScenarios>;
}

export const ITEM = { id: "1" };
export const Item = z.object({ id: z.string() });

/** Sends the write that the usual answers are for. */
export const send = async (ctx: Ctx): Promise<unknown> =>
  (await ctx.request({ method: "POST", path: "/items", json: { text: "hi" }, expect: Item })).data;

/** The same as a read. */
export const read = async (ctx: Ctx): Promise<unknown> =>
  (await ctx.request({ method: "GET", path: "/items/1", expect: Item })).data;

const ANSWERS: Answers = {
  "POST /items": { status: 201, json: ITEM },
  "GET /items/1": { json: ITEM },
};

/** What one group of the kit says about it. */
export async function judged(group: string, setup: Setup): Promise<GroupResult> {
  const { run, effect = "write", idempotency = "none", policies, check, baseUrl = "https://api.acme.example" } = setup;
  const connection = defineConnection({
    config: z.strictObject({}).loose(),
    secrets: z.strictObject({}),
    auth: [{ kind: setup.envelope === true ? "envelope" : "none" }],
    hosts: ["api.acme.example"],
    ...(baseUrl === null ? {} : { baseUrl: () => baseUrl }),
    ...(check === undefined ? {} : { check }),
  });
  const act = connection.action({
    summary: "Acts",
    effect,
    idempotency,
    ...(policies === undefined ? {} : { policies }),
    input: z.strictObject({}),
    output: z.object({ id: z.string().optional() }),
    run: async (ctx) => (await run(ctx)) as { id: string },
  });
  const type = defineConnectorType({
    id: "acme/thing",
    title: "Thing",
    description: "Things",
    connection,
    actions: { act },
  });
  const { answers = ANSWERS, statuses, more } = setup;
  const kit = startKit({
    plugin: definePlugin({ connectorTypes: [type] }),
    scenarios: {
      "acme/thing": {
        connector: {},
        ...more,
        actions: { act: { examples: [{ input: {}, answers }], ...(statuses === undefined ? {} : { statuses }) } },
      },
    },
  });
  onTestFinished(() => kit.close());
  return kit.result(group);
}
