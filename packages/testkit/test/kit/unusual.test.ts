/** Connectors that do everything right, though not as most others do: nobody is accused. */
import {
  defineConnection,
  defineConnectorType,
  definePlugin,
  defineStep,
  type Ctx,
  type HttpRequest,
} from "@stepwire/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";

import { startKit } from "../../src/kit/run-kit.ts";
import { plant } from "./faulty.ts";
import { ITEM, judgedThing, read, send } from "./thing-support.ts";

type Place = (request: HttpRequest, secrets: { token: string }) => HttpRequest;
const custom = (place: Place) => [{ kind: "custom", place }];

describe("a secret that is made of several parts", () => {
  it("may name its owner in the header Authorization", async () => {
    const token = JSON.stringify({ type: "service", clientId: "ledger-client", privateKey: "k3y-9f8a7b6c5d4e" });
    const auth = custom((request, secrets) => {
      const { clientId } = JSON.parse(secrets.token) as { clientId: string };
      return { ...request, headers: { ...request.headers, Authorization: `HMAC ${clientId}:7f3c` } };
    });
    const more = { connector: { secrets: { token } } };
    expect(await judgedThing("redaction", { run: send, auth, more })).toMatchObject({ problems: [], notRun: [] });
  });

  it("may have keys that everybody writes", async () => {
    const token = JSON.stringify({ privateKey: "k3y-9f8a7b6c5d4e" });
    const run = async (ctx: Ctx) => ({ ...((await send(ctx)) as object), title: "the privateKey was used" });
    const more = { connector: { secrets: { token } } };
    expect((await judgedThing("redaction", { run, more })).problems).toEqual([]);
  });

  it("must not get out in its parts either", async () => {
    const token = JSON.stringify({ privateKey: 'k3y-"9f8a7b6c5d4e' });
    let part = "";
    const auth = custom((request, secrets) => {
      part = (JSON.parse(secrets.token) as { privateKey: string }).privateKey;
      return request;
    });
    const run = async (ctx: Ctx) => ({ ...((await send(ctx)) as object), title: part });
    const more = { connector: { secrets: { token } } };
    expect((await judgedThing("redaction", { run, auth, more })).problems).toMatchObject([
      { message: expect.stringMatching(/^Its output holds a piece of secrets\.token\.privateKey, /) },
    ]);
  });
});

describe("an address that is the secret", () => {
  it("may be read from", async () => {
    const token = "https://feeds.acme.example/private/T-4711-uhu";
    const auth = custom((request, secrets) => ({ ...request, url: secrets.token }));
    const more = { connector: { secrets: { token } } };
    const answers = { "GET /private/T-4711-uhu": { json: ITEM } };
    const thing = { run: read, effect: "read", auth, hosts: ["feeds.acme.example"], more, answers } as const;
    expect(await judgedThing("auth", thing)).toMatchObject({ problems: [], notRun: [] });
  });
});

describe("a signature", () => {
  it("may be made with node:crypto, since place cannot wait for the global one", async () => {
    const { folder, plugin, scenarios } = await plant([
      ["index.js", 'from "zod";', 'from "zod";\nimport { createHmac } from "node:crypto";'],
      ["index.js", "ctx.log.info", 'createHmac("sha256", "key");\n    ctx.log.info'],
    ]);
    const kit = startKit({ plugin, scenarios, folder });
    onTestFinished(() => kit.close());
    expect((await kit.result("own-io")).problems).toEqual([]);
  });
});

describe("requests", () => {
  it("may be sent at the same time, and not all come back before the first fails", async () => {
    const run = async (ctx: Ctx) => {
      const ids = ["1", "2", "3"];
      await Promise.all(ids.map(async (id) => ctx.request({ method: "POST", path: `/items/${id}`, json: {} })));
      return ITEM;
    };
    const answers = Object.fromEntries(["1", "2", "3"].map((id) => [`POST /items/${id}`, { json: ITEM }]));
    expect(await judgedThing("retry", { run, answers })).toMatchObject({ problems: [], notRun: [] });
  });
});

describe("a text", () => {
  it("may be taken apart into words", async () => {
    const run = async (ctx: Ctx, { words }: Record<string, unknown>) =>
      (await ctx.request({ method: "POST", path: "/items", json: { words: String(words).split(" ") } })).data;
    const input = z.strictObject({ words: z.string() });
    expect((await judgedThing("templates", { run, input, example: { input: { words: "a b" } } })).problems).toEqual([]);
  });
});

describe("a type that can do without a connector", () => {
  const connection = defineConnection({
    config: z.strictObject({ url: z.url().optional() }),
    secrets: z.strictObject({}),
    optional: true,
    auth: [{ kind: "envelope" }],
    hosts: [],
  });
  const get = connection.action({
    summary: "Reads",
    effect: "read",
    idempotency: "natural",
    input: z.strictObject({ url: z.url().describe("What to read") }),
    output: z.object({ id: z.string() }),
    run: async (ctx, { url }) => (await ctx.request({ method: "GET", url, expect: z.object({ id: z.string() }) })).data,
  });
  const type = defineConnectorType({ id: "acme/get", title: "Get", description: "Gets", connection, actions: { get } });
  const upper = defineStep({
    type: "acme/upper",
    summary: "Makes text large",
    effect: "read",
    input: z.strictObject({ text: z.string() }),
    output: z.object({ text: z.string() }),
    run: async (_, { text }) => ({ text: text.toUpperCase() }),
  });
  const example = { input: { url: "https://a.example/1" }, answers: { "GET https://a.example/1": { json: ITEM } } };
  const user = { config: { url: "https://a.example" }, secrets: { user: "ada", password: "Pforte-4711-uhu" } };
  const started = (connectors?: { user: typeof user }) => {
    const kit = startKit({
      plugin: definePlugin({ connectorTypes: [type], steps: [upper] }),
      scenarios: {
        "acme/get": {
          connector: {},
          ...(connectors === undefined ? {} : { connectors }),
          actions: {
            get: { examples: [example, ...(connectors === undefined ? [] : [{ ...example, connector: "user" }])] },
          },
        },
      },
    });
    onTestFinished(() => kit.close());
    return kit;
  };

  it.each([
    "examples",
    "auth",
    "auth-expiry",
    "redaction",
    "answers",
    "connection",
    "retry",
    "abort",
    "templates",
    "output",
  ])("is called without one: %s", async (group) => {
    expect((await started({ user }).result(group)).problems).toEqual([]);
  });

  it("has to show the way to log in nevertheless", async () => {
    expect((await started().result("auth")).problems).toMatchObject([{ where: "acme/get auth envelope" }]);
  });

  it("may come with a step, which is not called, and that is said", async () => {
    expect((await started().result("own-io")).notRun).toContain(
      "acme/upper: scenarios are for connectors, so that the step was not run",
    );
  });
});
