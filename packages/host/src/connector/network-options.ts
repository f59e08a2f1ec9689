import { readNetworkSettings } from "../files/network-settings.ts";
import { readConnectorNetwork, type ConnectorNetwork } from "../files/network.ts";
import type { Report } from "../files/read.ts";
import { defaultSettings, type NetworkSettings, type VerificationMode } from "../files/settings.ts";
import { problemsError, type Problem } from "./problem.ts";

/** Own certificate authorities; together they stand in place of the system's. */
interface AuthorityOptions {
  /** PEM files; relative paths start at the working folder. */
  certificateAuthoritiesFiles?: string | readonly string[];
  /** PEM text. */
  certificateAuthoritiesData?: string;
}

/** The network settings as a program gives them: those of `stepwire.yaml`, and two that belong to one connector. */
export interface NetworkOptions {
  /** Takes the place of the type's own base URL. */
  baseUrl?: string;
  /** Origins that may get this connector's credentials besides its own. */
  trustedOrigins?: readonly string[];
  /** Hosts that may be called; `["*"]` unless given. */
  allowedHosts?: readonly string[];
  /** Refuse loopback and private addresses that are not listed; `false` unless given. */
  denyPrivateAddresses?: boolean;
  /** Total time of one attempt; `60s` unless given. */
  responseTimeout?: string;
  /** Largest answer; `1mb` unless given. */
  maxResponseContentLength?: string;
  ssl?: AuthorityOptions & { verificationMode?: VerificationMode; proxyVerificationMode?: VerificationMode };
  customHostSettings?: readonly { url: string; ssl: AuthorityOptions & { verificationMode?: VerificationMode } }[];
  /** `http://` or `https://`, with or without user and password. */
  proxyUrl?: string;
  proxyUsername?: string;
  proxyPassword?: string;
  /** Sent to the proxy with every connection. */
  proxyHeaders?: Readonly<Record<string, string>>;
  proxyBypassHosts?: readonly string[];
  proxyOnlyHosts?: readonly string[];
}

/** Both halves of the options, checked. Throws `settings-invalid` naming every key that is wrong. */
export function readNetworkOptions(options: NetworkOptions): { network: NetworkSettings; own: ConnectorNetwork } {
  const problems: Problem[] = [];
  const report: Report = (path, message, hint, _of, reason) => {
    const more = { ...(hint === undefined ? {} : { hint }), ...(reason === undefined ? {} : { details: { reason } }) };
    problems.push({ code: "settings-invalid", path: [...path], message, ...more });
  };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const shared = Object.fromEntries(given.filter(([key]) => key !== "baseUrl" && key !== "trustedOrigins"));
  const defaults = defaultSettings(".").network;
  const read = {
    network: readNetworkSettings(shared, defaults, process.cwd(), report),
    own: readConnectorNetwork({ trustedOrigins: options.trustedOrigins }, ["network"], report),
  };
  if (problems.length > 0) throw problemsError("The network settings", problems);
  // The base URL is judged together with the connector, which may name it differently.
  return {
    network: read.network,
    own: { ...read.own, ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl }) },
  };
}
