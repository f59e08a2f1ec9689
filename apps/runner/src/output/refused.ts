import type { Finding } from "@stepwire/core";

import { EXIT } from "../exit-codes.ts";
import { formatFindings } from "./findings.ts";
import { note, printJson } from "./terminal.ts";

/** Says why nothing was done; the exit code for it. */
export function refuse(findings: readonly Finding[], output: "text" | "json"): number {
  if (output === "json") printJson({ status: "refused", findings });
  else note(formatFindings(findings));
  return EXIT.refused;
}
