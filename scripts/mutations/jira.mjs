import { mutationOf } from "./mutation-of.mjs";

/** Mistakes in the connectors for Jira, each made in one place. */
const mutation = mutationOf("packages/connector-jira");

export const MUTATIONS = [
  // How Jira is called
  mutation(
    "segments of a path are encoded",
    "site.ts",
    "...segments.map(encodeURIComponent)",
    "...segments",
    "update-issue.test.ts",
  ),
  mutation("an update is a PUT", "update-issue.ts", 'method: "PUT",', 'method: "POST",', "update-issue.test.ts"),
  mutation(
    "Cloud's search is search/jql",
    "search.ts",
    'site.cloud ? apiPath(site, "search", "jql") : apiPath(site, "search")',
    'apiPath(site, "search")',
    "search.test.ts",
  ),
  mutation(
    "credentials stay at Atlassian",
    "connection.ts",
    'hosts: ["*.atlassian.net"],',
    'hosts: ["*.net"],',
    "connection.test.ts",
  ),
  mutation(
    "a personal access token is a bearer token",
    "connection.ts",
    '{ kind: "bearer", token: "personalAccessToken" },',
    '{ kind: "custom", place: (request, secrets) => ({ ...request, headers: { ...request.headers, "X-Token": secrets.personalAccessToken } }) },',
    "connection.test.ts",
  ),
  mutation(
    "one way to log in, not two",
    "credentials.ts",
    "given.personalAccessToken !== undefined && pair.length > 0",
    "false",
    "connection.test.ts",
  ),

  // What may be repeated
  mutation(
    "an update may be sent again",
    "update-issue.ts",
    'idempotency: "natural",',
    'idempotency: "none",',
    "update-issue.test.ts",
  ),
  mutation(
    "a new issue is not made twice",
    "create-issue.ts",
    'idempotency: "none",',
    'idempotency: "natural",',
    "create-issue.test.ts",
  ),
  mutation(
    "the create is a part of its own",
    "kibana/push.ts",
    'return ctx.once("create", async () => {',
    "return (async (_, send) => send())(undefined, async () => {",
    "push.test.ts",
  ),
  mutation(
    "each comment is a part of its own",
    "kibana/push.ts",
    "ctx.once(`comment ${index} ${written.id}`,",
    "ctx.once(`comment ${written.id}`,",
    "push.test.ts",
  ),
  mutation(
    "the id of an issue outlives a later failure",
    "kibana/push.ts",
    "throw partialSuccess(`Issue ${written.key ?? written.id}`, progress, StepwireError.from(error));",
    "throw error;",
    "push.test.ts",
  ),

  // Pages
  mutation(
    "the next page begins behind this one",
    "pages.ts",
    "fetchPage(startAt + items.length, wanted)",
    "fetchPage(startAt, wanted)",
    "lists.test.ts",
  ),
  mutation("pages end", "pages.ts", "const MAX_PAGES = 200;", "const MAX_PAGES = 250;", "search.test.ts"),
  mutation("a search goes on where it ended", "search.ts", "{ nextPageToken: token }", "{}", "search.test.ts"),

  // What is sent
  mutation(
    "the words of a title are no operators",
    "jql.ts",
    '.replace(/[+\\-&|!(){}[\\]^"~*?:\\\\/]/g, "\\\\$&")',
    "",
    "search.test.ts",
  ),
  mutation(
    "an id is no name",
    "ids.ts",
    "/^\\d+$/.test(value) ? { id: value } : { [property]: value }",
    "({ [property]: value })",
    "create-issue.test.ts",
  ),
  mutation(
    "an id of a path is not .. and not empty",
    "ids.ts",
    "/^(?!\\.{1,2}$)(?=\\S)[^\\p{Cc}\\p{Cs}]*\\S$/u",
    "/^/",
    "update-issue.test.ts",
  ),
  mutation(
    "fields that have parameters of their own",
    "other-fields.ts",
    "if (Object.hasOwn(own, lower))",
    "if (false)",
    "create-issue.test.ts",
  ),
  mutation(
    "nobody is assigned by null",
    "user.ts",
    "Object.values(known)[0] === null ? null : known",
    "known",
    "people.test.ts",
  ),
  mutation(
    "a description is not longer than Jira takes",
    "rich-text.ts",
    "richText = (text = z.string().max(MAX_TEXT))",
    "richText = (text = z.string())",
    "create-issue.test.ts",
  ),

  // What comes back
  mutation("a created issue without an id", "create-issue.ts", "expect: createdIssue,", "", "create-issue.test.ts"),
  mutation(
    "what to do about a refusal",
    "check.ts",
    'advice: advice.filter(Boolean).join(" "),',
    "",
    "refusals.test.ts",
  ),
  mutation(
    "the names of the fields that are refused",
    "check.ts",
    "...(isRecord(errors) && Object.keys(errors).length > 0 ? { errors } : {}),",
    "",
    "refusals.test.ts",
  ),
];
