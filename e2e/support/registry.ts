import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { npm } from "./npm.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** A registry on this machine: what is published there stays there, the rest comes from where npm gets it otherwise. */
export interface Registry {
  readonly url: string;
  /** The environment in which npm uses it for everything. */
  readonly env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** Starts verdaccio in a folder, on a free port. Rejects with its words where it does not come up. */
export async function startRegistry(folder: string): Promise<Registry> {
  mkdirSync(folder, { recursive: true });
  // Asked far from this repository, whose own settings are not those of the machine.
  const uplink = (await npm(["config", "get", "registry"], folder)).trim();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  writeFileSync(path.join(folder, "config.json"), JSON.stringify(configuration(uplink)));
  writeFileSync(path.join(folder, "npmrc"), `registry=${url}\n//127.0.0.1:${port}/:_authToken=any\n`);
  const bin = path.join(root, "node_modules/verdaccio/bin/verdaccio");
  const child = spawn(process.execPath, [bin, "--config", path.join(folder, "config.json"), "--listen", url], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await answers(`${url}-/ping`, child, () => said);
  return {
    url,
    env: { npm_config_userconfig: path.join(folder, "npmrc"), npm_config_audit: "false", npm_config_fund: "false" },
    async stop() {
      child.kill();
      await ended;
    },
  };
}

function configuration(uplink: string) {
  const ours = { access: "$all", publish: "$all" };
  return {
    storage: "./storage",
    auth: { htpasswd: { file: "./htpasswd", max_users: 10 } },
    uplinks: { npm: { url: uplink, timeout: "60s", max_fails: 100 } },
    packages: {
      // Never from elsewhere: what is tested is what was just built.
      "@stepwire/*": ours,
      "@acme/*": ours,
      stepwire: ours,
      "create-stepwire-connector": ours,
      "**": { access: "$all", proxy: "npm" },
    },
    web: { enable: false },
    log: { type: "stdout", format: "pretty", level: "warn" },
  };
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function answers(url: string, child: { exitCode: number | null }, said: () => string): Promise<void> {
  const end = Date.now() + 60_000;
  while (Date.now() < end && child.exitCode === null) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok === true) return;
    await delay(100);
  }
  throw new Error(`The registry did not come up:\n${said()}`);
}
