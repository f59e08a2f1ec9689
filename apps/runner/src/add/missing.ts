import type { Finding } from "@stepwire/core";

import type { Draft } from "./draft.ts";
import { applies, flagFor, type Step } from "./field.ts";

/** What a draft still lacks, each with the flag that gives it. */
export function missingAnswers(draft: Draft, steps: readonly Step[], placeholders: readonly string[]): Finding[] {
  const fields = steps
    .flatMap((step) => step.fields)
    .filter((field) => field.required && field.sets === undefined && applies(field, draft))
    .filter(({ side, key }) => draft[side][key] === undefined);
  return [
    ...(draft.name === undefined ? [missing("name", "What workflows call the connector", "--name NAME")] : []),
    ...placeholders.map((name) => missing(name, "The preset leaves it open", `--set ${name}=VALUE`)),
    ...fields.map((field) => {
      const instead =
        field.when === undefined ? "" : ", or log in another way: --set hasAuth=false or --set authType=...";
      return missing(`${field.side}.${field.key}`, field.about, `${flagFor(field)}${instead}`);
    }),
  ];
}

function missing(what: string, about: string, flag: string): Finding {
  const message = `${what} is missing${about === "" ? "" : `: ${about}`}.`;
  return { code: "usage-invalid", severity: "error", message, hint: `Give it with ${flag}` };
}
