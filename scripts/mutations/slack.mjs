import { mutationOf } from "./mutation-of.mjs";

/** Mistakes in the connectors for Slack, each made in one place. */
const mutation = mutationOf("packages/connector-slack");

export const MUTATIONS = [
  // How Slack is called
  mutation(
    "the calls go below /api",
    "web-api/connection.ts",
    'baseUrl: () => "https://slack.com/api",',
    'baseUrl: () => "https://slack.com",',
    "slack-api.test.ts",
  ),
  mutation(
    "what is asked for stands in no address",
    "web-api/call.ts",
    '{ method: "POST", path: method, form, ...READING, expect }',
    '{ method: "GET", path: method, query: form, ...READING, expect }',
    "lists.test.ts",
  ),
  mutation(
    "JSON names its charset",
    "web-api/call.ts",
    '"application/json; charset=utf-8"',
    '"application/json"',
    "slack-api.test.ts",
  ),
  mutation(
    "the token is a bearer token",
    "web-api/connection.ts",
    'auth: [{ kind: "bearer", token: "token" }],',
    'auth: [{ kind: "custom", place: (request, secrets) => ({ ...request, headers: { ...request.headers, "X-Slack-Token": secrets.token } }) }],',
    "slack-api.test.ts",
  ),
  mutation(
    "a token is tested by auth.test",
    "web-api/connection.ts",
    'read(ctx, "auth.test", {}, answer)',
    'read(ctx, "api.test", {}, answer)',
    "slack-api.test.ts",
  ),

  // What may be repeated
  mutation(
    "a message is not sent twice",
    "slack2/send-message.ts",
    'idempotency: "none"',
    'idempotency: "natural"',
    "check.test.ts",
  ),

  // Slack's no
  mutation(
    "ok: false under 200 is no success",
    "web-api/check.ts",
    'if (accepted && answer["ok"] === true) return undefined;',
    "if (accepted) return undefined;",
    "check.test.ts",
  ),
  mutation(
    "a call that reads may be repeated",
    "slack2/who-am-i.ts",
    'effect: "read",\n  idempotency: "natural",',
    'effect: "write",\n  idempotency: "none",',
    "check.test.ts",
  ),
  mutation(
    "an error that may pass may be tried again",
    "web-api/check.ts",
    "...(TRANSIENT.has(code) ? { retryable: true } : {}),",
    "",
    "check.test.ts",
  ),
  mutation(
    "both of Slack's words for too many calls",
    "web-api/check.ts",
    'new Set(["ratelimited", "rate_limited"])',
    'new Set(["ratelimited"])',
    "check.test.ts",
  ),
  mutation(
    "what a code means",
    "web-api/check.ts",
    "Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined,",
    "",
    "check.test.ts",
  ),
  mutation(
    "a webhook's no is not tried again",
    "webhook/connection.ts",
    "retryable: false,",
    "retryable: true,",
    "slack.test.ts",
  ),

  // Pages
  mutation(
    "the cursor of the page before",
    "web-api/pages.ts",
    "{ ...given, cursor: next }",
    "{ ...given, cursor }",
    "lists.test.ts",
  ),
  mutation(
    "an empty cursor is the end",
    "web-api/pages.ts",
    "response_metadata?.next_cursor || undefined",
    "response_metadata?.next_cursor ?? undefined",
    "lists.test.ts",
  ),
  mutation(
    "a list has fifty pages at most",
    "web-api/whole-list.ts",
    "maxPages: MAX_PAGES }",
    "maxPages: Infinity }",
    "lists.test.ts",
  ),
  mutation(
    "where the next page starts",
    "slack2/fields.ts",
    "...(next === undefined ? {} : { nextCursor: next }),",
    "",
    "lists.test.ts",
  ),

  // What is sent
  mutation(
    "a reply goes to its thread",
    "slack2/send-message.ts",
    "thread_ts: threadTs,",
    "threadTs,",
    "slack2.test.ts",
  ),
  mutation(
    "archived channels are listed unless said otherwise",
    "slack-api/get-channels.ts",
    "exclude_archived: z.boolean().default(false)",
    "exclude_archived: z.boolean().default(true)",
    "lists.test.ts",
  ),
  mutation(
    "a text is not longer than Slack keeps",
    "fields.ts",
    "z.string().min(1).max(MAX_TEXT)",
    "z.string().min(1)",
    "blockkit.test.ts",
  ),
  mutation(
    "a plain text in blocks mentions nobody",
    "fallback-text.ts",
    "isMrkdwn ? inner.trim() : escaped(inner.trim())",
    "inner.trim()",
    "fallback-text.test.ts",
  ),

  // Where it goes
  mutation(
    "channels that are not allowed",
    "slack-api/channel.ts",
    "if (allowed.length === 0 || (byName ? names.has(bare(channel)) : ids.has(channel))) return channel;",
    "return channel;",
    "allowed-channels.test.ts",
  ),
  mutation(
    "a name that is the id of another channel",
    "slack-api/channel.ts",
    "(id === undefined && !looksLikeId(channel))",
    "id === undefined",
    "allowed-channels.test.ts",
  ),
  mutation(
    "a message of Block Kit names no channel itself",
    "slack-api/blockkit.ts",
    "z.strictObject({",
    "z.looseObject({",
    "blockkit.test.ts",
  ),
  mutation(
    "a webhook takes no channel",
    "webhook/post-message.ts",
    '.never(\n          "a webhook',
    '.any(\n          "a webhook',
    "slack.test.ts",
  ),

  // What comes back
  mutation(
    "an answer without the channel that was asked for",
    "slack2/get-conversation-info.ts",
    "answerWith({ channel: record })",
    "answerWith({})",
    "slack2.test.ts",
  ),
  mutation(
    "Slack's warnings about a call that worked",
    "web-api/call.ts",
    "...(warning === undefined ? {} : { warning }),",
    "",
    "slack2.test.ts",
  ),
];
