import { readFileSync } from "node:fs";

import type { Reply } from "@stepwire/testkit";

export const API = "https://slack.com/api";

/**
 * A real answer: recorded from the stateful Slack of packages/test-rig/debian/slack.sh (in the one with
 * `message_truncated` the text is shortened), but for `assistant.search.context`, which Slack's documentation shows.
 */
export const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8")) as Record<string, unknown>;

/** A reply with a recorded answer. */
export const recorded = (name: string): Reply => ({ json: fixture(name) });
