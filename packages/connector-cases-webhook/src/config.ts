import * as z from "zod";

const MAX_TEMPLATE = 100_000;
const url = (about: string) => z.string().min(1).max(8192).describe(about);
const json = (about: string) => z.string().min(1).max(MAX_TEMPLATE).describe(about);
const key = (about: string) => z.string().min(1).max(512).describe(about);
/** Kibana stores an absent optional value as null. */
const absent = <T extends z.ZodType>(schema: T) => schema.nullish();

/**
 * Kibana's property names, enumerations and defaults; `patch` to create is what the documentation lists, though
 * Kibana's own schema lacks it.
 */
export const config = z.strictObject({
  createIncidentUrl: url("Create case URL. Not a template"),
  createIncidentMethod: z.enum(["post", "put", "patch"]).default("post").describe("Create case method"),
  createIncidentJson: json("Create case object: a JSON template with case.title and case.description"),
  createIncidentResponseKey: key(
    "Create case response external key: where the answer holds the case's id, such as issue.id",
  ),
  getIncidentMethod: z.enum(["get", "post"]).default("get").describe("Get case method"),
  getIncidentUrl: url("Get case URL: a template with external.system.id"),
  getIncidentJson: absent(json("Get case object: the body where the method is post")),
  getIncidentResponseExternalTitleKey: key(
    "Get case response external title key: where the answer holds the case's title",
  ),
  viewIncidentUrl: url("External case view URL: a template with external.system.id or external.system.title"),
  updateIncidentUrl: url("Update case URL: a template with external.system.id"),
  updateIncidentMethod: z.enum(["post", "put", "patch"]).default("put").describe("Update case method"),
  updateIncidentJson: json("Update case object: a JSON template with case.title and case.description"),
  createCommentUrl: absent(url("Create comment URL: a template with external.system.id")),
  createCommentMethod: absent(z.enum(["post", "put", "patch"])).describe("Create comment method; put unless given"),
  createCommentJson: absent(json("Create comment object: a JSON template with case.comment")),
});

export type CasesConfig = z.output<typeof config>;
