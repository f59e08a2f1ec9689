import { createHash } from "node:crypto";
import { dirname, resolve } from "node:path";
import { nearest, type ErrorCode, type Finding } from "@stepwire/core";
import type { YamlSource } from "@stepwire/yaml";
import { readConnectorNetwork } from "./network.ts";
import { readAnyMap, missingFile, readMap, readSource, readText, reporter, type Path, type Report } from "./read.ts";

export const CONNECTORS_FILE_KEYS = ["connectors"] as const;
/** Keys of one connector; `connector_type_id` is Kibana's word for `type`. */
export const CONNECTOR_KEYS = ["id", "name", "type", "connector_type_id", "config", "secrets", "network"] as const;

/** One connector as it stands in the file: references are not resolved yet, nothing is checked against its type. */
export interface ConnectorEntry {
  /** Made from the name where the file gives none. */
  readonly id: string;
  readonly name: string;
  /** Without Kibana's leading dot. */
  readonly type: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, unknown>>;
  /** As written; see `readConnectorNetwork`. */
  readonly network: Readonly<Record<string, unknown>>;
  /** A finding at a place of this connector, such as `["config", "apiUrl"]`, with file, line and column. */
  finding(path: Path, finding: Pick<Finding, "code" | "message"> & Partial<Finding>, of?: "key" | "value"): Finding;
}

export interface ConnectorsFile {
  /** Absolute path. */
  readonly file: string;
  /** The folder its relative paths start from. */
  readonly baseDir: string;
  readonly exists: boolean;
  /** Every connector that has a name and a type, in the order of the file. */
  readonly connectors: readonly ConnectorEntry[];
  /** What is wrong with the file itself: `yaml-invalid`, `config-invalid`, or `usage-invalid` if it cannot be read. */
  readonly findings: readonly Finding[];
}

/** Reads `connectors.yaml` (or JSON). Never throws for what is in the file, and does not resolve references. */
export async function loadConnectorsFile(path: string): Promise<ConnectorsFile> {
  const file = resolve(path);
  const source = await readSource(file);
  const base = { file, baseDir: dirname(file) };
  if (source === undefined) {
    return { ...base, exists: false, connectors: [], findings: [missingFile(file, "--connectors")] };
  }
  const findings = [...source.findings];
  if (findings.length > 0) return { ...base, exists: true, connectors: [], findings };
  const report = reporter(source, "config-invalid", findings);
  const { connectors: list } = readMap(source.value, [], CONNECTORS_FILE_KEYS, report);
  if (list !== undefined && list !== null && !Array.isArray(list)) {
    report(["connectors"], "connectors must be a list.", "Start each connector with a dash: - name: ...");
  }
  const drafts = (Array.isArray(list) ? list : []).flatMap((item: unknown, index) => readDraft(item, index, report));
  reportDuplicateIds(drafts, source, report);
  const connectors = withIds(drafts).map(({ index, ...entry }): ConnectorEntry => ({
    ...entry,
    finding: (path, finding, of) => source.finding(["connectors", index, ...path], finding, of),
  }));
  return { ...base, exists: true, connectors, findings };
}

/** A connector by its id, or else by its name; or why there is none. The problem has no place in a file of its own. */
export function findConnector(
  file: ConnectorsFile,
  reference: string,
): { connector: ConnectorEntry } | { problem: { code: ErrorCode; message: string; hint: string } } {
  const byId = file.connectors.find(({ id }) => id === reference);
  if (byId !== undefined) return { connector: byId };
  const [byName, ...others] = file.connectors.filter(({ name }) => name === reference);
  if (byName !== undefined && others.length === 0) return { connector: byName };
  if (byName !== undefined) {
    const ids = [byName, ...others].map(({ id }) => id).join(", ");
    return {
      problem: {
        code: "connector-ambiguous",
        message: `${others.length + 1} connectors are named ${JSON.stringify(reference)}.`,
        hint: `Refer to one by its id: ${ids}.`,
      },
    };
  }
  const near = nearest(
    reference,
    file.connectors.flatMap(({ id, name }) => [name, id]),
  );
  return {
    problem: {
      code: "connector-not-found",
      message: `There is no connector ${JSON.stringify(reference)}.`,
      hint: `${near === undefined ? "Add it to" : `Did you mean ${JSON.stringify(near)}? Connectors are defined in`} ${file.file}.`,
    },
  };
}

