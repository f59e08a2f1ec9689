import { StepwireError } from "@stepwire/core";
import * as z from "zod";

const text = (max: number, about: string) => z.string().max(max).nullish().describe(about);
const names = (about: string) => z.array(z.string().max(1000)).max(1000).nullish().describe(about);

const shared = {
  description: text(100_000, "The details about the incident"),
  severity: z.enum(["critical", "high", "medium", "low"]).nullish().describe("The severity of the case"),
  status: z.enum(["open", "in-progress", "closed"]).nullish().describe("The status of the case"),
  tags: names("Tags that can be used to filter cases"),
  labels: names("Labels; they stand in for tags where there are none"),
};

/** A case's own fields, as the create and update actions take them. */
export const caseFields = {
  title: z
    .string()
    .max(10_000)
    .optional()
    .describe("A title for the case (the same as summary)")
    .meta({ "x-same-as": "summary" }),
  summary: z.string().max(10_000).optional().describe("A brief case summary (the same as title)"),
  caseId: text(1000, "A unique case identifier, for templates that use case.id"),
  ...shared,
};

/** Kibana's form of the same. */
export const kibanaIncident = z.strictObject({
  title: z.string().max(10_000).describe("A title for the case"),
  id: text(1000, "A unique case identifier, for templates that use case.id"),
  externalId: text(1000, "The case's id in the other system; an update where it is given"),
  ...shared,
});

export const externalId = z.string().max(1000).regex(/\S/, "externalId is empty; leave it out to create a case");

/** Path and comment text of what is sent as one comment. */
export const comment = z.strictObject({
  comment: z.string().max(100_000).describe("The text of the comment"),
  commentId: z.string().max(1000).optional().describe("Given back with the outcome"),
});

/** A case as the templates see it. */
export interface Incident {
  title: string;
  description?: string | null | undefined;
  id?: string | null | undefined;
  severity?: string | null | undefined;
  status?: string | null | undefined;
  tags?: string[] | null | undefined;
  labels?: string[] | null | undefined;
}

type CaseFields = Omit<Incident, "title" | "id"> & {
  title?: string | undefined;
  summary?: string | undefined;
  caseId?: string | null | undefined;
};

/** The flat form as an incident. Throws `params-invalid` unless exactly one of title and summary is given. */
export function fromFlat(input: CaseFields): Incident {
  const { title, summary, caseId, ...rest } = input;
  if ((title === undefined) === (summary === undefined)) {
    const what = title === undefined ? "The case has no title." : "title and summary are the same thing.";
    throw new StepwireError("params-invalid", `${what} Give one of title and summary.`);
  }
  return { ...rest, title: title ?? summary ?? "", id: caseId };
}
