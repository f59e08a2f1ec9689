import { ERROR_CODES } from "@stepwire/core";

import { code, table } from "../../packages/testkit/src/docs/markdown.ts";

/** The errors of one of our connectors: the codes to expect, and what the vendor's own words mean. */
export function errorsSection(refusals, ownCodes) {
  const codes = [...new Set(["params-invalid", "http-status", "rate-limited", "timeout", "connection", ...ownCodes])];
  return [
    "## Errors",
    "What can be checked is checked before anything is sent. These are the codes to expect; " +
      "[all of them](https://github.com/stepwire/stepwire/blob/main/docs/errors.md) are the same for every connector.",
    table(
      ["Code", "", "Trying again later"],
      codes.map((name) => [
        code(name),
        ERROR_CODES[name].summary,
        ERROR_CODES[name].retryable ? "can help" : "does not help by itself",
      ]),
    ),
    ...Object.entries(refusals).flatMap(([name, rows]) => [
      `${REFUSED_BY[name] ?? "What the other system's own words mean"}:`,
      table(
        ["It says", "It means"],
        Object.entries(rows).map(([key, said]) => [
          code(key),
          typeof said === "string" ? said : `${said.meaning} ${said.advice}`,
        ]),
      ),
    ]),
  ].join("\n\n");
}

const REFUSED_BY = {
  WEBHOOK_REFUSALS: "What an incoming webhook's own words mean",
};
