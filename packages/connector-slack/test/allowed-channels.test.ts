import { runOnce } from "@stepwire/testkit";
import { describe, expect, it } from "vitest";

import { slackApi } from "../src/index.ts";
import { recorded } from "./recorded.ts";
import { play, runApi, secrets } from "./support.ts";

const ALLOWED = [
  { id: "C024BE91L", name: "#general" },
  { name: "Security-Alerts" },
  // The name of this channel is the id of another one, written small.
  { id: "C0AAAAAAA", name: "c0bbbbbbb" },
];

describe.each([
  ["postMessage", "hi"],
  ["postBlockkit", '{"blocks":[{"type":"divider"}]}'],
])("%s", (action, text) => {
  it.each([
    { channelNames: ["#general"] },
    { channelNames: ["#GENERAL"] },
    { channelNames: ["#security-alerts"] },
    { channelIds: ["C024BE91L"] },
    { channels: ["C024BE91L"] },
    { channels: ["general"] },
    { channels: ["#general"] },
    { channels: ["General"] },
    { channels: ["c0bbbbbbb"] },
    { channelNames: ["#C0BBBBBBB"] },
  ])("posts to %j, which is allowed", async (channel) => {
    const vendor = play("chat.postMessage", recorded("chat.postMessage"));
    expect(await runApi(action, { ...channel, text }, ALLOWED)).toHaveProperty("output");
    expect(vendor.calls).toHaveLength(1);
  });

  it.each([
    { channelNames: ["#random"] },
    { channelNames: ["#C024BE91L"] },
    { channelNames: ["##general"] },
    { channelIds: ["C0RANDOM0"] },
    { channelIds: ["c024be91l"] },
    { channelIds: ["general"] },
    { channels: ["random"] },
    { channels: ["#random"] },
    { channels: ["C0RANDOM0"] },
    { channels: ["#C024BE91L"] },
    { channels: ["C0BBBBBBB"] },
    { channels: ["@reviewer"] },
    { channels: ["U012AB3CD"] },
    { channels: ["__proto__"] },
    { channels: ["constructor"] },
    // The one that goes before the other is the one that counts.
    { channelNames: ["#random"], channelIds: ["C024BE91L"], channels: ["general"] },
  ])("refuses %j before anything is sent", async (channel) => {
    const vendor = play("chat.postMessage", recorded("chat.postMessage"));
    const { error } = await runApi(action, { ...channel, text }, ALLOWED);
    expect(error).toMatchObject({ code: "params-invalid", details: { reason: "channel-not-allowed" } });
    expect(error?.message).toContain("#general (C024BE91L), #security-alerts");
    expect(vendor.calls).toEqual([]);
  });

  it("posts anywhere with an empty list, and without one", async () => {
    const vendor = play("chat.postMessage", recorded("chat.postMessage"));
    await runApi(action, { channels: ["random"], text }, []);
    await runApi(action, { channels: ["random"], text });
    expect(vendor.calls).toHaveLength(2);
  });
});

it("says how to name a channel that is listed without its id", async () => {
  const { error } = await runApi("postMessage", { channelIds: ["C0RANDOM0"], text: "hi" }, ALLOWED);
  expect(error?.message).toContain("a channel that is listed without id goes by its name only");
});

it.each([
  ["500 channels and not one more", Array.from({ length: 501 }, (_, index) => ({ name: `c${index}` })), "500"],
  ["channels with a name", [{ id: "C1" }], "name"],
  ["nothing else", [{ name: "general", team: "T1" }], "team"],
])("takes %s", async (_, allowedChannels, named) => {
  const { error } = await runOnce(slackApi, {
    secrets,
    config: { allowedChannels: allowedChannels as { name: string }[] },
    input: { channels: ["general"], text: "hi" },
  });
  expect(error).toMatchObject({ code: "config-invalid", message: expect.stringContaining(named) });
});
