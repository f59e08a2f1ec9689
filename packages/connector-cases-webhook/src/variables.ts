import type { Incident } from "./incident.ts";

const CASE = ["case.title", "case.description", "case.id", "case.severity", "case.status", "case.tags", "case.labels"];
/** The documentation writes both `external.system.id` and `external.system.ID`. */
const EXTERNAL_ID = ["external.system.id", "external.system.ID"];

/** What each template may name. A create has no external id yet, and URLs hold no case data, as in Kibana. */
export const VARIABLES = {
  create: CASE,
  update: [...CASE, ...EXTERNAL_ID],
  get: EXTERNAL_ID,
  comment: ["case.comment", ...EXTERNAL_ID],
  url: EXTERNAL_ID,
  viewUrl: [...EXTERNAL_ID, "external.system.title"],
} as const;

/** What is absent is an empty text or list in a template, as in Kibana. */
export function caseView(incident: Incident) {
  return {
    case: {
      title: incident.title,
      description: incident.description ?? "",
      id: incident.id ?? "",
      severity: incident.severity ?? "",
      status: incident.status ?? "",
      tags: incident.tags ?? incident.labels ?? [],
      labels: incident.labels ?? [],
    },
  };
}

export function externalView(id: string, title?: string) {
  return { external: { system: { id, ID: id, ...(title === undefined ? {} : { title }) } } };
}
