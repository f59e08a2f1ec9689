import type { Ctx, HttpRequest, JsonSchema } from "@stepwire/core";
import { describe, expect, it } from "vitest";
import { z } from "zod";

import { credentialFields } from "../../src/kit/credential-fields.ts";
import { leakFinder } from "../../src/kit/leaks.ts";
import { judged as judgedSample } from "./faulty.ts";
import { ITEM, judgedThing, send } from "./thing-support.ts";

const KEEP =
  "Make outputs, errors and logs of the input and of what ctx.request returns, which is masked; keep nothing of what custom auth is given. A piece that is an ordinary word is none: make up a secret without words.";

/** An auth that remembers what it was given. */
function remembering() {
  let secret = "";
  const place = (request: HttpRequest, { token }: { token: string }) => {
    secret = token;
    return { ...request, headers: { ...request.headers, "X-Key": token } };
  };
  return { auth: [{ kind: "custom", place }], secret: () => secret };
}

describe("a secret", () => {
  it("stays where it is", async () => {
    expect(await judgedThing("redaction", { run: send })).toMatchObject({ problems: [], notRun: [], status: "passed" });
    expect(await judgedSample("redaction", [])).toMatchObject({ problems: [], notRun: [], status: "passed" });
  });

  it.each<[string, (secret: string) => string]>([
    ["", (secret) => secret.slice(3, 12)],
    [" backwards", (secret) => secret.split("").toReversed().join("").toUpperCase()],
    [" in base64", (secret) => Buffer.from(`user:${secret}`).toString("base64url").slice(8, 24)],
    [" in hex", (secret) => Buffer.from(secret).toString("hex").slice(4, 24)],
  ])("is in no error, not even in pieces%s", async (spelling, form) => {
    const { auth, secret } = remembering();
    const run = async (ctx: Ctx) =>
      send(ctx).catch(() => {
        throw new Error(`could not send with ${form(secret())}`);
      });
    expect((await judgedThing("redaction", { run, auth })).problems).toEqual([
      {
        where: "acme/thing.act",
        message: `Its error holds a piece of secrets.token${spelling}, when the vendor repeated request 1 in its answer 400.`,
        fix: KEEP,
      },
    ]);
  });

  it("is in no output, no log and nothing that is printed", async () => {
    const { auth, secret } = remembering();
    const run = async (ctx: Ctx) => {
      await send(ctx);
      const piece = secret().slice(0, 10);
      ctx.log.info("sent", { with: piece });
      console.log(piece);
      return { ...ITEM, title: piece };
    };
    const { problems } = await judgedThing("redaction", { run, auth });
    expect(problems.map(({ message }) => message)).toEqual(
      ["Its output", "What it logs", "What it prints"].map(
        (place) => `${place} holds a piece of secrets.token, when all goes well.`,
      ),
    );
  });

  it("is not the only thing: what is made of it for the header Authorization counts as well", async () => {
    let signature = "";
    const place = (request: HttpRequest) => {
      signature = `3f8a91${request.method}7c6d5e`;
      return { ...request, headers: { ...request.headers, Authorization: `HMAC ${signature}` } };
    };
    const run = async (ctx: Ctx) => {
      await send(ctx);
      return { ...ITEM, title: `signed with ${signature}` };
    };
    expect((await judgedThing("redaction", { run, auth: [{ kind: "custom", place }] })).problems).toEqual([
      { where: "acme/thing.act", message: "Its output holds the header Authorization, when all goes well.", fix: KEEP },
    ]);
  });

  it("is looked for behind the first request", async () => {
    const { auth, secret } = remembering();
    const run = async (ctx: Ctx) => {
      await send(ctx);
      await ctx.request({ method: "GET", path: "/items/1" }).catch(() => {
        throw new Error(secret().slice(0, 10));
      });
      return ITEM;
    };
    expect((await judgedThing("redaction", { run, auth })).problems).toMatchObject([
      { message: expect.stringMatching(/^Its error .* repeated request 2 in its answer 400\.$/) },
    ]);
  });

  it("is in no error of the type's test", async () => {
    const { auth, secret } = remembering();
    const test = async (ctx: Ctx) =>
      ctx.request({ method: "GET", path: "/items/1" }).catch(() => {
        throw new Error(secret().slice(0, 10));
      });
    const more = { test: { "GET /items/1": { json: ITEM } } };
    expect((await judgedThing("redaction", { run: send, auth, test, more })).problems).toMatchObject([
      { where: "acme/thing test" },
    ]);
  });

  it("is long enough in the scenarios", async () => {
    const more = { connectors: { second: { secrets: { token: "short", user: "bob" } } } };
    expect((await judgedThing("redaction", { run: send, more })).problems).toEqual([
      {
        where: "acme/thing connectors.second secrets.token",
        message:
          "It is shorter than 8 characters: hosts do not mask such a secret, and the kit could not tell it from other words.",
        fix: "Make up a longer one in the scenarios. Where the vendor's are that short, say so in the expected failures: nobody can mask them.",
      },
    ]);
  });

  it("is needed for a judgement", async () => {
    const more = { connector: {} };
    expect(await judgedThing("redaction", { run: send, auth: [{ kind: "none" }], more })).toMatchObject({
      notRun: ["acme/thing.act: its connector has no secrets"],
    });
  });
});

