import { mutationOf } from "./mutation-of.mjs";

/** Mistakes in the connector for case management by webhook, each made in one place. */
const mutation = mutationOf("packages/connector-cases-webhook");

export const MUTATIONS = [
  // The four requests
  mutation(
    "the method of a comment is its own",
    "case-api.ts",
    'upper(createCommentMethod ?? "put")',
    "upper(ctx.config.updateIncidentMethod)",
    "config.test.ts",
  ),
  mutation(
    "a case is changed by put unless given",
    "config.ts",
    'updateIncidentMethod: z.enum(["post", "put", "patch"]).default("put")',
    'updateIncidentMethod: z.enum(["post", "put", "patch"]).default("post")',
    "push.test.ts",
  ),
  mutation(
    "an id stays one segment of the address",
    "case-api.ts",
    'tidyUrl(ctx.render(createCommentUrl, external, "url"))',
    'tidyUrl(createCommentUrl.replace("{{{external.system.id}}}", id))',
    "push.test.ts",
  ),
  mutation("ids are read to the last digit", "case-api.ts", "exactIntegers: true,", "", "push.test.ts"),
  mutation(
    "a web page is no answer to a change",
    "case-api.ts",
    'if (typeof data !== "string" || data.trim() === "" || !/\\bhtml\\b/i.test(type)) return;',
    "return;",
    "push.test.ts",
  ),
  mutation(
    "whoever lost the id of a new case is told that there is one",
    "case-api.ts",
    "`${message} ${hint}`",
    "message",
    "push.test.ts",
  ),

  // What may be repeated
  mutation(
    "a comment is not sent twice",
    "add-comment.ts",
    'idempotency: "none",',
    'idempotency: "natural",',
    "push.test.ts",
  ),
  mutation(
    "the create is a part of its own",
    "push.ts",
    'await ctx.once(externalId === undefined ? "create" : `update ${externalId}`, async () => {',
    "await (async (_, send) => send())(undefined, async () => {",
    "once.test.ts",
  ),
  mutation(
    "an update is a part of one case",
    "push.ts",
    '"create" : `update ${externalId}`',
    '"create" : "update"',
    "once.test.ts",
  ),
  mutation(
    "each comment is a part of its own",
    "push.ts",
    "ctx.once(`comment ${index} ${id}`,",
    "ctx.once(`comment ${id}`,",
    "once.test.ts",
  ),
  mutation(
    "the id of a case outlives a later failure",
    "push.ts",
    "throw partialSuccess(`Case ${id}`, progress, StepwireError.from(error));",
    "throw error;",
    "once.test.ts",
  ),

  // What a connector may not be
  mutation(
    "a template is checked before it is used",
    "prepare.ts",
    'template("createCommentJson", "json", VARIABLES.comment, ["case.comment"]);',
    "",
    "config.test.ts",
  ),
  mutation(
    "variables do not stand in a host",
    "prepare.ts",
    'origin !== null && !origin[1]?.includes("{{") && URL.canParse(text)',
    "origin !== null",
    "config.test.ts",
  ),
  mutation("half of what comments need", "prepare.ts", "if (half) {", "if (false) {", "config.test.ts"),
  mutation(
    "addresses that the settings do not allow",
    "prepare.ts",
    "if (refused !== undefined) report(key, refused);",
    "",
    "config.test.ts",
  ),
  mutation(
    "only the ways to log in that there are",
    "connection.ts",
    'methods: ["none", "basic", "ssl"]',
    'methods: ["none", "basic", "ssl", "oauth2-client-credentials"]',
    "config.test.ts",
  ),

  // What a case says
  mutation(
    "an empty id names no case",
    "incident.ts",
    '.regex(/\\S/, "externalId is empty; leave it out to create a case")',
    "",
    "push.test.ts",
  ),
  mutation(
    "labels stand in for tags",
    "variables.ts",
    "tags: incident.tags ?? incident.labels ?? [],",
    "tags: incident.tags ?? [],",
    "push.test.ts",
  ),
  mutation(
    "comments that nobody can send make no case",
    "push-to-service.ts",
    "if (comments.length > 0 && !ctx.config.createCommentUrl) throw commentsNotConfigured();",
    "",
    "push.test.ts",
  ),
];
