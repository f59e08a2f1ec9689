import { resolve } from "node:path";

/** `full`: chain, dates and host name; `certificate`: all but the host name; `none`: nothing is checked. */
export type VerificationMode = "full" | "certificate" | "none";
export const VERIFICATION_MODES: readonly VerificationMode[] = ["full", "certificate", "none"];

/** `full` survives a power failure; `relaxed` survives the death of the process. */
export type Durability = "full" | "relaxed";
export const DURABILITIES: readonly Durability[] = ["full", "relaxed"];

/** Own certificate authorities; together they stand in place of the system's. */
export interface Authorities {
  /** Absolute paths. */
  readonly certificateAuthoritiesFiles: readonly string[];
  /** PEM text; empty for none. */
  readonly certificateAuthoritiesData: string;
  /** The certificates of both, each as PEM, read and proven when the settings were. */
  readonly certificates: readonly string[];
}

/** Settings for one https host. */
export interface CustomHost {
  /** Origin: `https://host` or `https://host:port`. */
  readonly url: string;
  readonly ssl: Authorities & { readonly verificationMode?: VerificationMode };
}

export interface NetworkSettings {
  readonly allowedHosts: readonly string[];
  readonly denyPrivateAddresses: boolean;
  /** Milliseconds of one attempt. */
  readonly responseTimeout: number;
  /** Bytes after decompression. */
  readonly maxResponseContentLength: number;
  readonly ssl: Authorities & {
    readonly verificationMode: VerificationMode;
    readonly proxyVerificationMode: VerificationMode;
  };
  readonly customHostSettings: readonly CustomHost[];
  readonly proxyUrl?: string;
  readonly proxyHeaders: Readonly<Record<string, string>>;
  readonly proxyUsername?: string;
  readonly proxyPassword?: string;
  readonly proxyBypassHosts: readonly string[];
  readonly proxyOnlyHosts: readonly string[];
}

export interface PluginSettings {
  /** Package names that are left out. */
  readonly exclude: readonly string[];
  /** Absolute paths of folders that hold a plugin each. */
  readonly paths: readonly string[];
  /** The package to use for a type that several packages claim. */
  readonly prefer: Readonly<Record<string, string>>;
}

export interface RuntimeSettings {
  /** Absolute path. */
  readonly dataDir: string;
  readonly durability: Durability;
  /** A finished run is kept until it is older than `days` or `runs` newer ones exist. */
  readonly retention: { readonly days: number; readonly runs: number };
}

/** What `stepwire.yaml` says, with its defaults. Network settings bear Kibana's leaf names. */
export interface Settings {
  readonly network: NetworkSettings;
  readonly plugins: PluginSettings;
  readonly runtime: RuntimeSettings;
}

export const SETTINGS_KEYS = ["network", "plugins", "runtime"] as const;
export const NETWORK_KEYS = [
  "allowedHosts",
  "denyPrivateAddresses",
  "responseTimeout",
  "maxResponseContentLength",
  "ssl",
  "customHostSettings",
  "proxyUrl",
  "proxyHeaders",
  "proxyUsername",
  "proxyPassword",
  "proxyBypassHosts",
  "proxyOnlyHosts",
] as const;
export const SSL_KEYS = [
  "verificationMode",
  "proxyVerificationMode",
  "certificateAuthoritiesFiles",
  "certificateAuthoritiesData",
] as const;
export const CUSTOM_HOST_KEYS = ["url", "ssl"] as const;
export const CUSTOM_HOST_SSL_KEYS = [
  "verificationMode",
  "certificateAuthoritiesFiles",
  "certificateAuthoritiesData",
] as const;
export const PLUGINS_KEYS = ["exclude", "paths", "prefer"] as const;
export const RUNTIME_KEYS = ["dataDir", "durability", "retention"] as const;
export const RETENTION_KEYS = ["days", "runs"] as const;

/** The settings without a file. The data folder is in the project's folder. */
export function defaultSettings(projectDir: string): Settings {
  return {
    network: {
      allowedHosts: ["*"],
      denyPrivateAddresses: false,
      responseTimeout: 60_000,
      maxResponseContentLength: 1_048_576,
      ssl: {
        verificationMode: "full",
        proxyVerificationMode: "full",
        certificateAuthoritiesFiles: [],
        certificateAuthoritiesData: "",
        certificates: [],
      },
      customHostSettings: [],
      proxyHeaders: {},
      proxyBypassHosts: [],
      proxyOnlyHosts: [],
    },
    plugins: { exclude: [], paths: [], prefer: {} },
    runtime: { dataDir: resolve(projectDir, ".stepwire"), durability: "full", retention: { days: 30, runs: 10_000 } },
  };
}
