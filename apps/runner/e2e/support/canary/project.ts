/** A project whose connectors and settings hold a canary in every place where a secret can be. */
import { addPlugin, makeProject, type ProjectFolder } from "../project.ts";
import { brokenFiles } from "./broken-files.ts";
import { commandsOf, type Command } from "./commands.ts";
import { clientSecrets, makeConnectors, secretFiles } from "./connectors.ts";
import type { Told } from "./echo.ts";
import type { Canary } from "./finder.ts";
import { Keeper } from "./keeper.ts";
import { libraryCalls, type LibraryCall } from "./library-calls.ts";
import { LEAKY_PLUGIN } from "./plugin.ts";
import { startServers } from "./servers.ts";
import { proxySettings, wrongSettings } from "./settings.ts";
import { makeWorkflows } from "./workflows.ts";

export interface CanaryProject {
  project: ProjectFolder;
  env: Record<string, string>;
  canaries: readonly Canary[];
  /** What servers got to see, once something was sent. */
  told: Told;
  commands: readonly Command[];
  /** Calls of the leaky package's connectors by the library. */
  calls: readonly LibraryCall[];
  /** Names of the canaries that some server should get to see. */
  onTheWire: readonly string[];
}

const PLUGINS = { paths: ["./leaky"] };
const yaml = (value: unknown): string => JSON.stringify(value, null, 1);

export async function makeCanaryProject(): Promise<CanaryProject> {
  const keeper = new Keeper();
  const told: Told = { canaries: new Set(), answers: new Set() };
  const servers = await startServers(keeper, told);
  const client = clientSecrets(keeper);
  const connectors = makeConnectors(keeper, servers, client);
  const settings = proxySettings(keeper, servers);
  const wrong = wrongSettings(keeper, servers);
  const list = Object.entries(connectors).map(([name, parts]) => ({ id: name, name, ...parts }));
  const settingsFiles = Object.entries({ ...settings, ...wrong }).map(([name, network]) => [
    `${name}.settings.yaml`,
    yaml({ network: { ...network, allowedHosts: ["*"] }, plugins: PLUGINS }),
  ]);
  const project = makeProject({
    "stepwire.yaml": yaml({ plugins: PLUGINS }),
    "connectors.yaml": yaml({ connectors: list }),
    ...secretFiles(keeper, client.encryptedKey),
    ...(Object.fromEntries(settingsFiles) as Record<string, string>),
    ...brokenFiles(keeper),
    ...makeWorkflows(connectors, servers),
    "home/.keep": "",
    "tmp/.keep": "",
  });
  addPlugin(project, "leaky", LEAKY_PLUGIN);
  return {
    project,
    // What is written to either would be found.
    env: { ...keeper.env, HOME: project.file("home"), TMPDIR: project.file("tmp") },
    canaries: keeper.canaries,
    told,
    commands: commandsOf({
      proxies: Object.keys(settings),
      wrong: Object.keys(wrong),
      urls: [servers.plain, servers.untrusted, servers.wantsCertificate],
    }),
    calls: libraryCalls(keeper, servers),
    onTheWire: ON_THE_WIRE,
  };
}

/** All but those that are only ever read here, or refused before anything is sent. */
const ON_THE_WIRE = [
  "access-token",
  "api-token",
  "bearer-inside",
  "cases-password",
  "client-secret",
  "dotenv",
  "file",
  "header",
  "hook",
  "hook-query",
  "hook-whole",
  "keys-secret",
  "leaky-api-header",
  "leaky-api-query",
  "leaky-bearer",
  "leaky-checks",
  "leaky-refuses",
  "leaky-signed",
  "library",
  "library-proxy",
  "literal",
  "literal-bearer",
  "own-proxy-literal",
  "own-proxy-password",
  "own-proxy-url",
  "page-secret",
  "pair-inside",
  "password",
  "proxy-header",
  "proxy-header-literal",
  "proxy-literal",
  "proxy-page",
  "proxy-password",
  "proxy-url",
  "query",
  "query-file",
  "refused-secret",
];
