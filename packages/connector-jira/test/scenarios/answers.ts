import type { AntiExample, Reply } from "@stepwire/testkit";

import { fixture } from "../recorded.ts";

/** Of the REST API. */
export type Version = 2 | 3;

export const SITE = "https://your-domain.atlassian.net";

/** A reply with a recorded answer, some of it replaced if need be. */
export const json = (name: string, status = 200, changes: object = {}): Reply => {
  const recorded = fixture(name);
  return { status, json: Array.isArray(recorded) ? recorded : { ...(recorded as object), ...changes } };
};

export const DONE: Reply = { status: 204 };

/** What no action takes: a parameter that it does not know, one that is missing, and one that is too long. */
export function refused(input: object, required?: string, tooLong?: object): AntiExample[] {
  const rest = Object.fromEntries(Object.entries(input).filter(([name]) => name !== required));
  return [
    { input: { ...input, nonsense: 1 }, reason: "There is no such parameter" },
    ...(required === undefined ? [] : [{ input: rest, reason: `It cannot do without ${required}` }]),
    ...(tooLong === undefined ? [] : [{ input: { ...input, ...tooLong }, reason: "Jira takes nothing so long" }]),
  ];
}

export const LONG_ID = "x".repeat(256);
export const LONG_TEXT = "x".repeat(32_768);