interface Draft extends Omit<ConnectorEntry, "id" | "finding"> {
  readonly index: number;
  readonly id: string | undefined;
}

function readDraft(item: unknown, index: number, report: Report): Draft[] {
  const path = ["connectors", index] as const;
  const map = readMap(item ?? {}, path, CONNECTOR_KEYS, report);
  const text = (key: (typeof CONNECTOR_KEYS)[number]): string | undefined => {
    const value = readText(map[key], [...path, key], report);
    if (value?.trim() === "") report([...path, key], `${key} must not be empty.`);
    return value?.trim() === "" ? undefined : value;
  };
  const id = text("id");
  const name = text("name");
  const own = text("type");
  const kibana = text("connector_type_id");
  const type = (own ?? kibana)?.replace(/^\./, "");
  const isGiven = (key: string): boolean => map[key] !== undefined && map[key] !== null;
  if (name === undefined && !isGiven("name")) {
    report(path, "The connector has no name.", "Add name: what workflows call it.", "key");
  }
  if (type === undefined && !isGiven("type") && !isGiven("connector_type_id")) {
    report(path, "The connector has no type.", "Add type: such as slack or http; `stepwire types` lists them.", "key");
  }
  if (own !== undefined && kibana !== undefined && kibana.replace(/^\./, "") !== type) {
    report(
      [...path, "connector_type_id"],
      "type and connector_type_id say different things.",
      "Keep one of the two.",
      "key",
    );
  }
  const part = (key: "config" | "secrets" | "network"): Record<string, unknown> =>
    readAnyMap(map[key], [...path, key], report) ?? {};
  const network = part("network");
  readConnectorNetwork(network, [...path, "network"], report, true);
  const [config, secrets] = [part("config"), part("secrets")];
  return name === undefined || type === undefined || type === ""
    ? []
    : [{ index, id, name, type, config, secrets, network }];
}

function reportDuplicateIds(drafts: readonly Draft[], source: YamlSource, report: Report): void {
  const first = new Map<string, number>();
  for (const { id, index } of drafts) {
    if (id === undefined) continue;
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, index);
    else {
      const { line } = source.position(["connectors", earlier, "id"]);
      report(
        ["connectors", index, "id"],
        `The id ${JSON.stringify(id)} is taken by the connector in line ${line}.`,
        "Give each connector its own id.",
      );
    }
  }
}

/**
 * Fills in missing ids. A made id never equals another connector's id or name, so that a name borne twice stays
 * ambiguous instead of finding one of the two by its made id; then it gets a number, in the order of the file.
 */
function withIds(drafts: readonly Draft[]): (Draft & { id: string })[] {
  const taken = new Set(drafts.flatMap(({ id }) => (id === undefined ? [] : [id])));
  const slugs = drafts.map(({ id, name }) => (id === undefined ? slug(name) : undefined));
  return drafts.map((draft, index) => {
    if (draft.id !== undefined) return { ...draft, id: draft.id };
    const base = slugs[index] ?? "";
    const isTaken = (id: string): boolean =>
      taken.has(id) || drafts.some((other, at) => at !== index && (other.name === id || slugs[at] === id));
    let id = base;
    for (let number = 1; isTaken(id); number += 1) id = `${base}-${number}`;
    taken.add(id);
    return { ...draft, id };
  });
}

/** `Security alerts (Ops)` as `security-alerts-ops`; a name without Latin letters or digits gives a short digest. */
function slug(name: string): string {
  const text = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = text.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return words === "" ? `connector-${createHash("sha256").update(name).digest("hex").slice(0, 8)}` : words;
}
