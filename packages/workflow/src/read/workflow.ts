import type { Finding, JsonSchema } from "@stepwire/core";
import { parseYaml, type YamlSource } from "@stepwire/yaml";
import { IGNORED_WORKFLOW_KEYS, WORKFLOW_KEYS } from "../language/workflow-keys.ts";
import type { Plan } from "../plan.ts";
import { createTemplates } from "../template/compile.ts";
import { isRecord } from "../values.ts";
import { readFields, readInputs, type InputDeclaration } from "./inputs.ts";
import { checkKeys, complain, readList, readMap, readText, type Reader } from "./reader.ts";
import { checkReferences } from "./references.ts";
import { warnOfSecrets } from "./secrets.ts";
import { readSettings, readTemplateLimits } from "./settings.ts";
import type { StepSite } from "./sites.ts";
import { checkNames, readSteps } from "./steps.ts";
import { readTriggers, type Triggers } from "./triggers.ts";
import { fillPlaceholders, type Variables } from "./placeholders.ts";
import { readBoolean } from "./values.ts";

/** A workflow file that was read, whether or not it is right. */
export interface WorkflowDraft {
  readonly file: string;
  /** The workflow's name, or its file's. */
  readonly name: string;
  readonly source: YamlSource;
  /** What is wrong with the text itself, by line. Checks against installed packages come with the plan. */
  readonly findings: readonly Finding[];
  /** What the plan is made of; absent where the text is no workflow at all. */
  readonly parts?: { readonly plan: Plan; readonly steps: readonly StepSite[] };
}

/**
 * Reads a workflow: syntax, structure, templates, conditions and what they refer to. Never throws.
 * @param options.variables values for the placeholders of a published template.
 */
export function readWorkflow(
  text: string,
  file: string,
  { variables = {} }: { variables?: Variables } = {},
): WorkflowDraft {
  const source = parseYaml(text, file);
  const fileName = nameOfFile(file);
  if (source.findings.length > 0) return { file, name: fileName, source, findings: source.findings };
  const base = { source, findings: [] as Finding[], references: [], steps: [], variables: new Set<string>() };
  if (!isRecord(source.value)) {
    const message = text.trim() === "" ? "The file is empty." : "A workflow must be a map with a list of steps.";
    base.findings.push(source.finding([], { code: "workflow-invalid", rule: "schemaViolation", message }));
    return { file, name: fileName, source, findings: base.findings };
  }
  const { value, problems } = fillPlaceholders(source.value, text, variables);
  const map = value as Record<string, unknown>;
  const templates = createTemplates(readTemplateLimits(base, map["settings"]));
  const r: Reader = {
    ...base,
    templates,
    outputs: readOutputs({ ...base, templates, readSteps: () => [] }, map),
    readSteps: (path, value, around) => readSteps(r, path, value, around),
  };
  for (const { path, complaint } of problems) complain(r, path, complaint, "value");
  const plan = readParts(r, map, fileName);
  return { file, name: plan.name, source, findings: sortFindings(r.findings), parts: { plan, steps: r.steps } };
}

function readParts(r: Reader, map: Record<string, unknown>, fileName: string): Plan {
  const misspelt = checkKeys(
    r,
    [],
    omit(map, Object.keys(IGNORED_WORKFLOW_KEYS)),
    Object.keys(WORKFLOW_KEYS),
    "a workflow",
  );
  checkVersion(r, map);
  const name = "name" in map ? readText(r, ["name"], map["name"], `"name"`) : undefined;
  const description = map["description"];
  if (description !== undefined && typeof description !== "string" && description !== null) {
    readText(r, ["description"], description, `"description"`);
  }
  const enabled = "enabled" in map ? readBoolean(r, ["enabled"], map["enabled"]) : true;
  const tags = "tags" in map ? readTags(r, map["tags"]) : [];
  const triggers = readTriggers(r, map["triggers"]);
  const inputs = readDeclaredInputs(r, map, triggers);
  const consts = "consts" in map && map["consts"] !== null ? readMap(r, ["consts"], map["consts"], `"consts"`) : {};
  const settings = readSettings(r, map["settings"]);
  if (!("steps" in map) && !misspelt.has("steps")) {
    complain(r, [], {
      message: `The workflow has no "steps".`,
      hint: "Add a list of steps, each with a name and a type.",
    });
  }
  const around = { also: [], inLoop: false, hasError: false, inFallback: false, ...settings };
  const steps = "steps" in map ? readSteps(r, ["steps"], map["steps"], around) : [];

  checkNames(r);
  const properties = isRecord(inputs.schema["properties"]) ? Object.keys(inputs.schema["properties"]) : [];
  const open = isRecord(inputs.schema["additionalProperties"]) || inputs.schema["additionalProperties"] === true;
  checkReferences(r, { consts: Object.keys(consts ?? {}), inputs: open ? undefined : properties });
  warnOfSecrets(r, ["consts"], consts);
  for (const site of r.steps)
    if (site.external !== undefined) warnOfSecrets(r, [...site.path, "with"], site.external.raw);

  return {
    name: name ?? fileName,
    file: r.source.file,
    text: r.source.text,
    enabled: enabled ?? true,
    tags,
    triggers: triggers.triggers,
    inputs: inputs.schema,
    inputDefaults: inputs.defaults,
    consts: consts ?? {},
    timeoutMs: settings.timeoutMs,
    ...(settings.concurrency === undefined ? {} : { concurrency: settings.concurrency }),
    steps,
    workflows: new Map(),
    ...(r.outputs === undefined ? {} : { outputs: r.outputs }),
    ...(typeof description === "string" ? { description } : {}),
  };
}

function checkVersion(r: Reader, map: Record<string, unknown>): void {
  const version = map["version"];
  if (!("version" in map) || version === "1") return;
  const hint = String(version) === "1" ? `Write version: "1", in quotes.` : `The only version there is: "1".`;
  complain(r, ["version"], { message: `"version" must be the text "1".`, hint }, "value");
}

function readTags(r: Reader, value: unknown): string[] {
  const list = readList(r, ["tags"], value, `"tags"`) ?? [];
  return list.flatMap((tag, index) => readText(r, ["tags", index], tag, "A tag") ?? []);
}

function readOutputs(r: Reader, map: Record<string, unknown>): JsonSchema | undefined {
  return "outputs" in map && map["outputs"] !== null ? readFields(r, ["outputs"], map["outputs"], "output") : undefined;
}

/** `inputs` of the manual trigger, or of the top level where older workflows have them. */
function readDeclaredInputs(r: Reader, map: Record<string, unknown>, { inputs }: Triggers): InputDeclaration {
  const atTop = "inputs" in map && map["inputs"] !== null;
  if (inputs !== undefined) {
    if (atTop) {
      complain(r, ["inputs"], {
        severity: "warning",
        message: `These inputs are not used; those of the manual trigger are.`,
      });
    }
    return readInputs(r, inputs.path, inputs.value);
  }
  return atTop
    ? readInputs(r, ["inputs"], map["inputs"])
    : { schema: { type: "object", properties: {} }, defaults: new Map() };
}

function omit(map: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

/** `flows/notify.workflow.yaml` is called `notify.workflow`. */
function nameOfFile(file: string): string {
  const base = file.split(/[\\/]/).at(-1) ?? file;
  return base.replace(/\.(?:ya?ml|json)$/i, "") || "workflow";
}

/** By line and column; those of one place stay in the order they were found. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return findings.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}
