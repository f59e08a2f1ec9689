import { certificates } from "./certificates.ts";
import type { Echo } from "./echo.ts";
import { startProxy, type TestProxy } from "./proxy.ts";
import type { Rig } from "./rig.ts";
import { startTarget, type Target, type TargetOptions } from "./target.ts";

// Every one of these has to be escaped in the userinfo of a URL.
const CREDENTIALS = { user: "rig-user", password: "p@ss:w%/rd" } as const;

/** A rig of Node's own servers. Each starts when it is first asked for. */
export async function nodeRig(): Promise<Rig> {
  const targets = new Map<string, Promise<Target>>();
  const proxies = new Map<string, Promise<TestProxy>>();
  const target = (options: TargetOptions): Promise<Target> =>
    once(targets, JSON.stringify(options), () => startTarget(options));

  return {
    name: "Node",
    ca: certificates().ca,
    client: certificates().client,
    target: async (tls, options) => (await target({ tls, ...options })).url,
    plainTarget: async () => (await target({})).url,
    readEcho: (data) => data as Echo,
    async proxy(route) {
      const credentials = route.endsWith("with auth") ? CREDENTIALS : undefined;
      const { url } = await once(proxies, route, () =>
        startProxy({
          ...(route.startsWith("https") && { tls: "good" as const }),
          ...(credentials && { auth: credentials }),
        }),
      );
      return { url, ...credentials };
    },
    async tunnels() {
      const started = await Promise.all(proxies.values());
      return started.flatMap(({ connects }) =>
        connects.filter(({ status }) => status === 200).map(({ authority }) => authority),
      );
    },
    token: async () => `${(await target({ tls: "good" })).url}/token`,
    async close() {
      const started = await Promise.all([...targets.values(), ...proxies.values()]);
      await Promise.all(started.map((server) => server.close()));
    },
  };
}

function once<T>(map: Map<string, Promise<T>>, key: string, start: () => Promise<T>): Promise<T> {
  const running = map.get(key) ?? start();
  map.set(key, running);
  return running;
}
