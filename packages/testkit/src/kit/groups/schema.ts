import type { AnySchema, JsonSchema } from "@stepwire/core";

import { callExample } from "../call.ts";
import type { Kit, Subject } from "../kit.ts";
import type { Report } from "../problem.ts";
import { schemaFaults } from "../schema-faults.ts";

/** What is said of an input before anything is sent. */
const INPUT_ERRORS = new Set(["params-invalid", "template-error", "json-invalid", "url-invalid", "host-not-allowed"]);

/** What users write is bounded and described, and the scenarios' examples and anti-examples are told apart. */
export async function schema(kit: Kit, report: Report): Promise<void> {
  const { subjects, plugin } = kit;
  for (const type of plugin.connectorTypes) {
    const { config, secrets } = type.connection.def;
    judge(config, `${type.id} config`, report);
    judge(secrets, `${type.id} secrets`, report);
    for (const [name, action] of Object.entries(type.actions)) judge(action.input, `${type.id}.${name} input`, report);
  }
  for (const step of plugin.steps) judge(step.input, `${step.type} input`, report);
  for (const subject of subjects) await examples(kit, subject, report);
}

function judge(part: AnySchema, where: string, report: Report): void {
  report.checked();
  let json: JsonSchema;
  try {
    json = part["~standard"].jsonSchema.input({ target: "draft-2020-12" });
  } catch (error) {
    return report.problem(
      where,
      `It cannot be described as JSON Schema: ${(error as Error).message}`,
      "Use schemas that can, such as z.strictObject() of plain fields.",
    );
  }
  for (const { path, message, fix } of schemaFaults(json)) report.problem(`${where}${path}`, message, fix);
}

async function examples(kit: Kit, subject: Subject, report: Report): Promise<void> {
  const { type, scenarios } = subject;
  for (const [name, { examples: good, antiExamples = [] }] of Object.entries(scenarios.actions)) {
    const input = type.actions[name]?.input;
    if (input === undefined) continue;
    for (const [index, example] of good.entries()) {
      report.checked();
      const { issues } = await input["~standard"].validate(example.input);
      if (issues === undefined) continue;
      report.problem(
        `${type.id}.${name} example ${index + 1}`,
        `Its input is refused: ${issues.map(({ message }) => message).join("; ")}`,
        "Correct the example, or the schema.",
      );
    }
    for (const [index, { input: wrong, reason }] of antiExamples.entries()) {
      report.checked();
      // Some rules stand in the action's own code; what counts is that nothing was sent.
      const { outcome, requests } = await callExample(kit, subject, name, { input: wrong, answers: {} });
      const where = `${type.id}.${name} anti-example ${index + 1}`;
      const { error } = outcome;
      if (error !== undefined && requests.length === 0) {
        if (INPUT_ERRORS.has(error.code)) continue;
        report.problem(
          where,
          `It fails, but not for its input: ${error.code}: ${error.message}`,
          "Correct the scenario's connector, or throw params-invalid where the input is at fault.",
        );
        continue;
      }
      report.problem(
        where,
        `It is not refused before something is sent, though: ${reason}.`,
        "Say it in the schema, or take the anti-example out.",
      );
    }
  }
}
