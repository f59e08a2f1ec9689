import { defineConnection, defineConnectorType, ENVELOPE_CONFIG_KEYS, ENVELOPE_SECRET_KEYS } from "@stepwire/core";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";

import { createClient, createConnector } from "../src/index.ts";
import { failure, get, open, serve, typeOf } from "./http-support.ts";

const connection = defineConnection({
  config: z.strictObject({
    url: z.url(),
    retries: z.number().int().max(5).default(1),
    nested: z.strictObject({ a: z.string() }).optional(),
  }),
  secrets: z.strictObject({ token: z.string().min(4), other: z.string().optional() }),
  auth: [{ kind: "bearer", token: "token" }],
  hosts: [],
  baseUrl: (config) => config.url,
});
const plain = defineConnectorType({
  id: "plain",
  title: "Plain",
  description: "Plain",
  connection,
  actions: {
    config: connection.action({
      summary: "Gives its config back",
      effect: "read",
      idempotency: "natural",
      input: z.strictObject({
        flag: z.boolean().optional(),
        count: z.number().int().optional(),
        text: z.string().optional(),
      }),
      output: z.object({ config: z.unknown(), input: z.unknown() }),
      run: async (ctx, input) => ({ config: ctx.config, input }),
    }),
  },
  subActions: { getConfig: "config" },
});

/** What is wrong with a connector, as `[code, place]`, and the whole message. */
function problemsOf(make: () => unknown) {
  const { details, message, code } = caught(make);
  const problems = (details?.["problems"] ?? []) as { code: string; path: string }[];
  return { code, message, places: problems.map((problem) => `${problem.code} ${problem.path}`) };
}
function caught(make: () => unknown) {
  try {
    make();
  } catch (error) {
    return error as { code: string; message: string; details?: Record<string, unknown> };
  }
  throw new Error("It did not fail.");
}
const plainProblems = (config: object, secrets: object, network = {}) =>
  problemsOf(() => createConnector(plain, { config: config as never, secrets: secrets as never, network }));

describe("createConnector", () => {
  it("names every field that is wrong, at once", () => {
    const { code, message, places } = plainProblems(
      { retries: 9, nested: { b: 1 }, urll: "x" },
      { token: 5, tokn: "x" },
      { baseUrl: "example.com" },
    );
    expect(code).toBe("config-invalid");
    expect(places.toSorted()).toEqual([
      "config-invalid config.nested.a",
      "config-invalid config.nested.b",
      "config-invalid config.retries",
      "config-invalid config.url",
      "config-invalid config.urll",
      "config-invalid network.baseUrl",
      "secrets-invalid secrets.token",
      "secrets-invalid secrets.tokn",
    ]);
    expect(message).toContain("8 problems");
    expect(message).toContain("Did you mean url?");
    expect(message).toContain("Did you mean token?");
  });

  it("never shows a secret that is wrong", () => {
    expect(plainProblems({ url: "http://x" }, { token: "abc" }).message).not.toContain("abc");
  });

  it.each([
    [5, {}, "config-invalid config"],
    [[], {}, "config-invalid config"],
    [{ url: "http://x" }, "token", "secrets-invalid secrets"],
  ])("refuses %j and %j for config and secrets", (config, secrets, place) => {
    expect(plainProblems(config as object, secrets as object).places).toContain(place);
  });

  it.each(["example.com", "ftp://example.com", "", "/path"])("refuses the base URL %j", (baseUrl) => {
    expect(plainProblems({ url: "http://x" }, { token: "long" }, { baseUrl }).places).toEqual([
      "config-invalid network.baseUrl",
    ]);
  });

  it.each([
    [{ responseTimeout: "soon" }, "network.responseTimeout"],
    [{ responseTimeout: "0s" }, "network.responseTimeout"],
    [{ maxResponseContentLength: "1 megabyte" }, "network.maxResponseContentLength"],
    [{ allowedHosts: ["http://x"] }, "network.allowedHosts"],
  ])("refuses the setting %j", (network, named) => {
    const { code, message } = plainProblems({ url: "http://x" }, { token: "long" }, network);
    expect(code).toBe("settings-invalid");
    expect(message).toContain(named);
  });

  it("uses its name in messages", () => {
    expect(() => createConnector(plain, { name: "engineering", config: {} as never })).toThrow("engineering");
  });

  it("gives actions the config with its defaults, and runs them by sub-action too", async () => {
    const connector = createConnector(plain, { config: { url: "http://x" }, secrets: { token: "long" } });
    const { config } = await connector.actions.config({});
    expect(config).toEqual({ url: "http://x", retries: 1 });
    expect(await connector.run("getConfig", {})).toMatchObject({ config });
    for (const name of ["nope", "constructor", "__proto__"]) {
      expect(await failure(connector.run(name, {}))).toMatchObject({ code: "usage-invalid" });
    }
    await connector.close();
  });
});

