import { callExample, callTest } from "../call.ts";
import { examplesOf, type Kit, type Subject } from "../kit.ts";
import { connectorOf, isForToken } from "../logins.ts";
import type { Report } from "../problem.ts";
import { isQuery, isWrite } from "../request-likeness.ts";
import type { VendorRequest } from "../scenarios.ts";

/** What actions say they do to the other system is what their examples do. */
export async function effects(kit: Kit, report: Report): Promise<void> {
  for (const subject of kit.subjects) {
    const sent = await sentBy(kit, subject);
    for (const { action, where, requests, created } of sent) {
      report.checked();
      const { effect, idempotency } = subject.type.actions[action] ?? { effect: "read", idempotency: "none" };
      if (effect === "read") onlyReads(subject, { where, what: "its effect is read", requests }, report);
      if (idempotency === "natural" && created !== undefined) {
        report.problem(
          where,
          `Its idempotency is natural, but ${told(created)} was answered with 201: done twice, it makes two.`,
          'Set idempotency: "none", or name the header of the vendor\'s keys: { header }. If the second time makes nothing, let the example answer what the vendor answers then.',
        );
      }
    }
    onlyDeletes(subject, sent, report);
    const tested = await testOf(kit, subject);
    report.checked(tested.length);
    const where = `${subject.type.id} test`;
    onlyReads(subject, { where, what: "a test must not change anything", requests: tested }, report);
    staleQueries(subject, [...sent.flatMap(({ requests }) => requests), ...tested], report);
  }
}

interface Sent {
  readonly action: string;
  readonly where: string;
  readonly requests: readonly VendorRequest[];
  /** A POST by which something new came to be. */
  readonly created: VendorRequest | undefined;
}

async function sentBy(kit: Kit, subject: Subject): Promise<Sent[]> {
  const sent: Sent[] = [];
  for (const { action, example, where } of examplesOf(subject)) {
    const connector = connectorOf(subject, example);
    let created: VendorRequest | undefined;
    const { requests } = await callExample(kit, subject, action, example, {
      answer: (usual) => async (request, response) => {
        const reply = await usual(request, response);
        if (request.method === "POST" && reply?.status === 201) created ??= request;
        return reply;
      },
    });
    sent.push({ action, where, requests: requests.filter((request) => !isForToken(connector, request)), created });
  }
  return sent;
}

async function testOf(kit: Kit, subject: Subject): Promise<VendorRequest[]> {
  const { type, scenarios } = subject;
  if (type.connection.def.test === undefined) return [];
  const { requests } = await callTest(kit, subject);
  return requests.filter((request) => !isForToken(scenarios.connector, request));
}

function onlyReads(
  { scenarios: { queries } }: Subject,
  { where, what, requests }: { where: string; what: string; requests: readonly VendorRequest[] },
  report: Report,
): void {
  const writes = requests.filter((request) => isWrite(request, queries));
  for (const request of new Set(writes.map(told))) {
    const other = what.startsWith("its effect") ? 'Set effect: "write" or "destroy"' : "Test with a request that reads";
    report.problem(
      where,
      `It sends ${request}, though ${what}.`,
      `${other}; if the request only reads, list it under queries of the scenarios: ${JSON.stringify(request)}.`,
    );
  }
}

/** Other actions may delete something by the way, and put it back by another one. */
function onlyDeletes({ type, scenarios }: Subject, sent: readonly Sent[], report: Report): void {
  for (const [name, { effect }] of Object.entries(type.actions)) {
    const own = sent.filter(({ action, requests }) => action === name && requests.length > 0);
    const deletes = own.filter(({ requests }) => requests.some(({ method }) => method === "DELETE"));
    if (effect !== "write" || own.length === 0 || deletes.length < own.length) continue;
    if (scenarios.actions[name]?.reversible !== undefined) continue;
    report.problem(
      `${type.id}.${name}`,
      "All of its examples send DELETE, though its effect is write.",
      'Set effect: "destroy"; if what it takes away can be brought back, say how under reversible of the scenarios.',
    );
  }
}

function staleQueries({ type, scenarios }: Subject, requests: readonly VendorRequest[], report: Report): void {
  for (const [index, query] of (scenarios.queries ?? []).entries()) {
    if (requests.some((request) => isQuery(query, request))) continue;
    report.problem(
      `${type.id} queries ${typeof query === "string" ? query : `[${index}]`}`,
      "No example sends it.",
      "Correct it, or take it out of queries of the scenarios.",
    );
  }
}

const told = ({ method, url }: VendorRequest): string => `${method} ${url.pathname}`;
