import type { Ctx } from "@stepwire/core";
import { describe, expect, it } from "vitest";

import { judged as judgedSample } from "./faulty.ts";
import { ITEM, judgedThing, read, send } from "./thing-support.ts";

describe("an action that reads", () => {
  it("sends what reads", async () => {
    expect(await judgedThing("effects", { run: read, effect: "read", idempotency: "natural" })).toMatchObject({
      status: "passed",
      problems: [],
    });
    expect(await judgedSample("effects", [])).toMatchObject({ status: "passed", problems: [], checked: 4 });
  });

  it("sends nothing that writes", async () => {
    expect((await judgedThing("effects", { run: send, effect: "read" })).problems).toEqual([
      {
        where: "acme/thing.act",
        message: "It sends POST /items, though its effect is read.",
        fix: 'Set effect: "write" or "destroy"; if the request only reads, list it under queries of the scenarios: "POST /items".',
      },
    ]);
  });

  it("may send what the scenarios call a query, which one example has to send", async () => {
    const { problems } = await judgedThing("effects", {
      run: send,
      effect: "read",
      more: { queries: ["POST /items", "POST /search"] },
    });
    expect(problems).toEqual([
      {
        where: "acme/thing queries POST /search",
        message: "No example sends it.",
        fix: "Correct it, or take it out of queries of the scenarios.",
      },
    ]);
  });

  it("may have its access token fetched", async () => {
    const config = { hasAuth: true, authType: "webhook-oauth2-client-credentials", clientId: "kit" };
    const accessTokenUrl = "https://login.acme.example/token";
    const secrets = { clientSecret: "cs-Igel-20-8817" };
    const answers = {
      "POST https://login.acme.example/token": { json: { access_token: "at-1" } },
      "GET /items/1": { json: ITEM },
    };
    const more = { connector: { config: { ...config, accessTokenUrl }, secrets } };
    const thing = { run: read, effect: "read", auth: [{ kind: "envelope" }], answers, more } as const;
    expect((await judgedThing("effects", thing)).problems).toEqual([]);
  });
});

it("a test reads, too", async () => {
  const test = async (ctx: Ctx) => send(ctx);
  const more = { test: { "POST /items": { json: ITEM } } };
  expect((await judgedThing("effects", { run: send, test, more })).problems).toEqual([
    {
      where: "acme/thing test",
      message: "It sends POST /items, though a test must not change anything.",
      fix: 'Test with a request that reads; if the request only reads, list it under queries of the scenarios: "POST /items".',
    },
  ]);
});

describe("an action that deletes", () => {
  const remove = async (ctx: Ctx) => {
    await ctx.request({ method: "DELETE", path: "/items/1" });
    return ITEM;
  };
  const answers = { "DELETE /items/1": { status: 204 }, "POST /items": { status: 201, json: ITEM } };

  it("destroys", async () => {
    expect((await judgedThing("effects", { run: remove, effect: "destroy", answers })).problems).toEqual([]);
    expect((await judgedThing("effects", { run: remove, answers })).problems).toEqual([
      {
        where: "acme/thing.act",
        message: "All of its examples send DELETE, though its effect is write.",
        fix: 'Set effect: "destroy"; if what it takes away can be brought back, say how under reversible of the scenarios.',
      },
    ]);
  });

  it("may only write where what it takes away can be put back", async () => {
    const more = { actions: { act: { examples: [{ input: {}, answers }], reversible: "A label can be put back" } } };
    expect((await judgedThing("effects", { run: remove, more })).problems).toEqual([]);
  });

  it("may only write where another example deletes nothing", async () => {
    let count = 0;
    const run = async (ctx: Ctx) => ((count += 1) % 2 === 1 ? remove(ctx) : send(ctx));
    const more = {
      actions: {
        act: {
          examples: [
            { input: {}, answers },
            { input: {}, answers },
          ],
        },
      },
    };
    expect((await judgedThing("effects", { run, more })).problems).toEqual([]);
  });
});

it("what makes something new is not naturally idempotent", async () => {
  expect((await judgedThing("effects", { run: send, idempotency: "natural" })).problems).toEqual([
    {
      where: "acme/thing.act",
      message: "Its idempotency is natural, but POST /items was answered with 201: done twice, it makes two.",
      fix: expect.stringMatching(/^Set idempotency: "none", or name the header of the vendor's keys: \{ header \}\./),
    },
  ]);
  const answers = { "POST /items": { status: 200, json: ITEM } };
  expect((await judgedThing("effects", { run: send, idempotency: "natural", answers })).problems).toEqual([]);
});

describe("one address for queries and mutations", () => {
  const answers = { "POST /graphql": { json: ITEM } };
  const ask = (query: string) => async (ctx: Ctx) => {
    await ctx.request({ method: "POST", path: "/graphql", json: { query } });
    return ITEM;
  };
  const more = { queries: [({ body }: { body: string }) => !body.includes("mutation")] };

  it("is told apart by what is sent", async () => {
    const judge = async (query: string) =>
      (await judgedThing("effects", { run: ask(query), effect: "read", answers, more })).problems;
    expect(await judge("{ item { id } }")).toEqual([]);
    expect(await judge("mutation { add }")).toMatchObject([
      { where: "acme/thing.act", message: "It sends POST /graphql, though its effect is read." },
      { where: "acme/thing queries [0]", message: "No example sends it." },
    ]);
  });
});
