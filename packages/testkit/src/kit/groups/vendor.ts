import { readFileSync } from "node:fs";

import { exchangesOf, type Exchange } from "../../vendor/exchanges.ts";
import type { Kit } from "../kit.ts";
import { readVendorDocument, type Operation, type VendorDocument } from "../../vendor/openapi.ts";
import type { Report } from "../problem.ts";
import type { VendorRequest } from "../scenarios.ts";

const DRIFT =
  "Correct the request or the answer after the vendor's document; if the document is old, refresh it: stepwire-kit vendor --refresh.";

/** What is sent, and what the examples answer, is what the vendor's own document says. */
export async function vendor(kit: Kit, report: Report): Promise<void> {
  for (const subject of kit.subjects) {
    const { type, scenarios } = subject;
    if (scenarios.openapi === undefined) {
      report.notRun(`${type.id}: the scenarios name no OpenAPI document of the vendor (openapi)`);
      continue;
    }
    let document: VendorDocument;
    try {
      document = readVendorDocument(JSON.parse(readFileSync(scenarios.openapi, "utf8")));
    } catch (error) {
      report.problem(
        `${type.id} openapi`,
        `The vendor's document cannot be read: ${(error as Error).message}`,
        "Write it with stepwire-kit vendor.",
      );
      continue;
    }
    for (const exchange of await exchangesOf(kit, subject)) judge(document, exchange, report);
  }
}

function judge(document: VendorDocument, { where, request, status, json }: Exchange, report: Report): void {
  report.checked();
  const said = `${request.method} ${request.url.pathname}`;
  const problem = (message: string) => report.problem(where, message, DRIFT);
  const operation = document.operation(request.method, request.url);
  if (operation === undefined) return problem(`It sends ${said}, which the vendor's document does not have.`);
  for (const fault of [...queryFaults(operation, request.url), ...bodyFaults(operation, request)])
    problem(`${said}: ${fault}.`);
  if (json === undefined) return;
  for (const fault of operation.answerFaults(status, json))
    problem(`The example's answer to ${said} is not the vendor's: ${fault}.`);
}

function queryFaults(operation: Operation, url: URL): string[] {
  const given = new Set(url.searchParams.keys());
  return [
    ...[...given].filter((name) => !operation.query.has(name)).map((name) => `the query parameter ${name} is unknown`),
    ...[...operation.query]
      .filter(([name, isRequired]) => isRequired && !given.has(name))
      .map(([name]) => `the query parameter ${name} is missing`),
  ];
}

function bodyFaults(operation: Operation, { headers, body }: VendorRequest): string[] {
  if (body === "") return operation.needsBody ? ["the body is missing"] : [];
  if (!/[/+]json\b/i.test(headers["content-type"] ?? "")) return [];
  try {
    return operation.bodyFaults(JSON.parse(body));
  } catch {
    return ["the body is not JSON"];
  }
}
