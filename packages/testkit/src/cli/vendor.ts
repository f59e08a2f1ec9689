import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { openKit, type Kit, type Subject } from "../kit/kit.ts";
import { driftOf, type Drift } from "../vendor/drift.ts";
import { exchangesOf } from "../vendor/exchanges.ts";
import { readVendorDocument } from "../vendor/openapi.ts";
import { reduceDocument, type UsedOperation } from "../vendor/reduce.ts";
import { readSource } from "../vendor/source.ts";
import { pluginOf, scenariosOf } from "./load.ts";
import { readJson } from "./read-json.ts";
import { EXIT, outputFormat, parseCommand, printJson, printLine, usage } from "./terms.ts";

interface Outcome {
  readonly type: string;
  readonly file: string;
  readonly source: string;
  readonly state: "written" | "unchanged" | "drift";
  readonly operations: number;
  readonly drift: readonly Drift[];
  /** Requests of the scenarios that the vendor's document does not have. */
  readonly unknown: readonly string[];
}

/** The part of the vendor's OpenAPI document that the scenarios use: written, or compared with what the vendor says now. */
export async function vendor(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(
    args,
    {
      type: { type: "string" },
      source: { type: "string" },
      refresh: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      scenarios: { type: "string" },
      output: { type: "string", default: "text" },
    },
    1,
  );
  const output = outputFormat(values.output);
  const folder = path.resolve(positionals[0] ?? ".");
  const kit = openKit(await pluginOf(folder), await scenariosOf(values.scenarios, folder), folder);
  try {
    const subjects = kit.subjects.filter(
      ({ type, scenarios }) =>
        scenarios.openapi !== undefined && (values.type === undefined || type.id === values.type),
    );
    if (subjects.length === 0) {
      throw usage(
        "No type's scenarios name a document of the vendor. Write openapi: new URL(…) into them: the file need not be there yet.",
      );
    }
    const outcomes: Outcome[] = [];
    for (const subject of subjects) outcomes.push(await oneType(kit, subject, values));
    if (output === "json") printJson({ types: outcomes });
    else outcomes.forEach(print);
    return outcomes.some(({ state, unknown }) => state === "drift" || unknown.length > 0) ? EXIT.failed : EXIT.done;
  } finally {
    await kit.close();
  }
}

async function oneType(
  kit: Kit,
  subject: Subject,
  options: { source?: string; refresh: boolean; write: boolean },
): Promise<Outcome> {
  const { type, scenarios } = subject;
  const file = fileURLToPath(scenarios.openapi ?? "");
  const before = existsSync(file) ? readJson(file) : undefined;
  const notes = (before?.["x-stepwire"] ?? {}) as { source?: string };
  const source = options.source ?? notes.source;
  if (source === undefined)
    throw usage(`Where the document of ${type.id} comes from is not known yet: give --source FILE|URL.`);
  const full = await readSource(source).catch((error: unknown) => {
    throw usage(`The document at ${source} cannot be used: ${(error as Error).message}.`);
  });
  const document = readVendorDocument(full);
  const used = new Map<string, UsedOperation>();
  const unknown = new Set<string>();
  for (const { request } of await exchangesOf(kit, subject)) {
    const place = document.placeOf(request.method, request.url);
    if (place === undefined) unknown.add(`${request.method} ${request.url.pathname}`);
    else used.set(`${place.method} ${place.path}`, place);
  }
  const after = reduceDocument(full, [...used.values()], { ...notes, source });
  const drift =
    before === undefined ? [] : driftOf({ ...before, "x-stepwire": undefined }, { ...after, "x-stepwire": undefined });
  const isKept = options.refresh && !options.write && before !== undefined;
  if (!isKept) writeFileSync(file, `${JSON.stringify(after, null, 2)}\n`);
  const state = isKept ? (drift.length > 0 ? "drift" : "unchanged") : "written";
  return { type: type.id, file, source, state, operations: used.size, drift, unknown: [...unknown] };
}

function print({ type, file, state, operations, drift, unknown }: Outcome): void {
  if (state === "written") printLine(`${type}: ${file} written, ${operations} operations`);
  else if (state === "unchanged") printLine(`${type}: the vendor says what it said before`);
  else
    printLine(
      `${type}: the vendor's document is not what it was. Look at each, correct the connector, then take it over: --refresh --write`,
    );
  for (const { where, message } of drift) printLine(`  ${where} ${message}`);
  for (const request of unknown) printLine(`  ${request} is not in the vendor's document`);
}
