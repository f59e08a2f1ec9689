/**
 * A connector's way into the world, as its author and its user go it: every package is published to a registry on this
 * machine, a third party's package is created, tested and published from an empty folder, and a project far from this
 * repository installs what it needs and runs a workflow through all of it.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { execute, npm } from "./support/npm.ts";
import { startRegistry, type Registry } from "./support/registry.ts";

const root = path.resolve(import.meta.dirname, "..");
const PUBLISHED = ["packages", "apps"]
  .flatMap((folder) => readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`))
  .filter((folder) => (readJson(path.join(root, folder, "package.json")) as { private?: boolean }).private !== true);

let temp: string;
let registry: Registry;
let system: Server;
let url: string;
const received: { method: string; path: string; authorization: string | undefined; body: unknown }[] = [];

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

beforeAll(async () => {
  for (const folder of PUBLISHED) {
    if (!existsSync(path.join(root, folder, "dist"))) throw new Error(`${folder} is not built. Run npm run build.`);
  }
  temp = realpathSync(mkdtempSync(path.join(tmpdir(), "stepwire-published-")));
  registry = await startRegistry(path.join(temp, "registry"));
  await npm(
    ["publish", "--ignore-scripts", "--provenance=false", ...PUBLISHED.flatMap((folder) => ["--workspace", folder])],
    root,
    registry.env,
  );
  system = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const { method = "", url: target = "", headers } = request;
      received.push({
        method,
        path: target,
        authorization: headers.authorization,
        body: text === "" ? undefined : JSON.parse(text),
      });
      if (target.startsWith("/services/")) response.end("ok");
      else response.setHeader("content-type", "application/json").end(JSON.stringify({ id: "P-7", status: "open" }));
    });
  });
  await new Promise<void>((resolve) => system.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(system.address() as AddressInfo).port}`;
});

afterAll(async () => {
  system.closeAllConnections();
  system.close();
  await registry.stop();
  rmSync(temp, { recursive: true, force: true });
});

describe("a connector of a third party", () => {
  const author = () => path.join(temp, "author", "pager");

  it("is created from an empty folder, with flags alone", async () => {
    const empty = path.join(temp, "author");
    mkdirSync(empty);
    await npm(
      [
        "create",
        "--yes",
        "stepwire-connector",
        "pager",
        "--",
        "--name=acme/pager",
        "--title=Pager",
        "--base-url=https://api.pager.example/v1",
        "--auth=bearer",
        "--action=page",
        "--method=POST",
        "--path=/pages",
        "--package=@acme/stepwire-connector-pager",
        "--yes",
      ],
      empty,
      registry.env,
    );
    expect(readJson(path.join(author(), "package.json"))).toMatchObject({ name: "@acme/stepwire-connector-pager" });
  });

  it("builds, passes the conformance kit and is published", async () => {
    await npm(["install"], author(), registry.env);
    const tested = await npm(["test"], author(), registry.env);
    expect(tested).toMatch(/Tests {2}\d+ passed \(\d+\)/);
    expect(tested).not.toMatch(/failed|skipped/);
    const [packed] = JSON.parse(await npm(["pack", "--json", "--ignore-scripts"], author(), registry.env)) as {
      filename: string;
      files: { path: string }[];
    }[];
    const files = packed?.files.map((file) => file.path) ?? [];
    expect(files).toEqual(
      expect.arrayContaining(["dist/index.js", "dist/index.d.ts", "dist/stepwire.json", "README.md"]),
    );
    expect(files.filter((file) => /test|scenarios|tsconfig/.test(file))).toEqual([]);
    for (const args of [
      ["publint", "run", packed?.filename ?? "", "--strict"],
      ["attw", packed?.filename ?? "", "--profile", "esm-only"],
    ]) {
      const [tool = "", ...rest] = args;
      const linted = await execute(path.join(root, "node_modules/.bin", tool), rest, author());
      expect(linted.status, linted.stdout + linted.stderr).toBe(0);
    }
    await npm(["publish", "--access", "public"], author(), registry.env);
  });

  it("is installed beside two of ours, and a workflow runs through all three", async () => {
    const project = path.join(temp, "project");
    mkdirSync(project);
    const write = (name: string, text: string) => writeFileSync(path.join(project, name), text);
    write("package.json", JSON.stringify({ name: "project", private: true, type: "module" }));
    await npm(
      [
        "install",
        "stepwire",
        "@stepwire/connector-http",
        "@stepwire/connector-slack",
        "@acme/stepwire-connector-pager",
      ],
      project,
      registry.env,
    );
    write("stepwire.yaml", "network:\n  responseTimeout: 10s\n");
    write(
      "connectors.yaml",
      JSON.stringify({
        connectors: [
          { name: "inventory", type: "http", config: { url, hasAuth: false } },
          { name: "alerts", type: "slack", secrets: { webhookUrl: `${url}/services/T0/B0/hook-of-the-test` } },
          { name: "night", type: "acme/pager", secrets: { token: "token-of-the-test" }, network: { baseUrl: url } },
        ],
      }),
    );
    write(
      "respond.yaml",
      `name: respond
steps:
  - name: look_up
    type: http
    connector-id: inventory
    with:
      path: /hosts/7
  - name: page
    type: acme/pager.page
    connector-id: night
    with:
      text: "Disk of {{ steps.look_up.output.data.id }}"
  - name: tell
    type: slack
    connector-id: alerts
    with:
      message: "Paged: {{ steps.page.output.id }}"
`,
    );
    const stepwire = (...args: string[]) =>
      execute("npm", ["exec", "--no", "--", "stepwire", ...args], project, registry.env);
    const types = await stepwire("types", "--output", "json");
    const listed = JSON.parse(types.stdout) as { types: { id: string; status: string }[] };
    expect(listed.types.map(({ id, status }) => `${id} ${status}`)).toEqual(
      expect.arrayContaining(["acme/pager ok", "http ok", "slack ok"]),
    );
    const ran = await stepwire("run", "respond.yaml", "--output", "json");
    expect(ran.status, ran.stderr + ran.stdout).toBe(0);
    expect(received.map(({ method, path: target }) => `${method} ${target}`)).toEqual([
      "GET /hosts/7",
      "POST /pages",
      "POST /services/T0/B0/hook-of-the-test",
    ]);
    expect(received[1]).toMatchObject({ authorization: "Bearer token-of-the-test", body: { text: "Disk of P-7" } });
    expect(received[2]?.body).toEqual({ text: "Paged: P-7" });
    expect(ran.stdout + ran.stderr).not.toContain("token-of-the-test");
  });
});
