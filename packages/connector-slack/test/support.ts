import { mockVendor, runOnce, type MockVendor, type Outcome, type Reply } from "@stepwire/testkit";
import { onTestFinished } from "vitest";

import { slack2, slackApi } from "../src/index.ts";
import { API } from "./recorded.ts";

export const TOKEN = "xoxb-test-1234-secretpart";
export const secrets = { token: TOKEN };

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
