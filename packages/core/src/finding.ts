import type { ErrorCode } from "./error-codes.ts";

/** Something a check found in a file, before anything ran. Lines and columns count from 1. */
export interface Finding {
  code: ErrorCode;
  /** Kibana's rule id, for findings about workflows. */
  rule?: string;
  severity: "error" | "warning";
  message: string;
  file?: string;
  line?: number;
  column?: number;
  /** The keys that lead to the place, such as `steps[0].with.message`. */
  path?: string;
  /** What to do about it. */
  hint?: string;
  /** Facts for programs, as in an error; `reason` tells cases within a code apart. */
  details?: Record<string, unknown>;
}

/** `["steps", 0, "with"]` as `steps[0].with`. */
export function formatPath(path: readonly (string | number)[]): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else if (/^[A-Za-z_$][\w$-]*$/.test(key)) text += text === "" ? key : `.${key}`;
    else text += `[${JSON.stringify(key)}]`;
  }
  return text;
}
