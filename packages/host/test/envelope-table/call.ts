import { StepwireError } from "@stepwire/core";
import type { Rig, RigServerKind } from "@stepwire/test-rig";
import { expect, vi } from "vitest";

import type { NetworkOptions } from "../../src/index.ts";
import { open, type Work } from "../http-support.ts";
import { PLACES, type Cell } from "./cells.ts";
import { KINDS } from "./kinds.ts";
import type { Observer } from "./observe.ts";
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
  readonly error?: StepwireError;
  /** What the target received, where it can be seen. */
  readonly requests: readonly string[];
  /** Asserts that every connection went the cell's way, and that a token was fetched once or could not be. */
  proveRoute(): Promise<void>;
}

/** One call of a connector of its own, made and sent as the cell says. */
export async function call(rig: Rig, cell: Cell, observer: Observer, options: CallOptions): Promise<Outcome> {
  const { server, trusted, proxyTrusted = true } = options;
  const kind = KINDS[cell.kind];
  // `optional` asks for a certificate, so that one that should not be sent would be seen.
  const target = await rig.target(server, { clientCertificate: kind.certificate ? "required" : "optional" });
  const tokens = await rig.token();
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

  observer.forget();
  const before = await rig.tunnels();
  const error = await connector.run("run", {}).then(
    () => undefined,
    (thrown: unknown) => StepwireError.from(thrown),
  );
  // Some proxies write a tunnel down only when it ends.
  await connector.close();
  const isTrusted = trusted || cell.mode === "none";
  // Without a token nobody goes on to the target.
  const through = kind.token ? [tokens, ...(isTrusted ? [target] : [])] : [target];
  const expected = proxy === undefined || !proxyTrusted ? [] : through.map((url) => new URL(url).host);
  return {
    ...(error === undefined ? {} : { error }),
    requests: observer.requestsAt(target),
    async proveRoute() {
      // The endpoint is a server of this process in every rig.
      const fetched = kind.token && isTrusted && proxyTrusted ? ["POST /token"] : [];
      expect(observer.requestsAt(tokens), "requests for a token").toEqual(fetched);
      await vi.waitFor(
        async () => {
          const opened = without(await rig.tunnels(), before);
          expect(opened.toSorted(), `tunnels to ${server}`).toEqual(expected.toSorted());
        },
        { timeout: 2000, interval: 20 },
      );
    },
  };
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
