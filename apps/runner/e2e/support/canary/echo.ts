/** Servers that say back, in every way a system may, the credentials they were given. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { gzipSync } from "node:zlib";

import { startTarget, type SeenRequest, type Target, type TargetOptions } from "@stepwire/test-rig";

import type { Canary } from "./finder.ts";
import { onCleanup } from "../project.ts";

/** What was in requests, so that a test can tell that there was something to leak. */
export interface Told {
  readonly canaries: Set<string>;
  /** Statuses and styles, such as `400/html`. */
  readonly answers: Set<string>;
}

interface Answer {
  headers?: Record<string, string>;
  reason?: string;
  body: string | Buffer;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");
/** What is packed once more is a value: the address has its own encoding already. */
const values = (texts: readonly string[]): string[] => texts.filter((text) => !text.startsWith("/"));
const form = (text: string): string => new URLSearchParams([["echo", text]]).toString();
const TEXT = { "content-type": "text/plain; charset=utf-8" };
const JSON_TYPE = { "content-type": "application/json" };
const HTML = { "content-type": "text/html; charset=utf-8" };
const said = (...texts: string[]): string => JSON.stringify({ message: texts.join(" | "), errors: texts });

const escapeUnits = (text: string, units: RegExp): string =>
  text.replace(units, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
const ascii = (text: string): string => escapeUnits(text, /[^ -~]/g);

/** Escapers differ in what they escape, and how. */
const escapeHtml = (text: string, quote: string, apostrophe: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', quote).replaceAll("'", apostrophe);

export const STYLES: Readonly<Record<string, (texts: readonly string[]) => Answer>> = {
  json: (texts) => ({ headers: JSON_TYPE, body: said(...texts) }),
  keys: (texts) => ({ headers: JSON_TYPE, body: JSON.stringify(Object.fromEntries(texts.map((text) => [text, 1]))) }),
  untyped: (texts) => ({ body: said(...texts) }),
  text: (texts) => ({ headers: TEXT, body: `refused: ${texts.join("\n")}` }),
  latin1: (texts) => ({
    headers: { "content-type": "text/plain; charset=iso-8859-1" },
    body: Buffer.from(texts.join(" "), "latin1"),
  }),
  html: (texts) => ({
    headers: HTML,
    body: `<!doctype html><html><body><p>${escapeHtml(texts.join("<br>"), "&quot;", "&#39;")}</p></body></html>`,
  }),
  page: (texts) => ({
    headers: HTML,
    body: `<html><body>${escapeHtml(texts.join(" "), "&#34;", "&#39;")}</body></html>`,
  }),
  raw: (texts) => ({ headers: HTML, body: `<html><body><b>${texts.join("</b> ")}</body></html>` }),
  twice: (texts) => ({ headers: JSON_TYPE, body: said(...texts.map((text) => JSON.stringify({ inner: text }))) }),
  doubly: (texts) => ({ headers: TEXT, body: JSON.stringify(JSON.stringify(texts)) }),
  ascii: (texts) => ({ headers: JSON_TYPE, body: `{"cut": ${ascii(JSON.stringify(texts))}` }),
  go: (texts) => ({ headers: TEXT, body: escapeUnits(JSON.stringify(texts), /[<>&]/g) }),
  dotnet: (texts) => ({
    headers: TEXT,
    body: escapeUnits(JSON.stringify(texts).replaceAll('\\"', "\\u0022"), /[<>&'+`]|[^ -~]/g),
  }),
  php: (texts) => ({ headers: TEXT, body: ascii(JSON.stringify(texts)).replaceAll("/", "\\/") }),
  doublyAscii: (texts) => ({ headers: TEXT, body: JSON.stringify(ascii(JSON.stringify(texts))) }),
  slashes: (texts) => ({ headers: TEXT, body: JSON.stringify(texts).replaceAll("/", "\\/") }),
  base64: (texts) => ({ headers: JSON_TYPE, body: said(...values(texts).map(base64)) }),
  base64url: (texts) => ({
    headers: TEXT,
    body: values(texts)
      .map((text) => Buffer.from(text).toString("base64url"))
      .join(" "),
  }),
  inside: (texts) => ({
    headers: JSON_TYPE,
    body: said(base64(`a${values(texts).join("|")}`), base64(`ab${values(texts).join("|")}c`)),
  }),
  percent: (texts) => ({ headers: JSON_TYPE, body: said(...texts.map((text) => encodeURIComponent(text))) }),
  form: (texts) => ({
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: texts.map(form).join("&"),
  }),
  hex: (texts) => ({
    headers: TEXT,
    body: values(texts)
      .map((text) => Buffer.from(text).toString("hex"))
      .join(" "),
  }),
  upper: (texts) => ({ headers: TEXT, body: texts.join(" ").toUpperCase() }),
  header: (texts) => ({
    headers: {
      ...JSON_TYPE,
      "x-echo": texts.join(" | "),
      "x-echo-base64": values(texts).map(base64).join(" "),
      "x-echo-utf8": Buffer.from(texts.join(" | ")).toString("latin1"),
      "set-cookie": `session=${encodeURIComponent(texts.join(" "))}`,
      "www-authenticate": `Basic realm="${texts.join(" ")}"`,
      location: `/elsewhere?${texts.map(form).join("&")}`,
    },
    body: "{}",
  }),
  reason: (texts) => ({ reason: `Nope ${texts.join(" ")}`, body: "" }),
  badjson: (texts) => ({ headers: JSON_TYPE, body: said(...texts).slice(0, -3) }),
  binary: (texts) => ({ headers: { "content-type": "application/octet-stream" }, body: `\0${texts.join("\0")}` }),
  gzip: (texts) => ({ headers: { ...JSON_TYPE, "content-encoding": "gzip" }, body: gzipSync(said(...texts)) }),
  encoding: (texts) => ({ headers: { ...JSON_TYPE, "content-encoding": texts[0] ?? "" }, body: "{}" }),
  type: (texts) => ({ headers: { "content-type": texts[0] ?? "" }, body: "{}" }),
  long: (texts) => ({ headers: TEXT, body: `${"x".repeat(2040)}${texts.join(" ")}` }),
  excerpt: (texts) => ({ headers: JSON_TYPE, body: `${"x".repeat(115)}${texts.join(" ")}` }),
};

/** Styles that Node's response cannot write, or that end otherwise than in an answer. */
export const FAULTS: Readonly<
  Record<string, (texts: readonly string[], response: ServerResponse, status: number) => void>
> = {
  cut(texts, response, status) {
    response.writeHead(status, { ...JSON_TYPE, "content-length": "1000000" });
    response.write(said(...texts), () => response.destroy());
  },
  hang(texts, response, status) {
    response.writeHead(status, JSON_TYPE);
    response.write(said(...texts));
  },
  silence: () => undefined,
  large(texts, response, status) {
    response.writeHead(status, JSON_TYPE).end(said(...Array.from({ length: 3000 }, () => texts).flat()));
  },
  garbage(texts, response) {
    response.socket?.end(`HTTP/1.1 ${texts.join(" ")}\r\n\r\n`);
  },
  redirect(texts, response) {
    response.writeHead(302, { location: `http://127.0.0.1:1/?${texts.map(form).join("&")}` }).end();
  },
  later(texts, response) {
    response.writeHead(429, { ...JSON_TYPE, "retry-after": "70" }).end(said(...texts));
  },
};

/**
 * `.../echo/STATUS/STYLE...` in the path or the body is answered so, everything else 400 as JSON. `.../token/ok` gives
 * the access token.
 */
export async function startEcho(
  canaries: readonly Canary[],
  told: Told,
  accessToken: string,
  options: TargetOptions = {},
): Promise<Target> {
  const target = await startTarget({
    ...options,
    handler(request, response) {
      const texts = credentialsOf(request, canaries);
      for (const { name, text } of canaries) if (texts.includes(text)) told.canaries.add(name);
      if (request.path.includes("/token/ok")) {
        response.writeHead(200, JSON_TYPE).end(JSON.stringify({ access_token: accessToken, token_type: "Bearer" }));
        return;
      }
      const [, status = "400", style = "json"] = /echo\/(\d{3})\/(\w+)/.exec(`${request.path} ${request.body}`) ?? [];
      told.answers.add(`${status}/${style}`);
      const fault = FAULTS[style];
      if (fault !== undefined) return fault(texts, response, Number(status));
      const answer = STYLES[style]?.(texts);
      if (answer === undefined) throw new Error(`There is no style ${style}.`);
      response.writeHead(Number(status), answer.reason ?? "Echo", answer.headers).end(answer.body);
    },
  });
  onCleanup(() => void target.close());
  return target;
}

/** Everything in a request that may be a credential, as it came and as it was meant. */
function credentialsOf(
  { path, headers, body }: Pick<SeenRequest, "path" | "headers" | "body">,
  canaries: readonly Canary[],
): string[] {
  const values = Object.entries(headers)
    .filter(([name]) => /^(?:authorization|proxy-authorization|x-.*)$/.test(name))
    .map(([, value]) => String(value));
  const basic = values.flatMap((value) => (/^Basic /i.test(value) ? [decodeBasic(value)] : []));
  const fields = [...new URL(path, "http://x").searchParams.values(), ...new URLSearchParams(body).values()];
  const segments = path.replace(/\?.*/, "").split("/").map(safeDecode);
  const all = [...values, ...basic, ...fields, ...segments.filter((segment) => segment.length >= 16), path];
  const known = canaries.filter(({ text }) => all.some((value) => value.includes(text))).map(({ text }) => text);
  return [...new Set([...known, ...all])].filter((text) => text !== "");
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const decodeBasic = (header: string): string => Buffer.from(header.replace(/^Basic /i, ""), "base64").toString("utf8");

/**
 * A proxy that lets nobody through and says why, with what it was given: in the reason, in headers and in the page. With
 * status 200 that page looks like the target's own answer.
 */
export async function startEchoProxy(canaries: readonly Canary[], told: Told, status: number): Promise<string> {
  const answer = (headers: IncomingHttpHeaders) => {
    const texts = credentialsOf({ path: "/", headers, body: "" }, canaries);
    for (const { name, text } of canaries) if (texts.includes(text)) told.canaries.add(name);
    told.answers.add(`proxy ${status}`);
    const line = texts.join(" ");
    return {
      reason: `No ${line}`,
      headers: { ...HTML, "x-echo": line, "proxy-authenticate": `Basic realm="${line}"` },
      body: `<html><body>${line} ${texts.map(base64).join(" ")}</body></html>`,
    };
  };
  const server = createServer((request, response) => {
    const { reason, headers, body } = answer(request.headers);
    response.writeHead(status, reason, headers).end(body);
  });
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    const { reason, headers, body } = answer(request.headers);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.on("error", () => undefined).end(`HTTP/1.1 ${status} ${reason}\r\n${lines.join("")}\r\n${body}`, "latin1");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onCleanup(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
