/** Everything that is called, and everything that goes wrong on the way. */
import { startProxy, startTarget, type ServerKind } from "@stepwire/test-rig";

import { onCleanup } from "../project.ts";
import { startEcho, startEchoProxy, type Told } from "./echo.ts";
import type { Keeper } from "./keeper.ts";

export type Servers = Awaited<ReturnType<typeof startServers>>;

export async function startServers(keeper: Keeper, told: Told) {
  const { canaries } = keeper;
  const accessToken = keeper.secret("access-token");
  const echo = async (tls?: ServerKind, clientCertificate?: "required"): Promise<string> => {
    const options = { ...(tls && { tls }), ...(clientCertificate && { clientCertificate }) };
    return (await startEcho(canaries, told, accessToken, options)).url;
  };
  const proxy = (status: number) => startEchoProxy(canaries, told, status);
  const hangUp = await startProxy({ fault: "connect-hangup" });
  onCleanup(() => void hangUp.close());
  return {
    plain: await echo(),
    good: await echo("good"),
    untrusted: await echo("untrusted"),
    wrongHost: await echo("wrong-host"),
    expired: await echo("expired"),
    wantsCertificate: await echo("good", "required"),
    closed: await closedPort(),
    /** Hosts and ports of proxies, by how they answer. */
    proxy407: await proxy(407),
    proxy403: await proxy(403),
    proxy502: await proxy(502),
    proxy200: await proxy(200),
    proxyHangUp: new URL(hangUp.url).host,
  };
}

async function closedPort(): Promise<string> {
  const target = await startTarget();
  const { port } = target;
  await target.close();
  return `127.0.0.1:${port}`;
}
