import { StepwireError, type Ctx } from "@stepwire/core";
import { describe, expect, it } from "vitest";

import { ITEM, judged, read } from "./network-support.ts";

const SERVERS = ["reset", "untrusted", "wrong-name", "expired", "client-certificate"];
const ADDRESSES = ["unknown-name", "refused"];
const PLACES = [...ADDRESSES, ...SERVERS, ...SERVERS.map((name) => `${name} (proxy)`)].map(
  (name) => `acme/thing ${name}`,
);
const THROUGH = "Let the error of ctx.request through as it is: it says which host it was, and what to do about it.";

describe("a host that cannot be talked to", () => {
  it("is named", async () => {
    const result = await judged("connection", { run: read, effect: "read" });
    expect(result).toMatchObject({ status: "passed", checked: PLACES.length, notRun: [] });
  });

  it("is not kept quiet about", async () => {
    const { problems } = await judged("connection", { run: async (ctx) => read(ctx).catch(() => ({})) });
    expect(problems.map(({ where }) => where)).toEqual(PLACES);
    expect(problems[0]).toEqual({
      where: "acme/thing unknown-name",
      message: "acme/thing.act, called directly, succeeded though the host's name was unknown; its output is {}.",
      fix: THROUGH,
    });
  });

  it("is not taken for a fault of the connector", async () => {
    const run = async (ctx: Ctx) =>
      read(ctx).catch(() => {
        throw new Error("the pager is down");
      });
    const { problems } = await judged("connection", { run });
    expect(problems.map(({ where }) => where)).toEqual(PLACES);
    expect(problems.at(-2)).toEqual({
      where: "acme/thing expired (proxy)",
      message:
        "acme/thing.act, called through a proxy, failed with internal, not with tls-expired, when the certificate had expired: the pager is down",
      fix: THROUGH,
    });
  });

  it("does not lose its name", async () => {
    const run = async (ctx: Ctx) =>
      read(ctx).catch((error: unknown) => {
        throw new StepwireError(StepwireError.from(error).code, "The pager is down.");
      });
    const { problems } = await judged("connection", { run });
    expect(problems.map(({ where }) => where)).toEqual(PLACES);
    expect(problems[1]).toMatchObject({
      message:
        "acme/thing.act, called directly, does not name the host 127.0.0.1 when the host refused the connection: The pager is down.",
    });
  });
});

it("does not let a request go to a host that is not who it should be", async () => {
  const run = async (ctx: Ctx) => (await ctx.request({ method: "GET", path: "/items/1", verifyTls: false })).data;
  const { problems } = await judged("connection", { run });
  const wrong = ["untrusted", "wrong-name", "expired"];
  expect(problems.map(({ where }) => where)).toEqual(
    [...wrong, ...wrong.map((name) => `${name} (proxy)`)].map((name) => `acme/thing ${name}`),
  );
  expect(problems[0]).toEqual({
    where: "acme/thing untrusted",
    message:
      "acme/thing.act, called directly, sent its request though the certificate was signed by nobody that is trusted.",
    fix: "Leave verifyTls out of ctx.request, or let the user say so in the connector.",
  });
});

it("is tried behind a request for an access token too", async () => {
  const { problems, notRun, checked } = await judged("connection", {
    run: read,
    envelope: true,
    answers: {
      "POST https://login.acme.example/token": { json: { access_token: "token-2b7d19f4", token_type: "Bearer" } },
      "GET https://api.acme.example/items/1": { json: ITEM },
    },
    more: {
      connector: {
        config: {
          hasAuth: true,
          authType: "webhook-oauth2-client-credentials",
          accessTokenUrl: "https://login.acme.example/token",
          clientId: "kit",
        },
        secrets: { clientSecret: "secret-91ac03e7" },
      },
    },
  });
  expect({ problems, notRun, checked }).toEqual({ problems: [], notRun: [], checked: PLACES.length });
});

describe("what cannot be tried", () => {
  it("is said: no base URL, no https, no example", async () => {
    const url = "https://api.acme.example/items/1";
    const whole = await judged("connection", {
      run: async (ctx) => (await ctx.request({ method: "GET", url })).data,
      baseUrl: null,
    });
    expect(whole).toMatchObject({
      status: "passed",
      checked: SERVERS.length,
      notRun: ["acme/thing.act: without a base URL it cannot be led elsewhere but by a proxy"],
    });
    const plain = await judged("connection", { run: read, baseUrl: "http://api.acme.example" });
    expect(plain).toMatchObject({
      status: "passed",
      checked: 7,
      notRun: ["acme/thing.act: its first request is not https"],
    });
    const none = await judged("connection", { run: read, answers: {} });
    expect(none.notRun).toContain("acme/thing: no example that could be tried");
  });

  it("is said: a request to somewhere else, a connector with TLS of its own", async () => {
    const elsewhere = await judged("connection", {
      run: async (ctx) => (await ctx.request({ method: "GET", url: "https://api.acme.example/items/1" })).data,
      baseUrl: "https://other.acme.example",
    });
    expect(elsewhere).toMatchObject({
      checked: SERVERS.length,
      notRun: ["acme/thing.act: its first request does not follow the base URL"],
    });
    const own = await judged("connection", {
      run: read,
      more: { connector: { config: { verificationMode: "none" } } },
    });
    expect(own).toMatchObject({
      status: "not-run",
      notRun: ["acme/thing.act: its connector says itself how certificates are checked"],
    });
  });
});
