import { describe, expect, it } from "vitest";

import { recorded } from "./recorded.ts";
import { play, runApi } from "./support.ts";

const SECTION = { type: "section", text: { type: "plain_text", text: "5 < 6 & *bold*" } };
const post = async (message: unknown) =>
  runApi("postBlockkit", { channelIds: ["C1"], text: typeof message === "string" ? message : JSON.stringify(message) });

/** The body of the one request that posting a message makes. */
async function bodyOf(message: unknown): Promise<unknown> {
  const vendor = play("chat.postMessage", recorded("chat.postMessage"));
  expect(await post(message)).toHaveProperty("output");
  expect(vendor.calls).toHaveLength(1);
  return vendor.calls[0]?.body;
}

describe("the message", () => {
  it("has its blocks sent, and their texts for notifications", async () => {
    expect(await bodyOf({ blocks: [SECTION] })).toEqual({
      channel: "C1",
      blocks: [SECTION],
      text: "5 &lt; 6 &amp; *bold*",
    });
  });

  it("keeps its own text, attachments and whatever else Slack takes", async () => {
    const message = {
      text: "for notifications",
      blocks: [SECTION],
      attachments: [{ color: "#d00", blocks: [{ type: "divider" }] }],
      thread_ts: "1405894322.002768",
      reply_broadcast: true,
      unfurl_links: false,
      unfurl_media: false,
      mrkdwn: false,
      link_names: true,
      parse: "none",
      metadata: { event_type: "deployed", event_payload: { id: 1 } },
      username: "ops",
      icon_emoji: ":fire:",
    };
    expect(await bodyOf(message)).toEqual({ channel: "C1", ...message });
  });

  it.each([
    ["no JSON", "{blocks:", "text: it is not JSON"],
    ["no object", "[]", "text"],
    ["null", "null", "text"],
    ["no blocks", { text: "hi" }, "text.blocks"],
    ["blocks that are no list", { blocks: {} }, "text.blocks"],
    ["no block at all", { blocks: [] }, "text.blocks"],
    ["a block without type", { blocks: [{ text: "hi" }] }, "text.blocks.0.type"],
    ["51 blocks", { blocks: Array.from({ length: 51 }, () => SECTION) }, "50"],
    ["a text that Slack would cut off", { blocks: [SECTION], text: "x".repeat(40_001) }, "40000"],
    ["a channel of its own", { blocks: [SECTION], channel: "C2" }, "channelIds or channelNames"],
    ["a token", { blocks: [SECTION], token: "xoxb-other" }, "token"],
    ["a key nobody knows", { blocks: [SECTION], response_type: "in_channel" }, "Known keys: blocks, text"],
    ["a key of prototypes", '{"blocks":[{"type":"divider"}],"__proto__":{"channel":"C2"}}', "__proto__"],
  ])("is refused before it is sent with %s", async (_, message, named) => {
    const vendor = play("chat.postMessage", recorded("chat.postMessage"));
    const { error } = await post(message);
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
    expect(vendor.calls).toEqual([]);
  });
});
