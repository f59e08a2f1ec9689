import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

import { createRunner } from "@stepwire/engine";

import { answering } from "../answers.ts";
import type { Kit, PackageFolder, Subject } from "../kit.ts";
import { packageName } from "../package-name.ts";
import type { Report } from "../problem.ts";
import { fencesOf, type Fence } from "../readme.ts";
import type { VendorRequest } from "../scenarios.ts";
import { tempFolder } from "../temp-folder.ts";

const CONNECTORS = /^connectors:/m;
const WORKFLOW = /^steps:/m;

/** The README has a section for every action, and its examples run. */
export async function docs(kit: Kit, report: Report): Promise<void> {
  const { pack } = kit;
  if (pack === undefined) return report.notRun("no folder was given: pass `folder` to describeConnector()");
  const { readme } = pack;
  if (readme === undefined)
    return report.problem("README.md", "It is missing.", "Write one with an example a type and a section an action.");
  const fences = fencesOf(readme);
  const workflows = fences.filter(({ language, text }) => language === "yaml" && WORKFLOW.test(text));
  for (const type of kit.plugin.connectorTypes) {
    sections(type.id, Object.keys(type.actions), readme, report);
    report.checked();
    const names = [type.id, ...(type.aliases ?? [])];
    const isShown = workflows.some(({ text }) =>
      names.some((name) => new RegExp(`type: ["']?${escaped(name)}(?:\\.|["']?\\s|$)`, "m").test(text)),
    );
    if (isShown) continue;
    report.problem(
      `README.md ${type.id}`,
      "No example uses the type.",
      `Add a \`\`\`yaml block with a whole workflow (name, steps) that has a step of type: ${type.id}.`,
    );
  }
  if (!kit.hasScenarios) report.notRun("the examples: there are no scenarios");
  else if (workflows.length > 0) await runAll(kit, pack, fences, workflows, report);
}

function sections(id: string, actions: readonly string[], readme: string, report: Report): void {
  for (const action of actions) {
    report.checked();
    if (new RegExp(`^#{2,6} .*\`${escaped(`${id}.${action}`)}\``, "m").test(readme)) continue;
    report.problem(
      `README.md ${id}.${action}`,
      "The action has no section.",
      `Add a heading with \`${id}.${action}\`, and what it takes and gives; stepwire-kit docs writes them from the schemas.`,
    );
  }
}

/** In a project as a reader would make it, with every vendor played. */
async function runAll(
  kit: Kit,
  pack: PackageFolder,
  fences: readonly Fence[],
  workflows: readonly Fence[],
  report: Report,
): Promise<void> {
  const name = packageName(pack.json);
  if (name === undefined) return report.notRun("the examples: npm takes no package of this name");
  const stage = await kit.stage();
  const { folder, remove } = tempFolder();
  try {
    const installed = path.join(folder, "node_modules", name);
    mkdirSync(path.dirname(installed), { recursive: true });
    symlinkSync(path.resolve(pack.folder), installed, "junction");
    const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text);
    write("package.json", JSON.stringify({ name: "reader", dependencies: { [name]: "*" } }));
    write("stepwire.yaml", JSON.stringify({ network: stage.network }));
    const connectors = fences.filter(({ text }) => CONNECTORS.test(text)).map(({ text }) => text);
    if (connectors.length > 0) write("connectors.yaml", merged(connectors));
    const answers = Object.assign(
      {},
      ...kit.subjects.map(({ scenarios }) => scenarios.readme ?? {}),
      ...kit.subjects.flatMap(allAnswers),
    );
    const env = environment(connectors.join("\n"), kit.subjects);
    for (const [index, { text, file }] of workflows.entries()) {
      const where = `README.md ${file ?? `example ${index + 1}`}`;
      const workflow = path.join(folder, `example-${index + 1}.yaml`);
      writeFileSync(workflow, text);
      const unexpected: VendorRequest[] = [];
      stage.play(answering(answers, (request) => unexpected.push(request)));
      const runner = createRunner({ project: folder, env });
      const result = await runner.run(workflow, eventOf(fences)).finally(() => runner.close());
      report.checked();
      for (const { method, url } of unexpected) {
        report.problem(
          where,
          `It sends ${method} ${url.pathname}, to which no scenario has an answer.`,
          "Add the request under readme of the type's scenarios, or correct the example.",
        );
      }
      if (result.status === "refused") {
        const said = result.findings
          .filter(({ severity }) => severity === "error")
          .map(({ message, line }) => `line ${line ?? "?"}: ${message}`);
        report.problem(where, `It is refused: ${said.join("; ")}`, "Correct the example: it must run as it stands.");
      } else if (result.status !== "completed" && unexpected.length === 0) {
        report.problem(
          where,
          `It ends as ${result.status}: ${result.error?.message ?? "no reason given"}`,
          "Correct the example: it must run as it stands.",
        );
      }
    }
  } finally {
    remove();
  }
}

const allAnswers = ({ scenarios }: Subject) => [
  scenarios.test ?? {},
  ...Object.values(scenarios.actions).flatMap(({ examples }) => examples.map(({ answers }) => answers)),
];

/** Several lists of connectors as one: each block begins with its own `connectors:`. */
const merged = (texts: readonly string[]) =>
  texts.map((text, index) => (index === 0 ? text : text.replace(/^[\s\S]*?^connectors:\n/m, ""))).join("");

/** The variables that the connectors ask for, with what the scenarios have under the same key, and made-up values otherwise. */
function environment(connectors: string, subjects: readonly Subject[]): Record<string, string> {
  const known = new Map<string, string>();
  const collect = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === "string") known.set(key, item);
      else collect(item);
    }
  };
  for (const { scenarios } of subjects) {
    for (const connector of [...Object.values(scenarios.connectors ?? {}), scenarios.connector]) collect(connector);
  }
  const asked = [
    ...connectors.matchAll(/([\w-]+):\s*["']?(\$\{env:([\w.]+)\}["']?\s*$)?/gm),
    ...connectors.matchAll(/()()\$\{env:([\w.]+)\}/g),
  ];
  const values: Record<string, string> = {};
  for (const [, key = "", , name] of asked) {
    if (name !== undefined) values[name] ??= known.get(key) ?? `value-of-${name}`;
  }
  return values;
}

function eventOf(fences: readonly Fence[]): Record<string, unknown> {
  const event = fences.find(({ file }) => file === "event.json");
  return event === undefined ? {} : (JSON.parse(event.text) as Record<string, unknown>);
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
