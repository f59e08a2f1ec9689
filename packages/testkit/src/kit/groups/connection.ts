import type { ErrorCode } from "@stepwire/core";
import type { NetworkOptions } from "@stepwire/host";

import { CA, EXPIRED, GOOD, UNKNOWN_CA, WRONG_NAME } from "../certificates.ts";
import { openFaultServer, type FaultServer, type FaultServerOptions } from "../fault-server.ts";
import type { Kit, Subject } from "../kit.ts";
import type { Report } from "../problem.ts";
import { trialsOf, type Trial } from "../trial.ts";

interface Trouble {
  readonly name: string;
  /** Goes on from "when". */
  readonly what: string;
  readonly codes: readonly ErrorCode[];
  /** Nothing may be sent. */
  readonly isRefused?: true;
}

interface ServerTrouble extends Trouble {
  readonly server: FaultServerOptions;
}

/** Where there is no server at all. A label of 66 characters is longer than any can be, so that no name server is asked. */
const ADDRESSES: readonly (Trouble & { readonly url: string })[] = [
  {
    name: "unknown-name",
    what: "the host's name was unknown",
    codes: ["connection"],
    url: `https://${"nobody".repeat(11)}.invalid`,
  },
  { name: "refused", what: "the host refused the connection", codes: ["connection"], url: "https://127.0.0.1:1" },
];

const SERVERS: readonly ServerTrouble[] = [
  {
    name: "reset",
    what: "the host cut the connection before it answered",
    codes: ["connection"],
    server: { certificate: GOOD, cuts: true },
  },
  {
    name: "untrusted",
    what: "the certificate was signed by nobody that is trusted",
    codes: ["tls-untrusted"],
    server: { certificate: UNKNOWN_CA },
    isRefused: true,
  },
  {
    name: "wrong-name",
    what: "the certificate was for another name",
    codes: ["tls-hostname"],
    server: { certificate: WRONG_NAME },
    isRefused: true,
  },
  {
    name: "expired",
    what: "the certificate had expired",
    codes: ["tls-expired"],
    server: { certificate: EXPIRED },
    isRefused: true,
  },
  {
    name: "client-certificate",
    what: "the host wanted a certificate of the client",
    // With TLS 1.3 the client is done before the server says no, and may see no more than its end.
    codes: ["tls-client-certificate", "connection"],
    server: { certificate: GOOD, wantsCertificate: true },
    isRefused: true,
  },
];

/** How the requests of a trial are led to a server with something wrong about it. */
interface Way {
  readonly name: "directly" | "through a proxy";
  /** One of them has to be named. */
  readonly hosts: readonly string[];
  readonly network: NetworkOptions;
}

/** What becomes of a call that finds nobody to talk to, or somebody who is not who he should be. */
export async function connection(kit: Kit, report: Report): Promise<void> {
  for (const subject of kit.subjects) {
    const trial = await chosen(kit, subject, report);
    if (trial === undefined) {
      report.notRun(`${subject.type.id}: no example that could be tried`);
    } else if (trial.connector.config?.["verificationMode"] !== undefined) {
      report.notRun(`${trial.where}: its connector says itself how certificates are checked`);
    } else {
      await directly(trial, report);
      await throughProxy(trial, report);
    }
  }
}

/** One action stands for all, since they share the connection; preferably one that reads. */
async function chosen(kit: Kit, subject: Subject, report: Report): Promise<Trial | undefined> {
  let other: Trial | undefined;
  for await (const trial of trialsOf(kit, subject, { maxAttempts: 1 }, report)) {
    if (trial.action.effect === "read") return trial;
    other ??= trial;
  }
  return other;
}

const FULL = { verificationMode: "full", certificateAuthoritiesData: CA } as const;

async function directly(trial: Trial, report: Report): Promise<void> {
  if (trial.subject.type.connection.def.baseUrl === undefined)
    return report.notRun(`${trial.where}: without a base URL it cannot be led elsewhere but by a proxy`);
  const wayTo = (url: string): Way => {
    const host = new URL(url).hostname;
    // What goes elsewhere, such as for an access token, goes to the stage as ever, and never off this machine.
    const network = { baseUrl: url, proxyBypassHosts: [host], customHostSettings: [{ url, ssl: FULL }] };
    return { name: "directly", hosts: [host], network };
  };
  const follows = await withServer({ certificate: GOOD }, async (server) => {
    const { requests } = await trial.call(wayTo(server.url));
    return !requests.some(trial.isOwn) && server.received() > 0;
  });
  if (!follows) return report.notRun(`${trial.where}: its first request does not follow the base URL`);
  for (const trouble of ADDRESSES) await tryOut(trial, trouble, wayTo(trouble.url), report);
  for (const trouble of SERVERS) {
    await withServer(trouble.server, (server) => tryOut(trial, trouble, wayTo(server.url), report, server));
  }
}

async function throughProxy(trial: Trial, report: Report): Promise<void> {
  if (trial.requests[0]?.url.protocol !== "https:")
    return report.notRun(`${trial.where}: its first request is not https`);
  for (const trouble of SERVERS) {
    await withServer(trouble.server, async (server) => {
      // A server that is right in all else must be right for any name.
      const ssl = trouble.isRefused === true && trouble.server.certificate !== GOOD ? { ssl: FULL } : {};
      const way: Way = { name: "through a proxy", hosts: trial.hosts, network: { ...ssl, proxyUrl: server.proxyUrl } };
      await tryOut(trial, trouble, way, report, server);
    });
  }
}

async function withServer<T>(options: FaultServerOptions, work: (server: FaultServer) => Promise<T>): Promise<T> {
  const server = await openFaultServer(options);
  try {
    return await work(server);
  } finally {
    await server.close();
  }
}

async function tryOut(trial: Trial, trouble: Trouble, way: Way, report: Report, server?: FaultServer): Promise<void> {
  const { error, output } = (await trial.call({ network: way.network })).outcome;
  report.checked();
  const where = `${trial.subject.type.id} ${trouble.name}${way.name === "directly" ? "" : " (proxy)"}`;
  const action = `${trial.where}, called ${way.name},`;
  const problem = (what: string, fix: string) => report.problem(where, `${action} ${what}`, fix);
  if (trouble.isRefused === true && (server?.received() ?? 0) > 0) {
    problem(
      `sent its request though ${trouble.what}.`,
      "Leave verifyTls out of ctx.request, or let the user say so in the connector.",
    );
  } else if (error === undefined) {
    problem(`succeeded though ${trouble.what}; its output is ${JSON.stringify(output)}.`, LET_THROUGH);
  } else if (!trouble.codes.includes(error.code)) {
    problem(
      `failed with ${error.code}, not with ${trouble.codes.join(" or ")}, when ${trouble.what}: ${error.message}`,
      LET_THROUGH,
    );
  } else if (!way.hosts.some((host) => error.message.includes(host))) {
    problem(`does not name the host ${way.hosts.join(" or ")} when ${trouble.what}: ${error.message}`, LET_THROUGH);
  }
}

const LET_THROUGH =
  "Let the error of ctx.request through as it is: it says which host it was, and what to do about it.";
