import type { Ctx } from "@stepwire/core";
import { describe, expect, it } from "vitest";

import { judgedThing, read, send } from "./thing-support.ts";

const OAUTH = { auth: [{ kind: "envelope" }], more: { connector: { config: { hasAuth: false } } } };

describe("an access token that has expired", () => {
  it("is followed by one more, which two calls share", async () => {
    expect(await judgedThing("auth-expiry", { ...OAUTH, run: send })).toMatchObject({
      status: "passed",
      checked: 1,
      problems: [],
      notRun: [],
    });
  });

  it("takes the place of other ways to log in", async () => {
    const connector = {
      config: { headers: { authorization: "x", "X-Tenant": "blue" } },
      secrets: { user: "bob", password: "pa55-Kohlrabi-77", secretHeaders: { Authorization: "y" } },
    };
    expect(await judgedThing("auth-expiry", { ...OAUTH, run: read, more: { connector } })).toMatchObject({
      status: "passed",
      problems: [],
    });
  });

  it("is not hidden by check", async () => {
    const check = ({ status }: { status: number }) => {
      if (status === 401) throw new TypeError("logged out");
      return undefined;
    };
    expect((await judgedThing("auth-expiry", { ...OAUTH, run: send, check })).problems).toEqual([
      {
        where: "acme/thing.act",
        message: "The vendor answered 401 to its access token, and it failed with internal: logged out",
        fix: "Let the host see the 401: check must not throw, and an action must not send a header Authorization.",
      },
    ]);
  });

  it("is sent by the host alone", async () => {
    const run = async (ctx: Ctx) =>
      (await ctx.request({ method: "GET", path: "/items/1", headers: { Authorization: "none" } })).data;
    expect((await judgedThing("auth-expiry", { ...OAUTH, run })).problems).toEqual([
      {
        where: "acme/thing.act",
        message: "None of its requests bears the access token.",
        fix: "Send all requests of a call with ctx.request, without a header Authorization.",
      },
    ]);
  });
});

describe("nothing is tried", () => {
  it.each<[string, unknown]>([
    ["other kinds", { kind: "bearer", token: "token" }],
    ["an envelope without tokens", { kind: "envelope", methods: ["none", "basic"] }],
  ])("with %s", async (_, kind) => {
    expect(await judgedThing("auth-expiry", { run: send, auth: [kind] })).toMatchObject({
      status: "not-run",
      notRun: expect.arrayContaining(["acme/thing: it does not log in with access tokens of the host's"]),
    });
  });

  it("with answers that come one after the other", async () => {
    const answers = { "POST /items": [{ status: 201, json: { id: "1" } }] };
    expect((await judgedThing("auth-expiry", { ...OAUTH, run: send, answers })).notRun).toEqual([
      "acme/thing: no first example with a connector that can be called twice at once",
    ]);
  });
});
