/** Every connection of docs/guides/auth.md, with the connector beside it, and what a server receives of it. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, it, onTestFinished } from "vitest";

import { blocksOf } from "./support/guide.ts";
import { execute } from "./support/npm.ts";

const root = path.resolve(import.meta.dirname, "..");
const blocks = blocksOf(readFileSync(path.join(root, "docs/guides/auth.md"), "utf8"));
const block = (language: string, name: string) =>
  blocks.find((one) => one.language === language && one.name === name)?.text ?? "";
const NAMES = blocks.flatMap(({ language, name }) => (language === "http" ? [name] : []));

/** Opens the connector in a program of its own, as a user's would be, and shows what its server received. */
const PROGRAM = `
import { createServer } from "node:http";
import { defineConnectorType } from "@stepwire/core";
import { createConnector } from "@stepwire/host";
import { parse } from "yaml";
import { z } from "zod";
import { connection } from "./connection.js";

const received = [];
const server = createServer((request, response) => {
  received.push({ method: request.method, url: request.url, headers: request.headers });
  response.end("{}");
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const base = "http://127.0.0.1:" + server.address().port;
const values = (text) => text
  .replaceAll("http://127.0.0.1:4010", base)
  .replaceAll(/\\$(?:\\{env:)?PAGER_WEBHOOK\\}?/g, base + "/hooks/secret-of-the-hook")
  .replaceAll(/\\$(?:\\{env:)?([A-Z_]+)\\}?/g, "value-of-$1")
  .replaceAll(/base64\\((.*)\\)/g, (_, plain) => Buffer.from(plain).toString("base64"));

const me = connection.action({
  summary: "Reads", effect: "read", idempotency: "natural", input: z.strictObject({}), output: z.object({}),
  async run(ctx) { await ctx.request({ method: "GET", path: "/me" }); return {}; },
});
const type = defineConnectorType({ id: "acme/pager", title: "", description: "", connection, actions: { me } });
const [, , yaml, http] = process.argv;
const connector = createConnector(type, { ...parse(values(yaml)), network: { baseUrl: base } });
await connector.actions.me({});
await connector.close();
server.close();
console.log(JSON.stringify({ expected: values(http).replace(base, "").trim().split("\\n"), received }));
`;

it.each(NAMES)("%s: sends what the page shows", async (name) => {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "stepwire-auth-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, "node_modules"));
  for (const module of ["@stepwire", "yaml", "zod"])
    symlinkSync(path.join(root, "node_modules", module), path.join(folder, "node_modules", module), "junction");
  writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(path.join(folder, "connection.js"), `${block("js", "imports")}\n${block("js", name)}`);
  writeFileSync(path.join(folder, "program.js"), PROGRAM);

  const args = ["program.js", block("yaml", name), block("http", name)];
  const { status, stdout, stderr } = await execute(process.execPath, args, folder);
  expect(status, stderr).toBe(0);
  const { expected, received } = JSON.parse(stdout) as {
    expected: [string, ...string[]];
    received: { method: string; url: string; headers: Record<string, string> }[];
  };
  const [line, ...headers] = expected;
  expect(received.map((request) => `${request.method} ${request.url}`)).toEqual([line]);
  const shown = headers.map((header) => header.split(": ") as [string, string]);
  const sent = received[0]?.headers ?? {};
  expect(shown.map(([header]) => [header, sent[header.toLowerCase()]])).toEqual(shown);
  // What is not shown is not sent either.
  expect(Object.keys(sent).filter((header) => /^(?:authorization|cookie|x-.*)$/.test(header)).length).toBe(
    shown.length,
  );
});

it("has an example of every kind", () => {
  const auth = readFileSync(path.join(root, "packages/core/src/auth.ts"), "utf8");
  const kinds = [...auth.matchAll(/readonly kind: "(\w+)"/g)].map(([, kind]) => kind);
  const shown = NAMES.flatMap((name) => [...block("js", name).matchAll(/kind: "(\w+)"/g)].map(([, kind]) => kind));
  expect(kinds.length).toBeGreaterThan(5);
  expect(new Set(shown)).toEqual(new Set(kinds));
});
