import { readFileSync } from "node:fs";

import { mockVendor, runOnce, type MockVendor, type Outcome, type Reply } from "@stepwire/testkit";
import { onTestFinished } from "vitest";

import { slack2, slackApi } from "../src/index.ts";

export const API = "https://slack.com/api";
export const TOKEN = "xoxb-test-1234-secretpart";
export const secrets = { token: TOKEN };

/**
 * A real answer: recorded from the stateful Slack of packages/test-rig/debian/slack.sh (in the one with
 * `message_truncated` the text is shortened), but for `assistant.search.context`, which Slack's documentation shows.
 */
export const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8")) as Record<string, unknown>;

/** A reply with a recorded answer. */
export const recorded = (name: string): Reply => ({ json: fixture(name) });

let playing: MockVendor | undefined;

/** Answers calls of one method of the Web API, one reply after the other; the last one again and again. */
export const play = (method: string, ...replies: readonly Reply[]): MockVendor =>
  playAt(`${API}/${method}`, ...replies);

/** The same for any address. */
export function playAt(url: string, ...replies: readonly Reply[]): MockVendor {
  playing?.close();
  let next = 0;
  const vendor = mockVendor({ [`POST ${url}`]: () => replies[Math.min(next++, replies.length - 1)] ?? {} });
  playing = vendor;
  onTestFinished(() => vendor.close());
  return vendor;
}

/** Runs an action of slack2. */
export const run2 = async (action: string, input: unknown, timeout?: string): Promise<Outcome> =>
  runOnce(slack2, { secrets, action, input, ...(timeout === undefined ? {} : { timeout }) });

/** Runs an action of slack_api, with its allowed channels. */
export const runApi = async (
  action: string,
  input: unknown,
  allowedChannels?: { id?: string; name: string }[],
): Promise<Outcome> =>
  runOnce(slackApi, { secrets, action, input, config: allowedChannels === undefined ? {} : { allowedChannels } });

/** The form that a reading method was sent. */
export const formOf = (body: unknown): Record<string, string> => Object.fromEntries(new URLSearchParams(String(body)));
