import { nearest } from "@stepwire/core";
import { Project } from "@stepwire/host";

import { COMMON, outputFormat, parseCommand, projectOptions, takeAtMost } from "../args.ts";
import { BUILT_IN_STEP_TYPES } from "@stepwire/workflow";
import { EXIT } from "../exit-codes.ts";
import { cleanLine } from "../output/clean.ts";
import { paint, printJson, printLine, table } from "../output/terminal.ts";
import { printStep, printType } from "../output/type-trust.ts";
import { usage } from "../refusal.ts";

interface TypeEntry {
  /** `null` where a package is so broken that it does not say what it provides. */
  id: string | null;
  package: string;
  version: string;
  title: string;
  actions: string[];
  status: "ok" | "broken";
  reason?: string;
}

interface StepEntry {
  type: string;
  package: string;
  version: string;
  summary: string;
}

export async function types(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, { ...COMMON, diff: { type: "string" } });
  const output = outputFormat(values.output);
  takeAtMost(1, positionals, "types");
  const project = await Project.open(projectOptions(values));
  const [wanted] = positionals;
  if (values.diff !== undefined) {
    const { typesDiff } = await import("./types-diff.ts");
    return typesDiff(project, values.diff, wanted, output);
  }
  if (wanted !== undefined) return showType(project, wanted, output);
  const list = { types: typeEntries(project), steps: stepEntries(project) };
  if (output === "json") printJson(list);
  else printTypes(list, project.folder);
  return EXIT.done;
}

function typeEntries(project: Project): TypeEntry[] {
  const conflicts = new Map(project.registry.conflicts().map(({ id, packages }) => [id, packages]));
  return project.registry.packages.flatMap((plugin): TypeEntry[] => {
    const from = { package: plugin.name, version: plugin.version };
    if (plugin.manifest === undefined) {
      return [{ id: null, ...from, title: "", actions: [], status: "broken", reason: plugin.broken?.reason ?? "" }];
    }
    return plugin.manifest.connectorTypes.map((type): TypeEntry => {
      const rivals = conflicts.get(type.id);
      const entry = { id: type.id, ...from, title: type.title, actions: Object.keys(type.actions) };
      if (rivals === undefined) return { ...entry, status: "ok" };
      return {
        ...entry,
        status: "broken",
        reason: `${rivals.join(" and ")} both provide ${type.id}; choose with plugins.prefer in the settings.`,
      };
    });
  });
}

function stepEntries(project: Project): StepEntry[] {
  const own = Object.entries(BUILT_IN_STEP_TYPES).map(([type, summary]) => ({
    type,
    package: "stepwire",
    version: "",
    summary,
  }));
  const others = project.registry.packages.flatMap((plugin) =>
    (plugin.manifest?.steps ?? []).map(({ type, summary }) => ({
      type,
      package: plugin.name,
      version: plugin.version,
      summary,
    })),
  );
  return [...own, ...others];
}

function printTypes({ types: entries, steps }: { types: TypeEntry[]; steps: StepEntry[] }, folder: string): void {
  if (entries.length === 0)
    printLine(
      `No connector packages among the dependencies of ${folder}. Example: npm install @stepwire/connector-http`,
    );
  else {
    printLine(paint("bold", "Connector types"));
    const rows = entries.map((entry) => [
      entry.id ?? "?",
      cleanLine(entry.title),
      entry.actions.join(" "),
      `${entry.package} ${entry.version}`.trim(),
    ]);
    printLine(table(rows, "  "));
    for (const entry of entries) {
      if (entry.status === "broken")
        printLine(`  ${paint("red", "broken")}  ${cleanLine(`${entry.package}: ${entry.reason}`)}`);
    }
  }
  printLine(`\n${paint("bold", "Steps")}`);
  printLine(
    table(
      steps.map((step) => [step.type, cleanLine(step.summary), step.package]),
      "  ",
    ),
  );
}

function showType(project: Project, wanted: string, output: "text" | "json"): number {
  const found = project.registry.connectorType(wanted);
  if ("code" in found) {
    const step = stepEntries(project).find((entry) => entry.type === wanted);
    if (step === undefined) {
      const close = nearest(wanted, Object.keys(BUILT_IN_STEP_TYPES));
      throw usage(found.message, close === undefined ? found.hint : `Did you mean ${close}?`);
    }
    const own = project.registry.packages.find(({ name }) => name === step.package)?.manifest?.steps;
    const described = own?.find(({ type }) => type === wanted);
    if (output === "json") printJson(step);
    else {
      printLine(`${step.type}: ${cleanLine(step.summary)} (${step.package})`);
      if (described !== undefined) printStep(described);
    }
    return EXIT.done;
  }
  const { plugin, type } = found;
  if (output === "json") printJson({ package: plugin.name, version: plugin.version, ...type });
  else printType(type, { ...plugin, steps: plugin.manifest.steps });
  return EXIT.done;
}
