import { callExample, callTest, type Change, type Observation } from "../call.ts";
import { hurried } from "../hurried.ts";
import { examplesOf, type Kit, type Subject } from "../kit.ts";
import { connectorOf, connectorsOf, isForToken } from "../logins.ts";
import { credentialFinder, fieldsOf, kindOf, methodOf, placedBy } from "../placement.ts";
import type { Report } from "../problem.ts";
import type { ConnectorInput, VendorRequest } from "../scenarios.ts";
import { coveredBy, isForAnybody, trustedBy } from "../trusted-hosts.ts";

/** Each way to log in puts its credential where it says, and it goes to nobody else. */
export async function auth(kit: Kit, report: Report): Promise<void> {
  for (const { type, scenarios } of kit.subjects) {
    const subject = { type: hurried(type), scenarios };
    for (const host of type.connection.def.hosts.filter(isForAnybody)) {
      report.problem(
        `${type.id} hosts ${host}`,
        `It trusts every host below ${host.slice(2)} with credentials, and anybody can have one there.`,
        "Name the domain of the vendor, such as api.vendor.com or *.vendor.com.",
      );
    }
    kindsShown(subject, report);
    for (const { where, connector } of connectorsOf(scenarios)) {
      const place = `${type.id} ${where}`;
      const done = await observed(callingsWith(kit, subject, connector), connector);
      placement(subject, { place, connector, done }, report);
      await redirects(subject, { place, connector, done }, report);
    }
  }
}

/** Nobody sees whether a way to log in works that no connector of the scenarios uses. */
function kindsShown({ type, scenarios }: Subject, report: Report): void {
  const connectors = connectorsOf(scenarios).map(({ connector }) => connector);
  for (const kind of type.connection.def.auth) {
    report.checked();
    const users = connectors.filter((connector) => kindOf(type, connector) === kind);
    // How the envelope's methods place what they have is the host's business: one is enough, if there is more than none.
    const isNone = kind.kind === "envelope" && (kind.methods ?? ["basic"]).every((method: string) => method === "none");
    const isShown = (connector: ConnectorInput) =>
      kind.kind !== "envelope" || isNone || methodOf(connector.config ?? {}) !== "none";
    if (users.some(isShown)) continue;
    const fields = kind.kind === "envelope" ? ["user", "password"] : fieldsOf(kind);
    report.problem(
      `${type.id} auth ${kind.kind}`,
      `No connector of the scenarios logs in by ${kind.kind}.`,
      `Add one under connectors of the scenarios${fields.length === 0 ? "" : `, with ${fields.join(" and ")}`}, and an example that uses it.`,
    );
  }
}

type Calling = (change: Change) => Promise<Observation>;

/** All examples that use the connector, or the first of all where none does, and the type's own test. */
function callingsWith(kit: Kit, subject: Subject, connector: ConnectorInput): Calling[] {
  const examples = [...examplesOf(subject)];
  const own = examples.filter(({ example }) => connectorOf(subject, example) === connector);
  const chosen = own.length > 0 ? own : examples.slice(0, 1);
  const calls = chosen.map(
    ({ action, example }): Calling =>
      (change) =>
        callExample(kit, subject, action, example, { connector, ...change }),
  );
  if (subject.type.connection.def.test === undefined) return calls;
  return [...calls, (change) => callTest(kit, subject, { connector, ...change })];
}

interface Done {
  readonly calling: Calling;
  readonly requests: readonly VendorRequest[];
}

async function observed(callings: readonly Calling[], connector: ConnectorInput): Promise<Done[]> {
  const done: Done[] = [];
  for (const calling of callings) {
    const { requests } = await calling({});
    done.push({ calling, requests: requests.filter((request) => !isForToken(connector, request)) });
  }
  return done;
}

interface Used {
  readonly place: string;
  readonly connector: ConnectorInput;
  readonly done: readonly Done[];
}

function placement({ type }: Subject, { place, connector, done }: Used, report: Report): void {
  const kind = kindOf(type, connector);
  const requests = done.flatMap((one) => one.requests);
  if (kind === undefined) return report.notRun(`${place}: it logs in by none of the type's ways`);
  if (requests.length === 0) return report.notRun(`${place}: no example that sends something`);
  for (const { what, stands } of placedBy(kind, connector)) {
    report.checked();
    const without = requests.find((request) => !stands(request));
    if (without === undefined) continue;
    report.problem(
      place,
      `${told(without)} does not bear ${what}.`,
      "Leave it to the host: send no header and no query parameter of that name with ctx.request.",
    );
  }
  const find = credentialFinder(type, connector);
  if (kind.kind === "custom" && requests.every((request) => find(request) === undefined))
    report.notRun(`${place}: nothing of its secrets stands in a request, and what is made of them cannot be checked`);
  const isTrusted = trustedBy(type, connector);
  report.checked();
  for (const origin of new Set(requests.filter(({ url }) => !isTrusted(url)).map(({ url }) => url.origin))) {
    report.problem(
      place,
      `It sends its credentials to ${origin}, which is neither one of the type's hosts nor in the connector.`,
      "Add the host to hosts of the connection if it is the vendor's, and send nothing there otherwise.",
    );
  }
}

/** Hosts that are none of the vendor's, the nearest ones too. */
function strangersTo({ type }: Subject, connector: ConnectorInput, { url }: VendorRequest): string[] {
  const labels = url.hostname.split(".");
  const isName = labels.length > 1 && !/^[\d.]+$/.test(url.hostname);
  const near = isName ? [1, 2].map((count) => `stepwire-kit.${labels.slice(-count).join(".")}`) : [];
  const hosts = type.connection.def.hosts.filter((host: string) => !isForAnybody(host));
  const isGiven = trustedBy(
    { ...type, connection: { ...type.connection, def: { ...type.connection.def, hosts } } },
    connector,
  );
  return ["stepwire-kit.test", ...near].filter((host) => !isGiven(new URL(`https://${host}/`)));
}

async function redirects(subject: Subject, { place, connector, done }: Used, report: Report): Promise<void> {
  const { type } = subject;
  const reading = done.find(({ requests }) => requests[0]?.method === "GET");
  const first = reading?.requests[0];
  if (reading === undefined || first === undefined)
    return report.notRun(`${place}: no example begins with a GET, which is what redirects are followed for`);
  const find = credentialFinder(type, connector);
  for (const host of strangersTo(subject, connector, first)) {
    const { requests } = await reading.calling({
      answer: (usual) => (request, response) => {
        if (request.url.hostname === host) return { json: {} };
        if (isForToken(connector, request)) return usual(request, response);
        return { status: 302, headers: { Location: `https://${host}/` } };
      },
    });
    report.checked();
    const found = requests
      .filter(({ url }) => url.hostname === host)
      .map(find)
      .find((what) => what !== undefined);
    if (found === undefined) continue;
    const wide = coveredBy(type.connection.def.hosts, host);
    report.problem(
      `${place} redirect`,
      `${told(first)} was redirected to https://${host}/, and ${found} went along.`,
      wide === undefined
        ? "Put credentials only where bearer, basic or apiKey puts them: headers such as User-Agent and Accept go along everywhere."
        : `Its hosts hold ${JSON.stringify(wide)}, so that the host is trusted: name the vendor's own domain.`,
    );
  }
}

const told = ({ method, url }: VendorRequest): string => `${method} ${url.origin}${url.pathname}`;
