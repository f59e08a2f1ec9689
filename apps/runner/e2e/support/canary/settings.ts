/** Network settings with a proxy whose secrets are canaries. */
import { canary } from "./finder.ts";
import { ONE_WORD, type Keeper } from "./keeper.ts";
import type { Servers } from "./servers.ts";

export function proxySettings(keeper: Keeper, servers: Servers): Record<string, object> {
  const { untrusted, closed, proxy407, proxy403, proxy502, proxy200, proxyHangUp } = servers;
  return {
    "proxy-url": {
      proxyUrl: `http://user:${keeper.inUrl("proxy-url")}@${proxy407}`,
      proxyHeaders: { "x-proxy-key": keeper.inEnv("proxy-header") },
    },
    "proxy-password": {
      proxyUrl: `http://${proxy403}`,
      proxyUsername: "user",
      proxyPassword: keeper.inEnv("proxy-password"),
    },
    "proxy-literal": {
      proxyUrl: `http://user:${encodeURIComponent(keeper.secret("proxy-literal"))}@${proxy502}`,
      proxyHeaders: {
        "x-proxy-key": `Key ${keeper.secret("proxy-header-literal", canary("proxy-header-literal", ONE_WORD))}`,
      },
    },
    "proxy-page": { proxyUrl: `http://${proxy200}`, proxyUsername: "user", proxyPassword: keeper.inEnv("proxy-page") },
    "proxy-tls": { proxyUrl: untrusted, proxyUsername: "user", proxyPassword: keeper.inEnv("proxy-tls") },
    "proxy-hangup": { proxyUrl: `http://user:${keeper.inUrl("proxy-hangup")}@${proxyHangUp}` },
    "proxy-refused": { proxyUrl: `http://user:${keeper.inUrl("proxy-refused")}@${closed}` },
  };
}

/** Settings that are refused. */
export function wrongSettings(keeper: Keeper, { proxy403 }: Servers): Record<string, object> {
  return {
    "wrong-half": { proxyUrl: `http://:${keeper.inUrl("wrong-half")}@${proxy403}` },
    "wrong-path": { proxyUrl: `http://user:${keeper.inUrl("wrong-path")}@${proxy403}/path` },
    "wrong-url": { proxyUrl: `http://user:${keeper.inUrl("wrong-url")}@[nowhere]` },
    "wrong-raw": { proxyUrl: `http://user:${keeper.inEnv("wrong-raw")}@${proxy403}` },
    "wrong-alone": { proxyPassword: keeper.inEnv("wrong-alone") },
    "wrong-header": { proxyUrl: `http://${proxy403}`, proxyHeaders: { "x-key": `${keeper.secret("wrong-header")}\n` } },
    "wrong-map": { proxyUrl: `http://${proxy403}`, proxyHeaders: `x-key: ${keeper.secret("wrong-map")}` },
    "wrong-no-space": { [`proxyPassword:${keeper.secret("wrong-no-space")}`]: null },
    "wrong-no-space-header": {
      proxyUrl: `http://${proxy403}`,
      proxyHeaders: { [`x-key:${keeper.secret("wrong-no-space-header")}`]: null },
    },
    "wrong-mode": { proxyUrl: { url: `http://user:${keeper.secret("wrong-mode")}@${proxy403}` } },
  };
}
