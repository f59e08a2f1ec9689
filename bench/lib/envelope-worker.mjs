// One side of the envelope's measure, in a process of its own: makes calls when told to, and says what CPU they took.
//   node envelope-worker.mjs host|axios URL
import http from "node:http";

const [side, url] = process.argv.slice(2);
const call = side === "host" ? await hostCall(url) : await axiosCall(url);

process.on("message", async ({ calls, concurrency }) => {
  const before = process.cpuUsage();
  let left = calls;
  const work = async () => {
    while (left-- > 0) {
      const data = await call();
      if (data.ok !== true) throw new Error(`An unexpected answer: ${JSON.stringify(data)}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const { user, system } = process.cpuUsage(before);
  process.send({ microseconds: (user + system) / calls, rss: memory() });
});
process.send("ready");

/** What one would write by hand: an agent that keeps connections, basic authentication, limits. */
async function axiosCall(target) {
  const { default: axios } = await import("axios");
  const client = axios.create({
    httpAgent: new http.Agent({ keepAlive: true }),
    auth: { username: "bench-user", password: "bench-password" },
    headers: { "X-Api-Key": "bench-api-key-1" },
    timeout: 60_000,
    maxContentLength: 1_048_576,
  });
  return async () => (await client.post(target, { message: "hello" })).data;
}

/** The same call through a connector, with everything the envelope does. */
async function hostCall(target) {
  const { createConnector } = await import("@stepwire/host");
  const { type } = await import("./envelope-type.mjs");
  const connector = createConnector(type, {
    config: { url: new URL(target).origin, verificationMode: "full" },
    secrets: { user: "bench-user", password: "bench-password", secretHeaders: { "X-Api-Key": "bench-api-key-1" } },
    network: {
      allowedHosts: ["127.0.0.1", "*.example.com"],
      proxyUrl: "http://proxy.example.com:3128",
      proxyBypassHosts: ["127.0.0.0/8"],
    },
  });
  const path = new URL(target).pathname;
  return async () => (await connector.actions.call({ path })).data;
}

function memory() {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}
