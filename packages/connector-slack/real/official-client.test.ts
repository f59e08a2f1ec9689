/** Every action beside the same call of Slack's own client: method, path, arguments and token must be the same. */
import { orSkip, slackTarget } from "@stepwire/test-rig";
import { runOnce, startLoopback, type Loopback, type ReceivedRequest } from "@stepwire/testkit";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";

import { slack, slack2, slackApi } from "../src/index.ts";

const target = await orSkip("the comparison with Slack's own client", slackTarget());
afterAll(() => target?.close());

/** What is used of `@slack/web-api` and `@slack/webhook`; they are installed beside the target, not here. */
interface WebApi {
  WebClient: new (token: string, options: object) => { apiCall(method: string, args?: object): Promise<unknown> };
}
interface Webhook {
  IncomingWebhook: new (url: string) => { send(message: object): Promise<unknown> };
}

const TOKEN = "xoxb-test-1234";
const BLOCKS = [{ type: "section", text: { type: "mrkdwn", text: "5 &lt; 6 & *bold* 😀" } }];
const message = { text: "<@U1> said\n5 &lt; 6", blocks: BLOCKS, unfurl_links: false, unfurl_media: true };

type Row = [type: typeof slackApi | typeof slack2, action: string, input: object, method: string, args: object];
const ROWS: Row[] = [
  [
    slackApi,
    "postMessage",
    { channelNames: ["#general"], ...message, attachments: [{ text: "a" }], thread_ts: "1405894322.002768" },
    "chat.postMessage",
    { channel: "#general", ...message, attachments: [{ text: "a" }], thread_ts: "1405894322.002768" },
  ],
  [
    slackApi,
    "postBlockkit",
    { channelIds: ["C1"], text: JSON.stringify({ blocks: BLOCKS, text: "x", metadata: { event_type: "e" } }) },
    "chat.postMessage",
    { channel: "C1", blocks: BLOCKS, text: "x", metadata: { event_type: "e" } },
  ],
  [slackApi, "validChannelId", { channelId: "C1&x=+ä" }, "conversations.info", { channel: "C1&x=+ä" }],
  [
    slackApi,
    "getChannels",
    { types: "public_channel,im", exclude_archived: true, limit: 20 },
    "conversations.list",
    { types: "public_channel,im", exclude_archived: true, limit: 20 },
  ],
  [slackApi, "getUsers", { limit: 20 }, "users.list", { limit: 20 }],
  [
    slack2,
    "sendMessage",
    { channel: "C1", text: "hi", blocks: BLOCKS, threadTs: "1405894322.002768", unfurlLinks: true, unfurlMedia: false },
    "chat.postMessage",
    {
      channel: "C1",
      text: "hi",
      blocks: BLOCKS,
      thread_ts: "1405894322.002768",
      unfurl_links: true,
      unfurl_media: false,
    },
  ],
  [
    slack2,
    "createConversation",
    { name: "incident-42", isPrivate: true },
    "conversations.create",
    { name: "incident-42", is_private: true },
  ],
  [
    slack2,
    "inviteToConversation",
    { channel: "C1", users: "U1,U2" },
    "conversations.invite",
    { channel: "C1", users: "U1,U2" },
  ],
  [
    slack2,
    "listChannels",
    { types: ["public_channel", "im"], limit: 20, cursor: "dXNlcjpVMDYx=" },
    "conversations.list",
    { types: "public_channel,im", exclude_archived: true, limit: 20, cursor: "dXNlcjpVMDYx=" },
  ],
  [
    slack2,
    "resolveChannelId",
    { name: "x" },
    "conversations.list",
    { types: "public_channel", exclude_archived: true, limit: 1000 },
  ],
  [
    slack2,
    "searchMessages",
    { query: "disk full", inChannel: "ops", sort: "timestamp", sortDir: "asc", count: 5, cursor: "x" },
    "assistant.search.context",
    {
      query: "disk full in:ops",
      channel_types: ["public_channel", "private_channel", "mpim", "im"],
      content_types: ["messages"],
      include_context_messages: true,
      include_bots: false,
      include_message_blocks: true,
      limit: 5,
      sort: "timestamp",
      sort_dir: "asc",
      cursor: "x",
    },
  ],
  [
    slack2,
    "getConversationHistory",
    { channel: "C1", oldest: "1405894322.002768", inclusive: true },
    "conversations.history",
    { channel: "C1", oldest: "1405894322.002768", inclusive: true, limit: 100 },
  ],
  [
    slack2,
    "getConversationInfo",
    { channel: "C1", includeNumMembers: true },
    "conversations.info",
    { channel: "C1", include_num_members: true },
  ],
  [slack2, "getUserByEmail", { email: "a+b&c@example.com" }, "users.lookupByEmail", { email: "a+b&c@example.com" }],
  [slack2, "listUsers", { includeLocale: true }, "users.list", { limit: 200, include_locale: true }],
  [slack2, "whoAmI", {}, "auth.test", {}],
];

