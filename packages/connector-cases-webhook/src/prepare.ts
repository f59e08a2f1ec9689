import type { ConfigProblem, PrepareTools, RenderAs } from "@stepwire/core";

import type { CasesConfig } from "./config.ts";
import { VARIABLES } from "./variables.ts";

/** Checks every template and the settings that only make sense together. */
export function prepare(given: CasesConfig, tools: PrepareTools): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const report = (key: keyof CasesConfig, message: string, hint?: string) =>
    problems.push({ path: [key], message, ...(hint === undefined ? {} : { hint }) });
  const template = (
    key: keyof CasesConfig,
    as: RenderAs,
    variables: readonly string[],
    required: readonly string[] = [],
  ) => {
    const text = given[key];
    if (typeof text !== "string") return;
    for (const message of tools.checkTemplate(text, { as, variables, required })) report(key, message);
  };
  // Where people look at a case is never called, so only the other addresses have to be allowed.
  const called = (key: keyof CasesConfig) => {
    const text = given[key];
    const refused = typeof text === "string" && isAddress(text) ? tools.checkAddress(text) : undefined;
    if (refused !== undefined) report(key, refused);
  };
  const address = (key: keyof CasesConfig) => {
    const text = given[key];
    if (typeof text === "string" && !isAddress(text)) {
      report(key, `${key} is not an http or https URL.`, "Write it whole, with its host: https://cases.example.com/…");
    }
  };

  template("createIncidentJson", "json", VARIABLES.create, ["case.title", "case.description"]);
  template("updateIncidentJson", "json", VARIABLES.update, ["case.title", "case.description"]);
  template("getIncidentJson", "json", VARIABLES.get);
  template("createCommentJson", "json", VARIABLES.comment, ["case.comment"]);
  for (const key of ["getIncidentUrl", "updateIncidentUrl", "createCommentUrl"] as const)
    template(key, "url", VARIABLES.url);
  template("viewIncidentUrl", "url", VARIABLES.viewUrl);
  for (const key of [
    "createIncidentUrl",
    "getIncidentUrl",
    "updateIncidentUrl",
    "createCommentUrl",
    "viewIncidentUrl",
  ] as const) {
    address(key);
  }
  for (const key of ["createIncidentUrl", "getIncidentUrl", "updateIncidentUrl", "createCommentUrl"] as const)
    called(key);

  if (given.createIncidentUrl.includes("{{")) {
    report("createIncidentUrl", "The create case URL is not a template: there is no id yet.", "Take the {{…}} out.");
  }
  if (given.getIncidentMethod === "get" && !namesExternal(given.getIncidentUrl)) {
    report("getIncidentUrl", "The get case URL does not name the case.", "Put {{{external.system.id}}} into it.");
  }
  if (!/external\.system\.(id|ID|title)/.test(given.viewIncidentUrl)) {
    report(
      "viewIncidentUrl",
      "The view URL does not name the case.",
      "Put {{{external.system.id}}} or {{{external.system.title}}} into it.",
    );
  }
  if (given.getIncidentMethod === "post" && !given.getIncidentJson) {
    report(
      "getIncidentJson",
      "Getting a case by post needs a body.",
      "Give getIncidentJson, or use getIncidentMethod: get.",
    );
  }
  const half = [given.createCommentUrl, given.createCommentJson].filter(Boolean).length === 1;
  if (half) {
    const missing = given.createCommentUrl ? "createCommentJson" : "createCommentUrl";
    report(
      missing,
      "Comments need both createCommentUrl and createCommentJson.",
      `Give ${missing}, or take the other out.`,
    );
  }
  return problems;
}

/** Variables may stand in the path, never in the host: it decides who gets the credentials. */
function isAddress(text: string): boolean {
  const origin = /^https?:\/\/([^/?#\\]+)/i.exec(text);
  return origin !== null && !origin[1]?.includes("{{") && URL.canParse(text);
}

const namesExternal = (text: string) => /external\.system\.(id|ID)/.test(text);
