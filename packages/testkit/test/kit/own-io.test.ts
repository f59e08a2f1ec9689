import { writeFileSync } from "node:fs";
import { request } from "node:https";
import path from "node:path";

import type { Ctx } from "@stepwire/core";
import { describe, expect, it } from "vitest";

import { importsOf } from "../../src/kit/imports.ts";
import { judged as judgedSample, plant } from "./faulty.ts";
import { startKit } from "../../src/kit/run-kit.ts";
import { judged, send } from "./network-support.ts";

const SEND = "Send with ctx.request(): the host logs in, keeps to the settings for the network, and hides secrets.";

describe("code of its own", () => {
  it("is left alone where it sends through ctx.request", async () => {
    expect(await judged("own-io", { run: send })).toMatchObject({ problems: [], checked: 1 });
  });

  it.each<[string, (ctx: Ctx) => unknown]>([
    ["fetch", async () => fetch("http://127.0.0.1:1/")],
    ["WebSocket", () => new WebSocket("ws://127.0.0.1:1/")],
    ["https.request", () => request("https://127.0.0.1:1/")],
    ["net.connect", async () => (await import("node:net")).connect(1)],
    ["net.Socket.connect", async () => new (await import("node:net")).Socket().connect(1)],
    ["dns.lookup", async () => (await import("node:dns")).lookup("localhost", () => undefined)],
    ["dns.promises.lookup", async () => (await import("node:dns/promises")).lookup("localhost")],
    ["child_process.execFileSync", async () => (await import("node:child_process")).execFileSync("true")],
    ["process.getBuiltinModule", () => process.getBuiltinModule("node:fs")],
    ["worker_threads.Worker", async () => new (await import("node:worker_threads")).Worker("0", { eval: true })],
  ])("does not call %s", async (name, misuse) => {
    const run = async (ctx: Ctx) => {
      const answer = await send(ctx);
      await misuse(ctx);
      return answer;
    };
    expect((await judged("own-io", { run })).problems).toEqual([
      { where: "acme/thing.act", message: `It calls ${name}.`, fix: SEND },
    ]);
  });

  it("cannot open a connection with what it took hold of before", async () => {
    const taken = fetch;
    const run = async (ctx: Ctx) => {
      await taken("http://127.0.0.1:65534/").catch(() => undefined);
      return send(ctx);
    };
    expect((await judged("own-io", { run })).problems).toEqual([
      { where: "acme/thing.act", message: expect.stringMatching(/^It calls net\./), fix: SEND },
    ]);
  });

  it("does not read the environment, and sees none", async () => {
    let seen: unknown = "";
    const run = async (ctx: Ctx) => {
      seen = process.env["PATH"];
      return send(ctx);
    };
    expect((await judged("own-io", { run })).problems).toEqual([
      {
        where: "acme/thing.act",
        message: "It reads process.env.PATH.",
        fix: "Take it from config or secrets: the user says there what a connector gets.",
      },
    ]);
    expect(seen).toBeUndefined();
    expect(process.env["PATH"]).toBeDefined();
  });

  it("does not print", async () => {
    const run = async (ctx: Ctx) => {
      console.log("sending");
      process.stdout.write("sent\n");
      return send(ctx);
    };
    const { problems } = await judged("own-io", { run });
    expect(problems.map(({ message }) => message)).toEqual([
      "It prints with console.log.",
      "It prints with process.stdout.",
    ]);
  });

  it("leaves no timer behind", async () => {
    let left = 0;
    const run = async (ctx: Ctx) => {
      setInterval(() => (left += 1), 1);
      clearTimeout(setTimeout(() => undefined, 60_000));
      setTimeout(() => undefined, 60_000).unref();
      await new Promise((resolve) => setTimeout(resolve, 1));
      return send(ctx);
    };
    expect((await judged("own-io", { run })).problems).toEqual([
      {
        where: "acme/thing.act",
        message: "It starts a timer with setInterval that is still to come when its call has ended.",
        fix: "Wait for it, or stop it before the call ends and when ctx.signal aborts.",
      },
    ]);
    const before = left;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(left).toBe(before);
  });

  it("is in check, too, and told once", async () => {
    const check = () => void fetch("http://127.0.0.1:1/").catch(() => undefined);
    const run = async (ctx: Ctx) => {
      await send(ctx).catch(() => undefined);
      return send(ctx);
    };
    expect((await judged("own-io", { run, check })).problems).toEqual([
      { where: "acme/thing check", message: "It calls fetch.", fix: SEND },
    ]);
  });

  it("is put back as it was", async () => {
    const before = [fetch, console.log, setTimeout, process.env, process.stdout];
    await judged("own-io", { run: async () => Promise.reject(new Error("broken")) });
    expect([fetch, console.log, setTimeout, process.env, process.stdout]).toEqual(before);
  });
});

describe("what would be published", () => {
  it("is looked at in the sample", async () => {
    expect(await judgedSample("own-io", [])).toMatchObject({ status: "passed", problems: [], notRun: [] });
  });

  it("imports nothing that the host is for", async () => {
    const { folder, plugin, scenarios } = await plant([]);
    writeFileSync(
      path.join(folder, "index.js"),
      'import { get } from "node:https";\nexport const load = (name) => import(name);\n',
    );
    const kit = startKit({ plugin, scenarios, folder });
    const { problems } = await kit.result("own-io");
    await kit.close();
    expect(problems).toEqual([
      {
        where: "index.js",
        message: "It imports node:https; a connector runs with @stepwire/core, zod and its own files.",
        fix: "Use ctx.request() to send, what is global in JavaScript (URL, TextEncoder), and of Node buffer, crypto, url, util; bundle what is small and does no I/O.",
      },
      {
        where: "index.js",
        message: "It imports something whose name is made while it runs.",
        fix: "Name the file in import(), so that it can be told what is loaded.",
      },
    ]);
  });

  it("says what it could not see", async () => {
    expect((await judged("own-io", { run: send })).notRun).toEqual([
      "no folder was given, so that imports were not looked at",
    ]);
  });
});

describe("imports", () => {
  it.each<[string, unknown[]]>([
    ['import axios from "axios";', ["axios"]],
    ["import{a as b,\n c}from'./x.js';export*from \"y\"", ["./x.js", "y"]],
    ['import "side-effect"', ["side-effect"]],
    ['const { get } = await import("undici", { with: {} });', ["undici"]],
    ['var h = require("http"); __require("net")', ["http", "net"]],
    ["import(name); import(`x`)", [undefined]],
    ['// import "a"\n/* import "b" */ const text = \'import "c"\'; const d = `\nimport "e"`;', []],
    ['const quote = /["\']/g; import "f"; /* " */', ["f"]],
    ["import.meta.url; schema.import('x'); const from = 'y'; function require(x) {}", []],
    ['var r = (x) => typeof require < "u" ? require.apply(this, arguments) : require(x);', []],
  ])("are found in %s", (code, expected) => {
    expect(importsOf(code)).toEqual(expected);
  });
});
