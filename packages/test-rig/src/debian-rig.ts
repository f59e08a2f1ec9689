import { readFile } from "node:fs/promises";
import { join } from "node:path";

import type { ClientMaterial } from "./certificates.ts";
import { readHttpbin } from "./httpbin.ts";
import type { ProxyRoute, Rig, RigServerKind } from "./rig.ts";
import { startSystem, STATE, type Missing } from "./system.ts";
import { startTarget, type Target } from "./target.ts";

export interface DebianRig extends Rig {
  /** https echo server that refuses a missing or bad client certificate with an alert of TLS, as nginx does not. */
  readonly strictTarget: string;
}

const LOGIN = { user: "proxyuser", password: "proxy-pass" } as const;

/** Ports of `debian/http.sh`. */
const TARGETS: Record<RigServerKind, Record<"none" | "required" | "optional", number>> = {
  good: { none: 3920, required: 3930, optional: 3931 },
  "wrong-host": { none: 3921, required: 3950, optional: 3953 },
  untrusted: { none: 3923, required: 3951, optional: 3954 },
  expired: { none: 3924, required: 3952, optional: 3955 },
};
const PROXIES: Record<ProxyRoute, string> = {
  "http proxy": "http://127.0.0.1:3941",
  "https proxy": "https://localhost:3944",
  "http proxy with auth": "http://127.0.0.1:3940",
  "https proxy with auth": "https://localhost:3943",
};

/**
 * The rig of Debian programs: nginx, squid, tinyproxy, haproxy and httpbin. Says what is missing where they are not
 * installed (`debian/http.sh install`). One that runs already is used, and left running at `close`.
 */
export async function debianRig(): Promise<DebianRig | Missing> {
  const system = await startSystem("http");
  if ("missing" in system) return system;

  const state = join(STATE, "http");
  const certificate = (name: string): Promise<Buffer> => readFile(join(state, "certs", name));
  const text = async (name: string): Promise<string> => (await certificate(name)).toString("utf8");
  const logs = [join((await readFile(join(state, "squid.dir"), "utf8")).trim(), "access.log")];
  logs.push(join(state, "tinyproxy-access.log"));
  const readTunnels = async (): Promise<string[][]> =>
    Promise.all(logs.map(async (log) => authorities(await readFile(log, "utf8"))));
  const before = await readTunnels();
  let tokens: Promise<Target> | undefined;

  return {
    name: "Debian",
    ca: await text("ca.crt"),
    client: await clientMaterial(text, certificate),
    strictTarget: "https://localhost:3956",
    target: async (kind, { clientCertificate = "none" as const } = {}) =>
      `https://localhost:${TARGETS[kind][clientCertificate]}`,
    plainTarget: async () => "http://127.0.0.1:3910",
    readEcho: readHttpbin,
    proxy: async (route) => ({ url: PROXIES[route], ...(route.endsWith("with auth") && LOGIN) }),
    tunnels: async () => (await readTunnels()).flatMap((now, log) => now.slice(before[log]!.length)),
    async token() {
      tokens ??= startTarget({ tls: { cert: await text("good.crt"), key: await text("good.key") } });
      return `${(await tokens).url}/token`;
    },
    async close() {
      await (await tokens)?.close();
      await system.close();
    },
  };
}

async function clientMaterial(
  text: (name: string) => Promise<string>,
  bytes: (name: string) => Promise<Buffer>,
): Promise<ClientMaterial> {
  return {
    crt: await text("client.crt"),
    key: await text("client.key"),
    encryptedKey: await text("client-encrypted.key"),
    pfx: await bytes("client.pfx"),
    pfxNoPassphrase: await bytes("client-nopass.pfx"),
    passphrase: "changeit",
  };
}

/**
 * Squid writes `TCP_TUNNEL/200 39 CONNECT localhost:3920`, and only when the tunnel is closed; tinyproxy
 * `Request (file descriptor 5): CONNECT localhost:3920 HTTP/1.1`, at once.
 */
function authorities(log: string): string[] {
  return lines(log).flatMap((line) => /(?:TCP_TUNNEL\/200 .*|Request .*: )CONNECT (\S+)/.exec(line)?.[1] ?? []);
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
