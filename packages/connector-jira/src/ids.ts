import * as z from "zod";

/**
 * An id that becomes a segment of a path: no empty one, which would name the whole collection, and not `.` or `..`,
 * which clients take out of a path even where they are encoded.
 */
const pathSegment = (what: string) =>
  z
    .string()
    .max(255)
    .regex(
      /^(?!\.{1,2}$)(?=\S)[^\p{Cc}\p{Cs}]*\S$/u,
      `this is no ${what}: it is empty, a dot, begins or ends with a blank, or holds control characters`,
    );

export const issueId = pathSegment("issue key or id").describe("The issue's key, such as ENG-42, or its id");
export const projectKey = pathSegment("project key").describe("The project's key, such as ENG");
export const issueTypeId = pathSegment("issue type's id").describe("The issue type's id, as getIssueTypes gives it");

/** Jira tells ids from names by the property they stand in; ids are all digits, and so is no name in practice. */
export const byIdOr = (property: "name" | "key", value: string): Record<string, string> =>
  /^\d+$/.test(value) ? { id: value } : { [property]: value };
