import * as z from "zod";

/** An issue as Kibana's lists have it. */
export const found = z.object({
  id: z.string().describe("Jira's own id, all digits"),
  key: z.string().describe("Such as ENG-42"),
  title: z.string().nullable().describe("The issue's summary"),
});

export function toFound(issue: { id: string; key: string; fields?: Record<string, unknown> | undefined }) {
  const summary = issue.fields?.["summary"];
  return { id: issue.id, key: issue.key, title: typeof summary === "string" ? summary : null };
}