describe("pieces of a secret", () => {
  const find = leakFinder(
    [{ name: "secrets.webhookUrl", text: "https://hooks.acme.example/services/T0123456789abc" }],
    () => ["https://hooks.acme.example/"],
  );

  it("are not what everybody knows", () => {
    expect(find("POST https://hooks.acme.example/ failed")).toBeUndefined();
    expect(find("could not reach /T0123456…")).toEqual({ name: "secrets.webhookUrl", spelling: "" });
    expect(find("T012345")).toBeUndefined();
  });

  it("are found in percent-encoding", () => {
    const percent = leakFinder([{ name: "secrets.key", text: "ä/ö+ü&ß" }], () => []);
    expect(percent("?key=%C3%A4%2F%C3%B6")).toEqual({ name: "secrets.key", spelling: " percent-encoded" });
  });
});

describe("fields of config", () => {
  it("are no place for a credential", async () => {
    const config = z.strictObject({ apiToken: z.string().max(64).optional().describe("To log in") });
    expect((await judgedThing("redaction", { run: send, config })).problems).toEqual([
      {
        where: "acme/thing config.apiToken",
        message: "By its name or description it is a credential, and config is masked nowhere.",
        fix: "Move it to secrets. If it is none, give it a name and a description that do not sound like one.",
      },
    ]);
  });

  it.each<[string, string, boolean]>([
    ["apiKey", "", true],
    ["api_key", "", true],
    ["clientSecret", "", true],
    ["auth", "An API token", true],
    ["auth", "The password of the user", true],
    ["auth", "Your private key, as PEM", true],
    ["tokenUrl", "The address of the token endpoint", false],
    ["team", "Who is paged", false],
    ["keyId", "The id of the API key", false],
    ["header", "The name of the header for the token", false],
    ["issueKey", "Where the token comes from", false],
    ["projectKey", "The project's key", false],
  ])("%s (%s): %s", (name, description, isCredential) => {
    const schema = { properties: { [name]: { type: "string", description } } } as JsonSchema;
    expect(credentialFields(schema)).toEqual(isCredential ? [`.${name}`] : []);
  });

  it("are texts, wherever they stand", () => {
    const text = { type: "string" };
    const schema: JsonSchema = {
      properties: {
        proxy: { type: "object", properties: { password: { anyOf: [text, { type: "null" }] } } },
        hasPassword: { type: "boolean", description: "The password" },
        token: { type: "string", format: "uri" },
        secret: { type: "string", enum: ["a", "b"] },
      },
    };
    expect(credentialFields(schema)).toEqual([".proxy.password"]);
  });
});
