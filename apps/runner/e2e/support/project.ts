/** A project in a temporary folder with this repository's built packages, and a server that stands for other systems. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach } from "vitest";

export const root = path.resolve(import.meta.dirname, "../../../..");
const PACKAGES = ["connector-http", "connector-slack", "connector-jira", "connector-cases-webhook"];

const cleanups: (() => void)[] = [];
export const onCleanup = (cleanup: () => void): void => void cleanups.push(cleanup);
afterEach(() => {
  for (const cleanup of cleanups.splice(0).toReversed()) cleanup();
});

export type Files = Record<string, string | Uint8Array>;

export interface ProjectFolder {
  folder: string;
  file(name: string): string;
  write(files: Files): void;
}

export function makeFolder(files: Files = {}): ProjectFolder {
  // The real path, because a child process names files by what it finds as its working folder.
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "stepwire-runner-")));
  onCleanup(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string): string => path.join(folder, name);
  const write = (more: Files): void => {
    for (const [name, text] of Object.entries(more)) {
      mkdirSync(path.dirname(file(name)), { recursive: true });
      writeFileSync(file(name), text);
    }
  };
  write(files);
  return { folder, file, write };
}

/** `files` may replace anything, `package.json` included. */
export function makeProject(files: Files = {}): ProjectFolder {
  const project = makeFolder();
  const scope = project.file("node_modules/@stepwire");
  mkdirSync(scope, { recursive: true });
  for (const name of [...PACKAGES, "core"]) symlinkSync(path.join(root, "packages", name), path.join(scope, name));
  symlinkSync(path.join(root, "node_modules/zod"), project.file("node_modules/zod"));
  const dependencies = Object.fromEntries(PACKAGES.map((name) => [`@stepwire/${name}`, "*"]));
  project.write({ "package.json": JSON.stringify({ name: "p", dependencies }), ...files });
  return project;
}

/** A plugin in a folder of the project, for `plugins.paths`; its manifest is made as its author would. */
export function addPlugin(project: ProjectFolder, name: string, source: string): void {
  const manifest = {
    name: `stepwire-connector-${name}`,
    version: "1.0.0",
    type: "module",
    exports: "./index.js",
    files: ["index.js", "stepwire.json"],
    stepwire: { contract: 1, manifest: "./stepwire.json" },
  };
  project.write({ [`${name}/package.json`]: JSON.stringify(manifest), [`${name}/index.js`]: source });
  const bin = path.join(root, "packages/core/bin/stepwire-manifest.js");
  const made = spawnSync(process.execPath, [bin], { cwd: project.file(name), encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
}

interface Received {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

type Answer = (request: Received, response: ServerResponse) => void;

interface Vendor {
  url: string;
  requests: Received[];
  /** Resolves when a request for this path has come in (or had come in before). */
  arrived(path: string): Promise<void>;
  /** Resolves when the connection of a request for this path was closed before it was answered. */
  dropped(path: string): Promise<void>;
}

interface Event {
  promise: Promise<void>;
  resolve: () => void;
}

function makeEvent(): Event {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

/** A server on the loopback interface that keeps what it received. */
export async function startVendor(
  answer: Answer = (_request, response) => sendJson(response, 200, {}),
): Promise<Vendor> {
  const requests: Received[] = [];
  const events = new Map<string, Event>();
  const event = (name: string): Event => {
    const known = events.get(name) ?? makeEvent();
    events.set(name, known);
    return known;
  };
  const server = createServer((raw, response) => {
    const chunks: Buffer[] = [];
    raw.on("data", (chunk: Buffer) => chunks.push(chunk));
    raw.on("end", () => {
      const { method = "", url = "", headers } = raw;
      const request = { method, path: url, headers, body: Buffer.concat(chunks).toString() };
      requests.push(request);
      response.on("close", () => response.writableEnded || event(`dropped ${url}`).resolve());
      event(`arrived ${url}`).resolve();
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onCleanup(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    arrived: (name) => event(`arrived ${name}`).promise,
    dropped: (name) => event(`dropped ${name}`).promise,
  };
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
