import type { NetworkOptions } from "../../src/connector/network-options.ts";
import type { Row } from "./row.ts";

export const DENY: NetworkOptions = { denyPrivateAddresses: true };
/** Stands for a public address: it may be dialled although the rest of 127/8 may not. */
export const OPEN: NetworkOptions = { denyPrivateAddresses: true, allowedHosts: ["*", "127.0.0.9"] };
export const only = (...allowedHosts: string[]): NetworkOptions => ({ allowedHosts });

export const BLOCKED = "private-address-blocked";
export const NOT_ALLOWED = "host-not-allowed";
export const INVALID = "url-invalid";

export const get = (url: string): Row["call"] => ({ method: "GET", url });
export const getPath = (path: string): Row["call"] => ({ method: "GET", path });
export const target = (host: string): string => `http://${host}:PORT/CANARY?q=CANARY`;

/** A host that is refused in the first URL, before anything is looked up or dialled. */
export const refused =
  (settings: NetworkOptions, code: string) =>
  ([name, host, names]: readonly [name: string, host: string, names: string]): Row => ({
    name,
    settings,
    call: get(target(host)),
    code,
    names,
    dialled: [],
  });

/** Every connection goes to the proxy, which looks names up by itself: nothing that is forbidden may reach it. */
export const PROXY: NetworkOptions = { proxyUrl: "http://127.0.0.1:PORT" };

export const GOOD = { url: "http://good.example:PORT/base" };

export const GOOD_DNS = { "good.example": [["127.0.0.9"]] };

export const TO_GOOD = { dns: GOOD_DNS, dialled: ["127.0.0.9:PORT"], asked: ["good.example"] } as const;
