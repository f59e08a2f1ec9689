import * as z from "zod";

const MAX_TEMPLATE = 100_000;
const url = (about: string) => z.string().min(1).max(8192).describe(about);
const json = (about: string) => z.string().min(1).max(MAX_TEMPLATE).describe(about);
/** Null is how Kibana stores what is absent. */
const urlOrNone = (about: string) => z.string().min(1).max(8192).nullish().describe(about);
const jsonOrNone = (about: string) => z.string().min(1).max(MAX_TEMPLATE).nullish().describe(about);
const key = (about: string) => z.string().min(1).max(512).describe(about);

/** The steps of a guided creation after the first, which asks for name and authentication. */
const CREATE = { "x-step": "Create case" };
const GET = { "x-step": "Get case" };
const UPDATE = { "x-step": "Update case and comments" };

/**
 * Kibana's property names, enumerations and defaults; `patch` to create is what the documentation lists, though
 * Kibana's own schema lacks it.
 */
export const config = z.strictObject({
  createIncidentUrl: url("Create case URL. Not a template").meta(CREATE),
  createIncidentMethod: z.enum(["post", "put", "patch"]).default("post").describe("Create case method").meta(CREATE),
  createIncidentJson: json("Create case object: a JSON template with case.title and case.description").meta(CREATE),
  createIncidentResponseKey: key(
    "Create case response external key: where the answer holds the case's id, such as issue.id",
  ).meta(CREATE),
  getIncidentMethod: z.enum(["get", "post"]).default("get").describe("Get case method").meta(GET),
  getIncidentUrl: url("Get case URL: a template with external.system.id").meta(GET),
  getIncidentJson: jsonOrNone("Get case object: the body where the method is post").meta(GET),
  getIncidentResponseExternalTitleKey: key(
    "Get case response external title key: where the answer holds the case's title",
  ).meta(GET),
  viewIncidentUrl: url("External case view URL: a template with external.system.id or external.system.title").meta(GET),
  updateIncidentUrl: url("Update case URL: a template with external.system.id").meta(UPDATE),
  updateIncidentMethod: z.enum(["post", "put", "patch"]).default("put").describe("Update case method").meta(UPDATE),
  updateIncidentJson: json("Update case object: a JSON template with case.title and case.description").meta(UPDATE),
  createCommentUrl: urlOrNone("Create comment URL: a template with external.system.id").meta(UPDATE),
  createCommentMethod: z
    .enum(["post", "put", "patch"])
    .nullish()
    .describe("Create comment method; put unless given")
    .meta(UPDATE),
  createCommentJson: jsonOrNone("Create comment object: a JSON template with case.comment").meta(UPDATE),
});

export type CasesConfig = z.output<typeof config>;
