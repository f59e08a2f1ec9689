import { nearest, type Finding } from "@stepwire/core";
import type { YamlSource } from "@stepwire/yaml";
import { checkCalls } from "./called.ts";
import type { Catalog, Problem, StepTypeInfo } from "./catalog.ts";
import type { Rule } from "./language/rules.ts";
import type { Plan } from "./plan.ts";
import { isOpen } from "./read/placeholders.ts";
import { called, type ExecuteSite, type ExternalSite, type StepSite } from "./read/sites.ts";
import { sortFindings, type WorkflowDraft } from "./read/workflow.ts";
import { BUILT_IN_STEP_TYPES } from "./steps/index.ts";
import { NO_STUBS, stubOf, type Stubs } from "./stubs.ts";
import { capital } from "./values.ts";
import { checkParams, misplacedConnectorId } from "./params.ts";

export interface Planned {
  /** Absent if any finding is an error. */
  plan?: Plan;
  /** All findings, those of reading included, by line; then those of the workflows that it calls. */
  findings: Finding[];
}

/** Checks a draft against what is installed and configured. Never throws, unless the catalog does. */
export async function planWorkflow(
  draft: WorkflowDraft,
  catalog: Catalog,
  { stubs = NO_STUBS }: { stubs?: Stubs } = {},
): Promise<Planned> {
  const { parts, source } = draft;
  const findings = [...draft.findings];
  if (parts === undefined) return { findings: sortFindings(findings) };
  const types = new Map<string, Promise<StepTypeInfo | Problem>>();
  const calls: (StepSite & { execute: ExecuteSite })[] = [];
  for (const site of parts.steps) {
    const { name, external, foreign, execute } = site;
    const type = (external ?? foreign ?? execute)?.type;
    // What a stub answers needs neither a package nor a connector, nor another workflow.
    if (type === undefined || stubOf(stubs, { name, type }) !== undefined) continue;
    if (foreign !== undefined) findings.push(foreignFinding(source, site, foreign));
    if (execute !== undefined) calls.push({ ...site, execute });
    if (external === undefined) continue;
    const info = types.get(type) ?? catalog.stepType(type);
    types.set(type, info);
    findings.push(...(await checkStep(source, site, external, await info, catalog)));
  }
  const { plans, findings: ofCalls, theirs } = await checkCalls(source, calls, catalog);
  const sorted = [...sortFindings([...findings, ...ofCalls]), ...theirs];
  const refused = sorted.some((finding) => finding.severity === "error");
  return refused ? { findings: sorted } : { plan: { ...parts.plan, workflows: plans }, findings: sorted };
}

/** A step that cannot run is a warning here: whoever runs the plan refuses it, and whoever reads it learns what it needs. */
function foreignFinding(source: YamlSource, site: StepSite, { type, need }: NonNullable<StepSite["foreign"]>): Finding {
  const finding = {
    code: "unknown-step-type",
    rule: NOT_HERE,
    severity: "warning",
    message: `Steps of type "${type}" are part of Kibana's language and need ${need}. They cannot run here.`,
    hint: "Take it out, or let a stub answer it: --stub FILE.",
  } as const;
  return source.finding([...site.path, "type"], finding, "value");
}

/** The rule of findings about steps that only Kibana can run; a run that meets one is refused. */
export const NOT_HERE = "stepNotHere" satisfies Rule;

async function checkStep(
  source: YamlSource,
  site: StepSite,
  external: ExternalSite,
  info: StepTypeInfo | Problem,
  catalog: Catalog,
): Promise<Finding[]> {
  if (!isStepType(info)) {
    const guess = info.hint === undefined ? nearest(external.type, Object.keys(BUILT_IN_STEP_TYPES)) : undefined;
    const problem = guess === undefined ? info : { ...info, hint: `Did you mean "${guess}"?` };
    return [source.finding([...site.path, "type"], { rule: "schemaViolation", ...problem }, "value")];
  }
  return [
    ...(await checkConnector(source, site, external, info, catalog)),
    ...(await checkParams(source, site, external, info)),
  ];
}

async function checkConnector(
  source: YamlSource,
  site: StepSite,
  { connectorId, connectorSpoilt, raw }: ExternalSite,
  info: StepTypeInfo,
  catalog: Catalog,
): Promise<Finding[]> {
  if (connectorSpoilt) return [];
  const path = [...site.path, "connector-id"];
  if (connectorId === undefined) {
    // A connector-id that stands inside `with` is told by the check of the params.
    if (info.connector !== "required" || misplacedConnectorId(raw, info.inputSchema) !== undefined) return [];
    return [
      source.finding(site.path, {
        code: "workflow-invalid",
        rule: "connectorNotFound",
        message: `${capital(called(site))} has no "connector-id", which steps of type "${info.type}" need.`,
        hint: 'Write the name or id of a connector beside "type".',
      }),
    ];
  }
  if (info.connector === "none") {
    return [
      source.finding(path, {
        code: "workflow-invalid",
        rule: "invalidStepProperty",
        message: `Steps of type "${info.type}" use no connector.`,
        hint: `Take "connector-id" away.`,
      }),
    ];
  }
  if (connectorId.dynamic || isOpen(connectorId.text)) return [];
  const problem = await catalog.connector(connectorId.text, info.type);
  return problem === undefined ? [] : [source.finding(path, { rule: "connectorNotFound", ...problem }, "value")];
}

function isStepType(info: StepTypeInfo | Problem): info is StepTypeInfo {
  return "validate" in info;
}
