/** The YAML language server that editors run, asked as an editor asks it. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

import { onCleanup } from "./project.ts";

interface Message {
  id?: number;
  method?: string;
  params?: { items?: unknown[]; uri?: string; diagnostics?: { message: string }[] };
  result?: unknown;
}

export interface LanguageServer {
  /** What is offered at the `|` of a text. */
  complete(text: string): Promise<string[]>;
  /** What is said against a text. */
  problems(text: string): Promise<string[]>;
}

export async function startLanguageServer(): Promise<LanguageServer> {
  const folder = path.dirname(createRequire(import.meta.url).resolve("yaml-language-server/package.json"));
  const child = spawn(process.execPath, [path.join(folder, "bin/yaml-language-server"), "--stdio"]);
  onCleanup(() => void child.kill("SIGKILL"));
  const answers = new Map<number, (result: unknown) => void>();
  const diagnostics = new Map<string, (messages: string[]) => void>();
  const send = (message: object): void => {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  const take = ({ id, method, params, result }: Message): void => {
    if (method === undefined) answers.get(id ?? -1)?.(result);
    // It asks for its settings, and to register for changes of them: there are none.
    else if (id !== undefined) send({ id, result: params?.items?.map(() => null) ?? null });
    else if (method === "textDocument/publishDiagnostics")
      diagnostics.get(params?.uri ?? "")?.((params?.diagnostics ?? []).map(({ message }) => message));
  };
  let received = Buffer.alloc(0);
  child.stdout.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const head = received.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/i.exec(received.subarray(0, Math.max(head, 0)).toString())?.[1]);
      if (head === -1 || received.length < head + 4 + length) return;
      const body = received.subarray(head + 4, head + 4 + length).toString();
      received = received.subarray(head + 4 + length);
      take(JSON.parse(body) as Message);
    }
  });
  let count = 0;
  const request = (method: string, params: object): Promise<unknown> =>
    new Promise((resolve) => {
      count += 1;
      answers.set(count, resolve);
      send({ id: count, method, params });
    });
  const open = (text: string): string => {
    const uri = `file:///editor/${(count += 1)}.yaml`;
    send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version: 1, text } } });
    return uri;
  };

  const completion = { completionItem: { snippetSupport: false } };
  await request("initialize", { processId: null, rootUri: null, capabilities: { textDocument: { completion } } });
  send({ method: "initialized", params: {} });
  return {
    async complete(text) {
      const before = text.slice(0, text.indexOf("|")).split("\n");
      const uri = open(text.replace("|", ""));
      const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
      const found = await request("textDocument/completion", { textDocument: { uri }, position });
      const items = Array.isArray(found) ? found : (found as { items: unknown[] }).items;
      return (items as { label: string }[]).map(({ label }) => label);
    },
    problems: (text) => new Promise((resolve) => diagnostics.set(open(text), resolve)),
  };
}
