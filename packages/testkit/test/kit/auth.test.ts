import type { Ctx, HttpRequest } from "@stepwire/core";
import { describe, expect, it } from "vitest";

import { coveredBy, isForAnybody } from "../../src/kit/trusted-hosts.ts";
import { judged as judgedSample } from "./faulty.ts";
import { ITEM, judgedThing, read, send, TOKEN } from "./thing-support.ts";

const KEY = { kind: "apiKey", in: "header", name: "X-Key", value: "token" };
const LEAVE = "Leave it to the host: send no header and no query parameter of that name with ctx.request.";

describe("a credential", () => {
  it.each<[string, unknown]>([
    ["bearer", { kind: "bearer", token: "token" }],
    ["basic", { kind: "basic", user: "user", password: "token" }],
    ["apiKey in a header", KEY],
    ["apiKey in the query", { kind: "apiKey", in: "query", name: "key", value: "token" }],
  ])("stands where it says: %s", async (_, kind) => {
    const more = { connector: { secrets: { token: TOKEN, user: "bob" } } };
    expect(await judgedThing("auth", { run: read, auth: [kind], more })).toMatchObject({
      status: "passed",
      problems: [],
      notRun: [],
    });
  });

  it("of the sample's does, too", async () => {
    expect(await judgedSample("auth", [])).toMatchObject({ status: "passed", problems: [], notRun: [] });
  });

  it.each<[string, unknown, object, string]>([
    [
      "bearer",
      { kind: "bearer", token: "token" },
      { headers: { authorization: "none" } },
      "its credential in the header Authorization",
    ],
    [
      "basic",
      { kind: "basic", user: "user", password: "token" },
      { headers: { Authorization: "x" } },
      "user and password in the header Authorization",
    ],
    ["apiKey in a header", KEY, { headers: { "x-key": "mine" } }, "its credential in the header X-Key"],
    [
      "apiKey in the query",
      { kind: "apiKey", in: "query", name: "key", value: "token" },
      { query: { key: "mine" } },
      "its credential as key in the query",
    ],
  ])("is not overwritten by an action: %s", async (_, kind, options, what) => {
    const more = { connector: { secrets: { token: TOKEN, user: "bob" } } };
    const run = async (ctx: Ctx) => {
      await ctx.request({ method: "POST", path: "/items", ...options });
      return ITEM;
    };
    expect((await judgedThing("auth", { run, auth: [kind], more })).problems).toEqual([
      {
        where: "acme/thing connector",
        message: `POST https://api.acme.example/items does not bear ${what}.`,
        fix: LEAVE,
      },
    ]);
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>, Record<string, string>]>([
    ["basic", {}, { user: "bob", password: "pa55-Kohlrabi-77" }, { Authorization: "x" }],
    ["secret headers", { hasAuth: false }, { secretHeaders: { "X-Key": "key-Zander-4411" } }, { "x-key": "mine" }],
  ])("of the envelope is not overwritten: %s", async (_, config, secrets, headers) => {
    const connectors = { other: { secrets: { user: "bob", password: "pa55-Kohlrabi-77" } } };
    const more = { connector: { config, secrets }, connectors };
    const thing = { auth: [{ kind: "envelope" }], more };
    expect((await judgedThing("auth", { ...thing, run: send })).problems).toEqual([]);
    const run = async (ctx: Ctx) => {
      await ctx.request({ method: "POST", path: "/items", headers });
      return ITEM;
    };
    expect((await judgedThing("auth", { ...thing, run })).problems[0]).toMatchObject({
      where: "acme/thing connector",
      fix: LEAVE,
    });
  });
});

describe("custom auth", () => {
  const custom = (place: (request: HttpRequest, secrets: { token: string }) => HttpRequest) => [
    { kind: "custom", place },
  ];

  it("sends to the vendor alone", async () => {
    const auth = custom((request, { token }) => ({
      ...request,
      url: request.url.replace("api.acme.example", "collect.other.example"),
      headers: { ...request.headers, "X-Key": token },
    }));
    expect((await judgedThing("auth", { run: send, auth })).problems).toEqual([
      {
        where: "acme/thing connector",
        message:
          "It sends its credentials to https://collect.other.example, which is neither one of the type's hosts nor in the connector.",
        fix: "Add the host to hosts of the connection if it is the vendor's, and send nothing there otherwise.",
      },
    ]);
  });

  it("may send to an address that is the secret", async () => {
    const auth = custom((request, { token }) => ({ ...request, url: token }));
    const more = { connector: { secrets: { token: "https://hooks.other.example/T-4711-uhu" } } };
    const answers = { "POST /T-4711-uhu": { json: ITEM } };
    expect((await judgedThing("auth", { run: send, auth, more, answers })).problems).toEqual([]);
  });

  it("may sign, which cannot be checked", async () => {
    const auth = custom((request) => ({ ...request, headers: { ...request.headers, "X-Signature": "7f" } }));
    const { problems, notRun } = await judgedThing("auth", { run: read, auth });
    expect(problems).toEqual([]);
    expect(notRun).toEqual([
      "acme/thing connector: nothing of its secrets stands in a request, and what is made of them cannot be checked",
    ]);
  });
});

describe("ways to log in", () => {
  it("have a connector each in the scenarios", async () => {
    const auth = [
      { kind: "basic", user: "user", password: "token" },
      { kind: "bearer", token: "token" },
    ];
    expect((await judgedThing("auth", { run: send, auth })).problems).toEqual([
      {
        where: "acme/thing auth basic",
        message: "No connector of the scenarios logs in by basic.",
        fix: "Add one under connectors of the scenarios, with user and token, and an example that uses it.",
      },
    ]);
    const more = { connectors: { "with a user": { secrets: { user: "bob", token: TOKEN } } } };
    const result = await judgedThing("auth", { run: send, auth, more });
    expect(result.problems).toEqual([]);
    expect(result.notRun).toEqual(
      ["connector", "connectors.with a user"].map(
        (where) => `acme/thing ${where}: no example begins with a GET, which is what redirects are followed for`,
      ),
    );
  });

  it("of the envelope are more than none", async () => {
    const thing = { run: send, auth: [{ kind: "envelope" }], more: { connector: { config: { hasAuth: false } } } };
    expect((await judgedThing("auth", thing)).problems).toMatchObject([{ where: "acme/thing auth envelope" }]);
  });
});

describe("a redirect", () => {
  it("takes no credential to hosts that are not the vendor's", async () => {
    expect(await judgedThing("auth", { run: read })).toMatchObject({ problems: [], checked: 6 });
  });

  it("does where the type trusts too many", async () => {
    const { problems } = await judgedThing("auth", { run: read, hosts: ["*.example"] });
    expect(problems).toEqual([
      {
        where: "acme/thing hosts *.example",
        message: "It trusts every host below example with credentials, and anybody can have one there.",
        fix: "Name the domain of the vendor, such as api.vendor.com or *.vendor.com.",
      },
      ...["stepwire-kit.example", "stepwire-kit.acme.example"].map((host) => ({
        where: "acme/thing connector redirect",
        message: `GET https://api.acme.example/items/1 was redirected to https://${host}/, and the header authorization went along.`,
        fix: 'Its hosts hold "*.example", so that the host is trusted: name the vendor\'s own domain.',
      })),
    ]);
  });

  it("may take it to the vendor's other hosts", async () => {
    expect((await judgedThing("auth", { run: read, hosts: ["*.acme.example"] })).problems).toEqual([]);
  });

  it("does where the credential is in a header that goes everywhere", async () => {
    const place = (request: HttpRequest, { token }: { token: string }) => ({
      ...request,
      headers: { ...request.headers, "User-Agent": `acme ${token}` },
    });
    const { problems } = await judgedThing("auth", { run: read, auth: [{ kind: "custom", place }] });
    expect(problems).toHaveLength(3);
    expect(problems[0]).toEqual({
      where: "acme/thing connector redirect",
      message:
        "GET https://api.acme.example/items/1 was redirected to https://stepwire-kit.test/, and a piece of secrets.token went along.",
      fix: "Put credentials only where bearer, basic or apiKey puts them: headers such as User-Agent and Accept go along everywhere.",
    });
  });
});

it.each([
  ["*.com", true],
  ["*.co.uk", true],
  ["*.com.au", true],
  ["*.github.io", true],
  ["*.vendor.com", false],
  ["*.vendor.co.uk", false],
  ["api.com", false],
  ["*.slack.com", false],
])("%s is for anybody: %s", (pattern, expected) => {
  expect(isForAnybody(pattern)).toBe(expected);
});

it("hosts cover names", () => {
  expect(coveredBy(["api.acme.example", "*.Acme.example"], "www.acme.example")).toBe("*.Acme.example");
  expect(coveredBy(["*.acme.example"], "acme.example")).toBeUndefined();
});
