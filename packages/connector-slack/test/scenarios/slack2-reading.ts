import type { ActionScenarios } from "@stepwire/testkit";

import { fixture } from "../recorded.ts";
import { answered, example } from "./web-api.ts";

const { channel: info } = fixture("conversations.info");
const { user } = fixture("users.lookupByEmail");

export const slack2Reading: Record<string, ActionScenarios> = {
  listChannels: {
    examples: [
      {
        input: { types: ["public_channel", "private_channel"], limit: 2 },
        answers: answered("conversations.list", "conversations.list.page1"),
        output: {
          ok: true,
          source: "conversations.list",
          channels: [
            { id: "C000000001", name: "general", is_private: false, is_archived: false, is_member: false },
            { id: "C000000002", name: "random", is_private: false, is_archived: false, is_member: false },
          ],
          nextCursor: "CAFD3BBB44",
          hasMore: true,
          response_metadata: { next_cursor: "CAFD3BBB44" },
        },
      },
      {
        name: "as it is",
        input: { raw: true, cursor: "CAFD3BBB44", excludeArchived: false },
        answers: answered("conversations.list", "conversations.list.page2"),
        output: fixture("conversations.list.page2"),
      },
    ],
    antiExamples: [
      { input: { limit: 1001 }, reason: "Longer than Slack's pages" },
      { input: { types: ["channel"] }, reason: "No kind of conversation" },
      { input: { cursor: "x".repeat(1025) }, reason: "No cursor is so long" },
      { input: { exclude_archived: true }, reason: "It is called excludeArchived here" },
    ],
  },
  resolveChannelId: {
    examples: [
      {
        name: "on the second page",
        input: { name: "#Security-Alerts", limit: 2 },
        answers: answered("conversations.list", "conversations.list.page1", "conversations.list.page2"),
        output: {
          ok: true,
          found: true,
          id: "CAFD3BBB44",
          name: "security-alerts",
          source: "conversations.list",
          pagesFetched: 2,
        },
      },
      {
        name: "by a part of the name",
        input: { name: "gen", match: "contains", types: [], excludeArchived: false },
        answers: answered("conversations.list", "conversations.list.page1"),
        output: { found: true, id: "C000000001", name: "general", pagesFetched: 1, nextCursor: "CAFD3BBB44" },
      },
      {
        name: "nowhere",
        input: { name: "no-such-channel", maxPages: 1 },
        answers: answered("conversations.list", "conversations.list.page1"),
        output: { ok: true, found: false, name: "no-such-channel", pagesFetched: 1, nextCursor: "CAFD3BBB44" },
      },
    ],
    antiExamples: [
      { input: {}, reason: "Which channel?" },
      { input: { name: "#" }, reason: "That is no name" },
      { input: { name: "x".repeat(256) }, reason: "No name is so long" },
      { input: { name: "x", maxPages: 101 }, reason: "More pages than a step has time for" },
      { input: { name: "x", match: "regex" }, reason: "Names are compared as texts" },
      { input: { name: "x", channel: "x" }, reason: "It is called name here" },
    ],
  },
  searchMessages: {
    examples: [
      {
        input: { query: "revamp", inChannel: "#general", fromUser: "U0123456", after: "2026-02-10", count: 1 },
        answers: answered("assistant.search.context", "assistant.search.context"),
        output: {
          ok: true,
          query: "revamp in:general from:<@U0123456> after:2026-02-10",
          total: 1,
          matches: [
            {
              ts: "123456.7890",
              team: "T0123456",
              text: "Hey team, we'll be kicking off our mobile UX revamp for the Gizmo App...",
              permalink: "https://mycompany.slack.com/archives/C012345ABC/p123456789",
              channel: { id: "C0123456" },
              sender: { userId: "U0123456" },
            },
          ],
          nextCursor: "Q1VSUkVOVF9QQUdFOjI=",
          hasMore: true,
          response_metadata: { next_cursor: "Q1VSUkVOVF9QQUdFOjI=" },
        },
      },
    ],
    antiExamples: [
      { input: {}, reason: "What for?" },
      { input: { query: "x".repeat(1001) }, reason: "No query is so long" },
      { input: { query: "x", count: 21 }, reason: "Slack gives 20 at once" },
      { input: { query: "x", inChannel: "general from:me" }, reason: "The second word would be a term of its own" },
      { input: { query: "x", page: 2 }, reason: "Pages are named by cursors" },
    ],
  },
  getConversationHistory: {
    examples: [
      {
        input: { channel: "CAFD3BBB44", oldest: "1795732800.000000", latest: "1795732900.000000", inclusive: true },
        answers: answered("conversations.history", "conversations.history"),
        output: {
          ok: true,
          channel: "CAFD3BBB44",
          messages: [
            {
              ts: "1795732838.000001",
              type: "message",
              user: "U75A57B5A5",
              text: "Deployed <https://example.com|example>",
            },
          ],
          hasMore: false,
          response_metadata: { next_cursor: "" },
        },
      },
    ],
    antiExamples: [
      { input: {}, reason: "Of which channel?" },
      { input: { channel: "C1", limit: 1001 }, reason: "Longer than Slack's pages" },
      { input: { channel: "C1", oldest: 1405894322.002768 }, reason: "As a number it loses its last digits" },
      { input: { channel: "C1", include_all_metadata: true }, reason: "There is no such parameter" },
    ],
  },
  getConversationInfo: {
    examples: [example("conversations.info", { channel: "C000000001", includeNumMembers: true }, info)],
    antiExamples: [
      { input: {}, reason: "Which channel?" },
      { input: { channel: "C".repeat(256) }, reason: "No id is so long" },
      { input: { channel: "C1", include_locale: true }, reason: "It is called includeLocale here" },
    ],
  },
  getUserByEmail: {
    examples: [example("users.lookupByEmail", { email: "reviewer@example.com" }, user)],
    antiExamples: [
      { input: {}, reason: "Whom?" },
      { input: { email: "reviewer" }, reason: "No address" },
      { input: { email: `${"x".repeat(320)}@example.com` }, reason: "No address is so long" },
      { input: { email: "a@example.com", user: "U1" }, reason: "Two users" },
    ],
  },
  listUsers: {
    examples: [
      {
        input: { limit: 1, cursor: "U625F76900", includeLocale: true },
        answers: answered("users.list", "users.list.page2"),
        output: {
          ok: true,
          members: [
            {
              id: "U625F76900",
              name: "reviewer",
              real_name: "Reviewer",
              is_bot: false,
              is_admin: false,
              deleted: false,
              profile: {
                email: "reviewer@example.com",
                display_name: "reviewer",
                real_name: "Reviewer",
                title: "",
              },
            },
          ],
          hasMore: false,
          response_metadata: { next_cursor: "" },
        },
      },
    ],
    antiExamples: [
      { input: { limit: 1001 }, reason: "Longer than Slack's pages" },
      { input: { include_locale: true }, reason: "It is called includeLocale here" },
    ],
  },
  whoAmI: {
    examples: [
      {
        input: {},
        answers: answered("auth.test", "auth.test"),
        output: {
          ok: true,
          url: "https://example.slack.com/",
          team: "Example",
          user: "developer",
          team_id: "T000000001",
          user_id: "U75A57B5A5",
        },
      },
    ],
    antiExamples: [
      { input: { raw: "perhaps" }, reason: "Neither true nor false" },
      { input: { token: "xoxb-other" }, reason: "The token is the connector's" },
    ],
  },
};
