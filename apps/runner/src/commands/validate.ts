import type { Finding } from "@stepwire/core";
import { createRunner } from "@stepwire/engine";

import { COMMON, outputFormat, parseCommand, projectOptions } from "../args.ts";
import { EXIT } from "../exit-codes.ts";
import { cleanLine } from "../output/clean.ts";
import { formatFindings, hasErrors } from "../output/findings.ts";
import { note, paint, printJson, printLine } from "../output/terminal.ts";
import { TEMPLATE_OPTIONS, templateOptions } from "../read-data.ts";
import { usage } from "../refusal.ts";
import { keepSecretsOf } from "../secrets.ts";

export async function validate(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, { ...COMMON, ...TEMPLATE_OPTIONS });
  if (positionals.length === 0)
    throw usage("validate needs at least one workflow file.", "Example: stepwire validate workflows/*.yaml");
  const output = outputFormat(values.output);
  const runner = createRunner({ ...projectOptions(values), ...(await templateOptions(values)) });
  try {
    keepSecretsOf(await runner.project);
    const findings: Finding[] = [];
    for (const file of positionals) {
      const checked = await runner.check(file);
      // What is wrong with the project's own files is told once, not for every workflow.
      for (const finding of checked.findings) {
        if (!findings.some((known) => JSON.stringify(known) === JSON.stringify(finding))) findings.push(finding);
      }
    }
    const bad = hasErrors(findings);
    if (output === "json") printJson({ findings });
    else {
      if (findings.length > 0) note(formatFindings(findings, positionals));
      const errors = findings.filter((finding) => finding.severity === "error").length;
      const files = positionals.length === 1 ? cleanLine(positionals[0] ?? "") : `${positionals.length} files`;
      printLine(
        bad
          ? `${paint("red", `${errors} error${errors === 1 ? "" : "s"}`)} in ${files}`
          : `${paint("green", "ok")}  ${files}`,
      );
    }
    return bad ? EXIT.refused : EXIT.done;
  } finally {
    await runner.close();
  }
}