describe("parameters", () => {
  const call = async (input: unknown) => {
    const connector = createConnector(plain, { config: { url: "http://x" }, secrets: { token: "long" } });
    try {
      return ((await connector.run("config", input)) as { input: unknown }).input;
    } finally {
      await connector.close();
    }
  };

  it("that are texts become what the schema wants, and only then", async () => {
    expect(await call({ flag: "true", count: "12", text: "12" })).toEqual({ flag: true, count: 12, text: "12" });
    expect(await call({ flag: false, count: 3 })).toEqual({ flag: false, count: 3 });
    expect(await call(undefined)).toEqual({});
    expect(await call(null)).toEqual({});
  });

  it.each([
    [{ flag: "yes" }, "flag"],
    [{ count: "1.5" }, "count"],
    [{ count: "" }, "count"],
    [{ cuont: 1 }, "Did you mean count?"],
    ["text", "The parameters of plain.config"],
    [[], "The parameters of plain.config"],
  ])("%j are refused", async (input, named) => {
    const error = await failure(call(input));
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
  });
});

it("refuses an output that does not fit its schema", async () => {
  const type = { url: "http://127.0.0.1:9", output: z.object({ id: z.string() }) };
  const error = await failure(open(() => Promise.resolve({ id: 5 }), type).run("run", {}));
  expect(error).toMatchObject({ code: "output-invalid", retryable: false });
  expect(error.message).toContain("id");
  // What the schema does not name does not get out.
  expect(await open(() => Promise.resolve({ id: "5", more: 1 }), type).run("run", {})).toEqual({ id: "5" });
});

