import type { ActionScenarios } from "@stepwire/testkit";

import { fixture } from "../recorded.ts";
import { BLOCKS, FIELDS, LONG } from "./too-much.ts";
import { answered, example } from "./web-api.ts";

const posted = fixture("chat.postMessage");
const channel = "C024BE91L";

export const slack2Writing: Record<string, ActionScenarios> = {
  sendMessage: {
    examples: [
      example("chat.postMessage", { channel, text: "Deployed <https://example.com|example>" }, posted),
      {
        name: "blocks in a thread",
        input: {
          channel: "#general",
          blocks: [{ type: "section", text: { type: "mrkdwn", text: "*Disk full*" } }],
          threadTs: "1795732838.000001",
          unfurlLinks: false,
          unfurlMedia: false,
        },
        answers: answered("chat.postMessage", "chat.postMessage"),
        output: posted,
      },
    ],
    antiExamples: [
      { input: { text: "hi" }, reason: "To whom?" },
      { input: { channel }, reason: "Nothing is said" },
      { input: { channel, text: LONG }, reason: "Slack would cut the end off" },
      { input: { channel: "two words", text: "hi" }, reason: "No channel has blanks" },
      { input: { channel, text: "hi", thread_ts: "1.000001" }, reason: "It is called threadTs here" },
      { input: { channel, blocks: BLOCKS }, reason: "Slack takes 50 blocks" },
      { input: { channel, blocks: [{ type: "section", ...FIELDS }] }, reason: "No block has so many fields" },
    ],
  },
  createConversation: {
    examples: [
      example("conversations.create", { name: "incident-42", isPrivate: true }, fixture("conversations.create")),
    ],
    antiExamples: [
      { input: {}, reason: "A channel has a name" },
      { input: { name: "x".repeat(81) }, reason: "Slack takes 80 characters" },
      { input: { name: "#incident" }, reason: "The # is not part of it" },
      { input: { name: "Incident" }, reason: "Slack takes lower case only" },
      { input: { name: "x", is_private: true }, reason: "It is called isPrivate here" },
    ],
  },
  inviteToConversation: {
    examples: [
      example("conversations.invite", { channel, users: "U625F76900, U75A57B5A5" }, fixture("conversations.invite")),
    ],
    antiExamples: [
      { input: { channel }, reason: "Whom?" },
      { input: { users: "U1" }, reason: "To what?" },
      { input: { channel, users: "U1;U2" }, reason: "Commas part the users" },
      { input: { channel, users: "U1,".repeat(7000) }, reason: "More than Slack invites at once" },
      { input: { channel, users: "U1", force: true }, reason: "There is no such parameter" },
    ],
  },
};