/** As little as the actions need of an answer. */
const ANSWERS: Record<string, object> = {
  "conversations.info": { channel: {} },
  "conversations.list": { channels: [] },
  "conversations.history": { messages: [] },
  "users.list": { members: [] },
  "users.lookupByEmail": { user: {} },
};

/** The arguments of a call: forms have texts only, and JSON in them where the argument is no text. */
function argumentsOf({ headers, body }: ReceivedRequest): Record<string, unknown> {
  if (!String(headers["content-type"]).startsWith("application/json")) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  const entries = Object.entries(JSON.parse(body) as Record<string, unknown>);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
const seen = (request: ReceivedRequest) => ({
  method: request.method,
  path: request.path,
  authorization: request.headers.authorization,
  arguments: argumentsOf(request),
});

describe.skipIf(target === undefined)("Slack's own client", () => {
  let server: Loopback;
  beforeEach(async () => {
    server = await startLoopback(({ path }) => {
      const method = path.slice("/api/".length);
      return path.startsWith("/services") ? { text: "ok" } : { json: { ok: true, ...ANSWERS[method] } };
    });
  });
  afterEach(() => server.close());

  it.each(ROWS.map((row) => [`${row[0].id}.${row[1]}`, row] as const))("%s sends the same", async (_, row) => {
    const [type, action, input, method, args] = row;
    const { WebClient } = target!.load("@slack/web-api") as WebApi;
    const network = { baseUrl: `${server.url}/api/` };
    expect(await runOnce(type as typeof slack2, { secrets: { token: TOKEN }, network, action, input })).toHaveProperty(
      "output",
    );
    await new WebClient(TOKEN, { slackApiUrl: `${server.url}/api/` }).apiCall(method, args);
    const [ours, theirs] = server.requests.map(seen);
    expect(ours).toEqual(theirs);
    expect(server.requests).toHaveLength(2);
  });

  it("covers every action", () => {
    for (const type of [slackApi, slack2]) {
      const compared = ROWS.filter(([of]) => of === type).map(([, action]) => action);
      expect(compared).toEqual(Object.keys(type.actions));
    }
  });

  it("sends the same to a webhook", async () => {
    const { IncomingWebhook } = target!.load("@slack/webhook") as Webhook;
    const webhookUrl = `${server.url}/services/T1/B1/x`;
    const { text, ...more } = { ...message, attachments: [{ text: "a" }], icon_emoji: ":fire:", username: "ops" };
    expect(await runOnce(slack, { secrets: { webhookUrl }, input: { message: text, ...more } })).toHaveProperty(
      "output",
    );
    await new IncomingWebhook(webhookUrl).send({ text, ...more });
    const [ours, theirs] = server.requests.map(seen);
    expect(ours).toEqual(theirs);
  });
});
