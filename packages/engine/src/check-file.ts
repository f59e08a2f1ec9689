import type { Finding } from "@stepwire/core";
import type { Project } from "@stepwire/host";
import {
  planWorkflow,
  readWorkflow,
  type CalledWorkflow,
  type Plan,
  type Problem,
  type Stubs,
} from "@stepwire/workflow";

import { ProjectCatalog } from "./catalog.ts";
import type { Sources } from "./sources.ts";

/** A workflow that calls one that calls one …: nobody needs more, and every one of them is read before the run. */
const MAX_DEPTH = 10;

export interface CheckOptions {
  sources: Sources;
  variables: Record<string, unknown>;
  stubs: Stubs;
}

export interface Checked {
  /** Absent if any finding is an error. */
  plan?: Plan;
  findings: Finding[];
}

/** Everything that is wrong with a workflow file, those it calls included, and its plan where nothing is. Sends nothing. */
export async function checkFile(project: Project, file: string, options: CheckOptions): Promise<Checked> {
  const { plan, findings } = await checkOne({ project, options, done: new Map() }, file, []);
  // A workflow that several call is checked once, and tells each of them.
  const all = [...new Set([...project.findings, ...findings])];
  return plan === undefined || all.some(isError) ? { findings: all } : { plan, findings: all };
}

interface Check {
  readonly project: Project;
  readonly options: CheckOptions;
  /** Called workflows by file. */
  readonly done: Map<string, Promise<Checked>>;
}

interface Caller {
  name: string;
  file: string;
}

async function checkOne(check: Check, file: string, callers: readonly Caller[]): Promise<Checked> {
  const { project, options, done } = check;
  const { variables, stubs, sources } = options;
  const read = await sources.text(file);
  if ("finding" in read) return { findings: [read.finding] };
  const draft = readWorkflow(read.text, file, { variables });
  const chain = [...callers, { name: draft.name, file: sources.identity(file) }];
  const workflow = async (name: string): Promise<CalledWorkflow | Problem> => {
    const found = await sources.called(name, file);
    if ("code" in found) return found;
    const identity = sources.identity(found.file);
    const refusal = refusalOf(name, identity, chain);
    if (refusal !== undefined) return refusal;
    const checked = done.get(identity) ?? checkOne(check, found.file, chain);
    done.set(identity, checked);
    const called = await checked;
    return called.plan?.enabled === false ? disabled(name) : called;
  };
  const catalog = new ProjectCatalog(project, workflow);
  const { plan, findings } = await planWorkflow(draft, catalog, { stubs });
  // Of a connectors file that cannot be read nothing is known; that a connector is not in it would mislead.
  const { file: connectorsFile } = project.connectorsFile;
  const unread = project.findings.some((finding) => isError(finding) && finding.file === connectorsFile);
  const own = unread ? findings.filter(({ code }) => code !== "connector-not-found") : findings;
  const all = [...own, ...catalog.connectorFindings];
  return plan === undefined || all.some(isError) ? { findings: all } : { plan, findings: all };
}

/** Why a workflow cannot be called from where the calls stand. */
function refusalOf(name: string, file: string, chain: readonly Caller[]): Problem | undefined {
  const way = (from: number): string => [...chain.slice(from).map((caller) => caller.name), name].join(" → ");
  const again = chain.findIndex((caller) => caller.file === file);
  if (again !== -1) {
    return {
      code: "workflow-invalid",
      message: `The workflow would call itself: ${way(again)}.`,
      hint: "Repeat steps with a while or foreach loop.",
    };
  }
  if (chain.length <= MAX_DEPTH) return undefined;
  return {
    code: "workflow-invalid",
    message: `Workflows call each other more than ${MAX_DEPTH} levels deep: ${way(0)}.`,
    hint: "Call some of them one after the other.",
  };
}

function disabled(name: string): Problem {
  return {
    code: "workflow-invalid",
    message: `The workflow ${JSON.stringify(name)} is switched off (enabled: false).`,
    hint: "Set enabled: true in its file.",
  };
}

const isError = (finding: Finding): boolean => finding.severity === "error";
