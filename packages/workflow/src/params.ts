import { formatPath, issuePath, nearest, type Finding, type JsonSchema, type SchemaIssue } from "@stepwire/core";
import type { YamlSource } from "@stepwire/yaml";
import type { StepTypeInfo } from "./catalog.ts";
import { called, type ExternalSite, type StepSite } from "./read/sites.ts";
import { isOpen } from "./read/placeholders.ts";
import { MOST_OF_A_SEVERITY } from "./read/reader.ts";
import { templatePaths, type Path, type ValueTree } from "./template/tree.ts";
import { capital, isRecord, setOwn } from "./values.ts";

/** Checks what is known of a step's `with` before the run. Templates may become anything, so issues about them are dropped. */
export async function checkParams(
  source: YamlSource,
  site: StepSite,
  { type, with: tree, raw, connectorId }: ExternalSite,
  info: StepTypeInfo,
): Promise<Finding[]> {
  const at = (path: Path): Path => [...site.path, "with", ...path];
  const templated = [...templatePaths(tree)];
  const misplaced = misplacedConnectorId(raw, info.inputSchema);
  const findings: Finding[] = [];
  if (misplaced !== undefined) {
    findings.push(
      source.finding(at([misplaced]), {
        code: "workflow-invalid",
        rule: "invalidStepProperty",
        message: `"${misplaced}" stands inside "with" of ${called(site)}.`,
        hint: `Move it up, beside "type", as "connector-id".`,
      }),
    );
  }
  const result = await info.validate(raw);
  for (const issue of result.issues ?? []) {
    const path = issuePath(issue);
    const unknown = unknownKeys(issue);
    if (unknown !== undefined) {
      for (const key of unknown.slice(0, MOST_OF_A_SEVERITY)) {
        if (path.length === 0 && key === misplaced) continue;
        findings.push(unknownParam(source, at([...path, key]), type, [...path, key], info.inputSchema));
      }
    } else if (!templated.some((place) => overlap(place, path)) && !isOpen(valueAt(raw, path))) {
      findings.push(wrongParam(source, at(path), site, type, path, raw, issue));
    }
  }
  const known = knownValue(tree);
  const given = new Set(Object.keys(raw));
  for (const { path, ...problem } of info.check?.(isRecord(known) ? known : {}, given, connectorId !== undefined) ??
    []) {
    findings.push(source.finding(at(path), { rule: "schemaViolation", ...problem }, "value"));
  }
  return findings;
}

/** The key in `with` that was meant to stand beside it. */
export function misplacedConnectorId(raw: Record<string, unknown>, schema: JsonSchema): string | undefined {
  const known = isRecord(schema["properties"]) ? schema["properties"] : {};
  return Object.keys(raw).find((key) => /^connector[-_]?id$/i.test(key) && !Object.hasOwn(known, key));
}

function unknownParam(source: YamlSource, at: Path, type: string, path: Path, schema: JsonSchema): Finding {
  const known = keysAt(schema, path.slice(0, -1));
  const guess = nearest(String(path.at(-1)), known);
  const hint =
    guess !== undefined ? `Did you mean "${guess}"?` : known.length > 0 ? `There are ${known.join(", ")}.` : undefined;
  return source.finding(at, {
    code: "params-invalid",
    rule: "schemaViolation",
    message: `"${formatPath(path)}" is not a parameter of "${type}".`,
    ...(hint === undefined ? {} : { hint }),
  });
}

function wrongParam(
  source: YamlSource,
  at: Path,
  site: StepSite,
  type: string,
  path: Path,
  raw: Record<string, unknown>,
  issue: SchemaIssue,
): Finding {
  const name = formatPath(path);
  if (path.length > 0 && valueAt(raw, path) === undefined) {
    return source.finding(at, {
      code: "params-invalid",
      rule: "schemaViolation",
      message: `${capital(called(site))} has no "${name}" in "with", which "${type}" needs.`,
    });
  }
  const subject = path.length === 0 ? `"with" of ${called(site)}` : `"${name}" of ${called(site)}`;
  return source.finding(
    at,
    { code: "params-invalid", rule: "schemaViolation", message: `${subject} does not fit "${type}": ${issue.message}` },
    "value",
  );
}

/** zod's issues about unknown keys name them; other libraries tell them at the key itself. */
function unknownKeys(issue: SchemaIssue): string[] | undefined {
  const { keys } = issue as { keys?: unknown };
  return Array.isArray(keys) && keys.every((key) => typeof key === "string") ? (keys as string[]) : undefined;
}

/** Whether one path leads into the other, or both are the same. */
function overlap(a: Path, b: Path): boolean {
  const length = Math.min(a.length, b.length);
  return a.slice(0, length).every((key, index) => String(key) === String(b[index]));
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const key of path) {
    if (Array.isArray(current)) current = (current as unknown[])[Number(key)];
    else current = isRecord(current) && Object.hasOwn(current, String(key)) ? current[String(key)] : undefined;
  }
  return current;
}

/** The names a JSON Schema gives at a path, in any of its alternatives. */
function keysAt(schema: unknown, path: Path): string[] {
  if (!isRecord(schema)) return [];
  const alternatives = [schema["anyOf"], schema["oneOf"], schema["allOf"]].flat().filter(isRecord);
  const own = isRecord(schema["properties"]) ? schema["properties"] : {};
  const [key, ...rest] = path;
  const here =
    key === undefined
      ? Object.keys(own)
      : typeof key === "number"
        ? keysAt(schema["items"], rest)
        : keysAt(Object.hasOwn(own, key) ? own[key] : schema["additionalProperties"], rest);
  return [...new Set([...here, ...alternatives.flatMap((alternative) => keysAt(alternative, path))])];
}

/** A value without everything in it that is a template. Lists are whole or not known. */
function knownValue(tree: ValueTree): unknown {
  if (tree.kind === "constant") return tree.value;
  if (tree.kind !== "map") return undefined;
  const known: Record<string, unknown> = {};
  for (const [key, item] of tree.entries) {
    const value = knownValue(item);
    if (value !== undefined) setOwn(known, key, value);
  }
  return known;
}
