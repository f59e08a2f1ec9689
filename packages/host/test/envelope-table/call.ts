import { StepwireError } from "@stepwire/core";
import type { Rig, RigServerKind } from "@stepwire/test-rig";
import { expect, vi } from "vitest";

import type { NetworkOptions } from "../../src/index.ts";
import { open, type Work } from "../http-support.ts";
import { PLACES, type Cell } from "./cells.ts";
import { KINDS } from "./kinds.ts";
import { trustSettings } from "./trust.ts";

const get: Work = async (ctx) => (await ctx.request({ method: "GET", path: "/anything" })).data;

export interface CallOptions {
  readonly server: RigServerKind;
  /** Whether the authority that signed the rig's good servers is given for the target. */
  readonly trusted: boolean;
  /** Whether the https proxy's authority is given. */
  readonly proxyTrusted?: boolean;
}

export interface Outcome {
  readonly target: string;
  /** What the action got; its secrets are masked. */
  readonly data?: unknown;
  readonly error?: StepwireError;
}

/** One call of a connector of its own, as the cell says, and proof that it went the cell's way. */
export async function call(rig: Rig, cell: Cell, options: CallOptions): Promise<Outcome> {
  const { server, trusted, proxyTrusted = true } = options;
  const kind = KINDS[cell.kind];
  // `optional` asks for a certificate, so that one that should not be sent would be seen.
  const target = await rig.target(server, { clientCertificate: kind.certificate ? "required" : "optional" });
  const proxy = await proxySettings(rig, cell);
  const trust = trustSettings({
    place: PLACES[cell.kind],
    mode: cell.mode,
    target,
    ca: trusted ? rig.ca : undefined,
    proxy: proxy?.url.startsWith("https:") && proxyTrusted ? { url: proxy.url, ca: rig.ca } : undefined,
  });
  const given = await kind.given(rig);
  const connector = open(get, {
    url: target,
    ...(kind.auth === undefined ? {} : { auth: kind.auth }),
    config: { ...given.config, ...trust.config },
    secrets: given.secrets ?? {},
    network: { ...trust.network, ...proxy?.network },
    // Fast, since only whether there is a second attempt matters.
    retry: { minDelay: "1ms", maxDelay: "1ms" },
  });

  const before = await rig.tunnels();
  const outcome = await connector.run("run", {}).then(
    (data) => ({ target, data }),
    (error: unknown) => ({ target, error: StepwireError.from(error) }),
  );
  // Closed first: some proxies write a tunnel down only when it ends.
  await connector.close();
  const through = kind.token ? [await rig.token(), target] : [target];
  const expected = proxy === undefined || !proxyTrusted ? [] : through.map((url) => new URL(url).host);
  await vi.waitFor(
    async () =>
      expect(without(await rig.tunnels(), before).toSorted(), `tunnels to ${server}`).toEqual(expected.toSorted()),
    { timeout: 5000, interval: 20 },
  );
  return outcome;
}

/** User and password stand in keys of their own for an http proxy, and in the URL of an https proxy. */
async function proxySettings(rig: Rig, { route }: Cell): Promise<{ url: string; network: NetworkOptions } | undefined> {
  if (route === "direct") return undefined;
  const { url, user, password } = await rig.proxy(route);
  if (user === undefined || password === undefined) return { url, network: { proxyUrl: url } };
  if (route === "http proxy with auth")
    return { url, network: { proxyUrl: url, proxyUsername: user, proxyPassword: password } };
  const userinfo = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return { url, network: { proxyUrl: url.replace("://", `://${userinfo}@`) } };
}

/** Lists of proxies' logs, in which new entries may be anywhere. */
function without(all: readonly string[], known: readonly string[]): string[] {
  const rest = [...known];
  return all.filter((authority) => {
    const index = rest.indexOf(authority);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
}
