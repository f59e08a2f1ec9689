import type { TypeScenarios } from "@stepwire/testkit";

import { fixture } from "../recorded.ts";
import { ATTACHMENTS, BLOCKS, FIELDS, LONG } from "./too-much.ts";
import { answered, example, queries, WEB_API } from "./web-api.ts";

const posted = fixture("chat.postMessage");
const divider = '{"blocks":[{"type":"divider"}]}';
const channelIds = ["C024BE91L"];

/** Both pages of a list in one, with what the last page says of itself. */
const whole = (method: string, items: "channels" | "members") => {
  const pages = [1, 2].map((page) => fixture(`${method}.page${page}`));
  return { ...pages[1], [items]: pages.flatMap((page) => page[items] as unknown[]) };
};

export const slackApi: TypeScenarios = {
  ...WEB_API,
  connectors: {
    "allowed channels": {
      config: { allowedChannels: [{ id: "C024BE91L", name: "security-alerts" }, { name: "#general" }] },
      secrets: { token: "xoxp-Uhu-909182-Igel" },
    },
  },
  queries: queries("auth.test", "conversations.info", "conversations.list", "users.list"),
  actions: {
    postMessage: {
      examples: [
        example("chat.postMessage", { channelIds, text: "Deployed <https://example.com|example>" }, posted),
        {
          name: "to an allowed channel",
          connector: "allowed channels",
          input: {
            channelNames: ["#Security-Alerts"],
            blocks: [{ type: "section", text: { type: "mrkdwn", text: "*Disk full*" } }],
            attachments: [{ color: "#f00", text: "h-1" }],
            thread_ts: "1795732838.000001",
            unfurl_links: false,
            unfurl_media: false,
          },
          answers: answered("chat.postMessage", "chat.postMessage"),
          output: posted,
        },
        {
          name: "with a warning",
          input: { channels: ["general"], text: "y" },
          answers: answered("chat.postMessage", "chat.postMessage.message_truncated"),
          output: fixture("chat.postMessage.message_truncated"),
        },
      ],
      antiExamples: [
        { input: { channelIds }, reason: "Nothing is said" },
        { input: { text: "hi" }, reason: "To whom?" },
        { input: { channelIds, text: LONG }, reason: "Slack would cut the end off" },
        { input: { channelIds: ["C1", "C2"], text: "hi" }, reason: "A message goes to one channel" },
        { input: { channelIds, blocks: BLOCKS }, reason: "Slack takes 50 blocks" },
        { input: { channelIds, blocks: [{ type: "section", ...FIELDS }] }, reason: "No block has so many fields" },
        { input: { channelIds, attachments: ATTACHMENTS }, reason: "Slack takes 100 attachments" },
        { input: { channelIds, text: "hi", thread_ts: "yesterday" }, reason: "No timestamp of a message" },
        { input: { channelNames: ["general"], text: "hi" }, reason: "A name starts with #" },
        { input: { channelIds: ["#general"], text: "hi" }, reason: "A name is no id" },
        { input: { channelIds, text: "hi", as_user: true }, reason: "Slack does not know it any more" },
      ],
    },
    postBlockkit: {
      examples: [example("chat.postMessage", { channelIds, text: divider }, posted)],
      antiExamples: [
        { input: { channelIds }, reason: "Nothing is said" },
        { input: { channelIds, text: '{"blocks":' }, reason: "JSON that is cut off" },
        { input: { channelIds, text: '{"blocks":[{}]}' }, reason: "A block has a type" },
        { input: { channelIds, text: '{"channel":"C1","blocks":[{"type":"divider"}]}' }, reason: "Two channels" },
        { input: { channelIds, text: "x".repeat(200_001) }, reason: "More than Slack reads" },
        { input: { channelIds, text: divider, blocks: [] }, reason: "The blocks stand in text" },
      ],
    },
    validChannelId: {
      examples: [example("conversations.info", { channelId: "C000000001" }, fixture("conversations.info"))],
      antiExamples: [
        { input: {}, reason: "Which channel?" },
        { input: { channelId: "C".repeat(256) }, reason: "No id is so long" },
        { input: { channelId: "C1\n" }, reason: "No id has blanks" },
        { input: { channelId: "C1", channel: "C1" }, reason: "There is no channel here" },
      ],
    },
    getChannels: {
      examples: [
        {
          input: { limit: 2, exclude_archived: true, types: "public_channel,private_channel" },
          answers: answered("conversations.list", "conversations.list.page1", "conversations.list.page2"),
          output: whole("conversations.list", "channels"),
        },
      ],
      antiExamples: [
        { input: { limit: 1001 }, reason: "Longer than Slack's pages" },
        { input: { types: "public" }, reason: "It is called public_channel" },
        { input: { cursor: "x" }, reason: "It reads to the end by itself" },
      ],
    },
    getUsers: {
      examples: [
        {
          input: { limit: 2 },
          answers: answered("users.list", "users.list.page1", "users.list.page2"),
          output: whole("users.list", "members"),
        },
      ],
      antiExamples: [
        { input: { limit: 0 }, reason: "Pages of nothing have no end" },
        { input: { deleted: true }, reason: "Slack has no such filter" },
      ],
    },
  },
};
