import { startTarget, type Target, type TargetOptions } from "@stepwire/test-rig";
import { runOnce, startLoopback, type Loopback, type LoopbackHandler, type RunOnceOptions } from "@stepwire/testkit";
import { onTestFinished } from "vitest";

import { http } from "../src/index.ts";

export type Options = RunOnceOptions<typeof http.connection.def.config, typeof http.connection.def.secrets>;

/** A server that is stopped when the test ends. */
export async function start(handler?: LoopbackHandler): Promise<Loopback> {
  const server = await startLoopback(handler);
  onTestFinished(() => server.close());
  return server;
}

/** The same with TLS where it is asked for. */
export async function startSecure(options: TargetOptions): Promise<Target> {
  const target = await startTarget(options);
  onTestFinished(() => target.close());
  return target;
}

/** Through a connector without credentials unless given. */
export const call = async (url: string, input: object, more: Omit<Options, "input"> = {}) =>
  runOnce(http, { input, ...more, config: { url, hasAuth: false, ...more.config } });
