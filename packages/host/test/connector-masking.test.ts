import { StepwireError, type Logger } from "@stepwire/core";
import { describe, expect, it } from "vitest";

import { failure, failureOf, get, open, serve } from "./http-support.ts";

const USER = "connector";
const PASSWORD = "pass-word/of+it";
const KEY = "key-of-the-header";
const TOKEN = "token of&the query";
const secrets = {
  user: USER,
  password: PASSWORD,
  secretHeaders: { "X-Api-Key": KEY },
  secretQueryParams: { token: TOKEN },
};
const setup = (url: string) => ({ url, config: { hasAuth: true }, secrets });

/** Every secret in every form it has on the wire. */
const FORMS = [
  PASSWORD,
  encodeURIComponent(PASSWORD),
  Buffer.from(PASSWORD).toString("base64"),
  Buffer.from(`${USER}:${PASSWORD}`).toString("base64"),
  KEY,
  TOKEN,
  encodeURIComponent(TOKEN),
  new URLSearchParams({ t: TOKEN }).toString().slice(2),
];

function expectMasked(value: unknown) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  for (const form of FORMS) expect(text).not.toContain(form);
  expect(text).toContain("[masked]");
  return text;
}

/** Repeats to the client everything it sent. */
const echo = async (status: number) =>
  serve((request, response) => {
    const { authorization = "", "x-api-key": key = "" } = request.headers;
    const said = `You sent ${authorization} and ${String(key)} to ${request.url}`;
    response.writeHead(status, said.replace(/[^ -~]/g, "?"), {
      "content-type": "application/json",
      "x-authorization": authorization,
      "x-url": request.url,
      [`x-${String(key)}`]: "as a name",
    });
    response.end(JSON.stringify({ message: said, [String(key)]: "as a key", list: [{ authorization }] }));
  });

describe("secrets in what a vendor repeats", () => {
  it("are masked in message, details and stack of an error", async () => {
    const server = await echo(403);
    const error = await failureOf(setup(server.url));
    expect(error).toMatchObject({ code: "http-status", status: 403 });
    expect(expectMasked(error.message)).toContain("You sent Basic [masked] and [masked]");
    expectMasked(error.details);
    expectMasked(error.stack);
    expectMasked(String(error));
  });

  it("are masked in data and headers before the action sees them", async () => {
    const server = await echo(200);
    let seen: unknown;
    const connector = open(async (ctx) => {
      seen = await ctx.request({ method: "GET", path: "/" });
      return seen;
    }, setup(server.url));
    const output = await connector.run("run", {});
    expectMasked(seen);
    expect(output).toEqual(seen);
    expect(output).toMatchObject({ data: { "[masked]": "as a key" }, headers: { "x-[masked]": "as a name" } });
  });

  it("are masked in JSON that cannot be read", async () => {
    const server = await serve((request, response) => {
      response.setHeader("content-type", "application/json");
      response.end(`{ ${String(request.headers["x-api-key"])}`);
    });
    expectMasked((await failureOf(setup(server.url))).message);
  });

  it("are masked in the address a redirect goes to", async () => {
    const server = await serve((_request, response) => {
      response.writeHead(302, { location: `http://${KEY}.example/` }).end();
    });
    const error = await failureOf({ ...setup(server.url), network: { allowedHosts: ["127.0.0.1"] } });
    expect(error.code).toBe("host-not-allowed");
    expectMasked({ message: error.message, details: error.details });
  });

  it("leave what identifies and does not authorise", async () => {
    const server = await serve((_request, response) => void response.writeHead(401).end(`no user ${USER}`));
    expect((await failureOf(setup(server.url))).message).toContain(`no user ${USER}`);
  });
});

describe("secrets in what an action does with them", () => {
  it("are masked in errors it throws, ours or not", async () => {
    const thrown = [
      new Error(`leaked ${KEY}`),
      new StepwireError("connection", `leaked ${KEY}`, { details: { deep: [{ key: KEY }] } }),
      `leaked ${KEY}`,
    ];
    for (const error of thrown) {
      const outcome = await failure(
        open(() => Promise.reject(error as Error), setup("http://127.0.0.1:9")).run("run", {}),
      );
      const shown = JSON.stringify(outcome) + outcome.stack;
      expect(shown).not.toContain(KEY);
      expect(shown).toContain("leaked [masked]");
    }
  });

  it("are masked in its logs", async () => {
    const lines: unknown[] = [];
    const note = (level: string) => (message: string, fields?: object) => void lines.push([level, message, fields]);
    const log: Logger = { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
    const connector = open(async (ctx) => {
      const logger = (ctx as unknown as { log: Logger }).log;
      for (const level of ["debug", "info", "warn", "error"] as const) logger[level](`at ${KEY}`, { [level]: KEY });
      logger.info("without fields");
    }, setup("http://127.0.0.1:9"));
    await connector.run("run", {}, { log });
    expect(lines).toEqual([
      ...["debug", "info", "warn", "error"].map((level) => [level, "at [masked]", { [level]: "[masked]" }]),
      ["info", "without fields", undefined],
    ]);
  });
});

it("keeps what an error says about trying again", async () => {
  const server = await serve((_request, response) => void response.writeHead(503, { "retry-after": "7" }).end(KEY));
  const error = await failureOf({ ...setup(server.url), retry: { maxAttempts: 1 } });
  expect(error.toJSON()).toMatchObject({
    code: "http-status",
    type: "ConnectorExecutionError",
    retryable: true,
    retryAfterMs: 7000,
    status: 503,
  });
});

it("does not need secrets to work", async () => {
  const server = await serve((_request, response) => void response.end("{}"));
  expect(await open(get, { url: server.url }).run("run", {})).toMatchObject({ status: 200 });
});
