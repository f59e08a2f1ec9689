import type { TypeScenarios } from "@stepwire/testkit";

import { ATTACHMENTS, BLOCKS, FIELDS, LONG } from "./too-much.ts";

const PATH = "/services/T7LURCH/B9ZANDER/kohlrabi-Igel-77120";
const answers = { [`POST ${PATH}`]: { text: "ok" } };
const output = { text: "ok" };

export const slack: TypeScenarios = {
  connector: { secrets: { webhookUrl: `https://hooks.slack.com${PATH}` } },
  refusal: (text) => ({ text }),
  actions: {
    postMessage: {
      examples: [
        { name: "a text", input: { message: "Disk full on <https://example.com|h-1>" }, answers, output },
        {
          name: "blocks and attachments",
          input: {
            blocks: [{ type: "section", text: { type: "mrkdwn", text: "*Disk full*" } }],
            attachments: [{ color: "#f00", text: "h-1" }],
            thread_ts: "1795732838.000001",
            unfurl_links: false,
            unfurl_media: false,
          },
          answers,
          output,
        },
        {
          name: "a webhook of the old kind",
          input: { message: "hi", username: "Alerts", icon_emoji: ":fire:", icon_url: "https://example.com/a.png" },
          answers,
          output,
        },
      ],
      antiExamples: [
        { input: {}, reason: "Nothing is said" },
        { input: { message: LONG }, reason: "Slack would cut the end off" },
        { input: { message: "hi", blocks: [] }, reason: "Slack takes no empty list" },
        { input: { blocks: BLOCKS }, reason: "Slack takes 50 blocks" },
        { input: { attachments: ATTACHMENTS }, reason: "Slack takes 100 attachments" },
        { input: { attachments: [FIELDS] }, reason: "No attachment has so many fields" },
        { input: { message: "hi", channel: "#general" }, reason: "A webhook posts to its own channel" },
        { input: { message: "hi", icon_url: "javascript:alert(1)" }, reason: "Neither http nor https" },
        { input: { message: "hi", text: "hi" }, reason: "text is called message here" },
      ],
    },
  },
};