describe("Kibana's envelope", () => {
  const envelope = (config: object, secrets: object, methods?: readonly ("none" | "basic" | "ssl")[]) =>
    problemsOf(() =>
      createConnector(typeOf(get, methods === undefined ? {} : { auth: [{ kind: "envelope", methods }] }), {
        config: { url: "http://x", ...config },
        secrets: { ...secrets },
      }),
    );

  it("is basic unless hasAuth is false", () => {
    expect(envelope({}, {}).places).toEqual(["secrets-invalid secrets.user", "secrets-invalid secrets.password"]);
    expect(envelope({ hasAuth: true, authType: null }, { user: "jo", password: null }).places).toEqual([
      "secrets-invalid secrets.password",
    ]);
    expect(envelope({ authType: "webhook-authentication-basic" }, { user: "", password: "p" }).places).toEqual([
      "secrets-invalid secrets.user",
    ]);
  });

  it.each([
    [{ hasAuth: false }, { password: "p" }, "secrets-invalid secrets.password"],
    [{ hasAuth: false }, { user: "jo" }, "secrets-invalid secrets.user"],
    [{ hasAuth: false, authType: "webhook-authentication-basic" }, {}, "config-invalid config.authType"],
    [{ hasAuth: "no" }, {}, "config-invalid config.hasAuth"],
    [{ authType: "basic" }, {}, "config-invalid config.authType"],
    [{ authType: "constructor" }, {}, "config-invalid config.authType"],
    [{}, { user: "a:b", password: "p" }, "secrets-invalid secrets.user"],
    [{}, { user: 5, password: "p" }, "secrets-invalid secrets.user"],
    [{ hasAuth: false, ca: "LS0t" }, {}, "config-invalid config.ca"],
    [{ hasAuth: false, verificationMode: "some" }, {}, "config-invalid config.verificationMode"],
    [{ hasAuth: false }, { crt: "x", key: "y" }, "secrets-invalid secrets.crt"],
    [{ hasAuth: false, headers: [] }, {}, "config-invalid config.headers"],
    [{ hasAuth: false, headers: { "X-A": 5 } }, {}, "config-invalid config.headers"],
    [{ hasAuth: false, headers: { "X A": "a" } }, {}, "config-invalid config.headers"],
    [{ hasAuth: false, headers: { Host: "a" } }, {}, "config-invalid config.headers"],
    [{ hasAuth: false }, { secretHeaders: { "X-A": "a\nb" } }, "secrets-invalid secrets.secretHeaders"],
    [{ hasAuth: false }, { secretQueryParams: { a: 1 } }, "secrets-invalid secrets.secretQueryParams"],
  ])("refuses %j with %j", (config, secrets, place) => {
    expect(envelope(config, secrets).places).toContain(place);
  });

  it("refuses a method the type does not work with, naming those it does", () => {
    const { places, message } = envelope({}, { user: "jo", password: "p" }, ["none"]);
    expect(places).toEqual(["config-invalid config.authType"]);
    expect(message).toContain("It accepts: none");
  });

  it("never shows a secret header that is wrong", () => {
    expect(envelope({ hasAuth: false }, { secretHeaders: { "X-A": "secret\nvalue" } }).message).not.toContain(
      "secret\nvalue",
    );
  });

  it("takes null and empty texts for absent, as Kibana stores them", async () => {
    const server = await serve((_request, response) => void response.end("{}"));
    const config = Object.fromEntries(ENVELOPE_CONFIG_KEYS.map((key) => [key, null]));
    const secrets = Object.fromEntries(ENVELOPE_SECRET_KEYS.map((key) => [key, key === "pfx" ? "" : null]));
    const connector = open(get, { url: server.url, config: { ...config, hasAuth: false }, secrets });
    expect(await connector.run("run", {})).toMatchObject({ status: 200 });
  });

  it("is not the business of a type with auth of its own", () => {
    expect(plainProblems({ url: "http://x", hasAuth: false }, { token: "long" }).places).toEqual([
      "config-invalid config.hasAuth",
    ]);
  });
});

describe("close", () => {
  it("waits for calls under way, and takes no more", async () => {
    let release: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      release = resolve;
    });
    let answer: () => void = () => undefined;
    const server = await serve((_request, response) => {
      answer = () => response.end('"done"');
      release();
    });
    let begun = 0;
    const connector = open(
      async (ctx) => {
        begun += 1;
        return get(ctx);
      },
      { url: server.url },
    );
    const call = connector.run("run", {});
    await arrived;
    let closed = false;
    const closing = connector.close().then(() => (closed = true));
    const late = failure(connector.run("run", {}));
    expect(closed).toBe(false);
    answer();
    expect(await call).toMatchObject({ data: "done" });
    await closing;
    expect(await late).toMatchObject({ code: "usage-invalid", message: expect.stringContaining("closed") });
    expect(await failure(connector.run("run", {}))).toMatchObject({ code: "usage-invalid" });
    expect(begun).toBe(1);
  });

  it("does not wait for a cancelled call that does not heed it", async () => {
    const connector = open(async () => new Promise(() => undefined), { url: "http://x" });
    const controller = new AbortController();
    connector.run("run", {}, { signal: controller.signal }).catch(() => undefined);
    controller.abort();
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const closing = connector.close();
    await vi.advanceTimersByTimeAsync(2000);
    await expect(closing).resolves.toBeUndefined();
  });

  it("may come twice", async () => {
    const connector = open(get, { url: "http://x" });
    await expect(Promise.all([connector.close(), connector.close()])).resolves.toEqual([undefined, undefined]);
  });
});

describe("test", () => {
  it("is refused for a type that has none", async () => {
    expect(await failure(open(get, { url: "http://x" }).test())).toMatchObject({ code: "usage-invalid" });
  });
});

describe("createClient", () => {
  it("is for types that work without a connector", () => {
    expect(() => createClient(plain)).toThrow("createConnector");
  });
});
