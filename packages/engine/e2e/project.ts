import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../../..");

/** A project in a temporary folder that has this repository's (built) packages installed. */
export function makeProject(connectors: string[], files: Record<string, string>) {
  const folder = mkdtempSync(path.join(tmpdir(), "stepwire-engine-"));
  const scope = path.join(folder, "node_modules/@stepwire");
  mkdirSync(scope, { recursive: true });
  for (const name of connectors) symlinkSync(path.join(root, "packages", name), path.join(scope, name));
  const dependencies = Object.fromEntries(connectors.map((name) => [`@stepwire/${name}`, "*"]));
  const all: Record<string, string> = { "package.json": JSON.stringify({ name: "p", dependencies }), ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return { folder, file: (name: string) => path.join(folder, name), remove: () => rmSync(folder, { recursive: true }) };
}

export interface Received {
  method: string;
  path: string;
  body: string;
}

/** A server that keeps what it received and answers as it is told. */
export async function startServer(answer: (request: Received, response: ServerResponse, raw: IncomingMessage) => void) {
  const requests: Received[] = [];
  const server = createServer((raw, response) => {
    const chunks: Buffer[] = [];
    raw.on("data", (chunk: Buffer) => chunks.push(chunk));
    raw.on("end", () => {
      const request = { method: raw.method ?? "", path: raw.url ?? "", body: Buffer.concat(chunks).toString() };
      requests.push(request);
      answer(request, response, raw);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, requests, close };
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}
