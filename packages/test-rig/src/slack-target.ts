import { createRequire } from "node:module";
import { join } from "node:path";

import { startSystem, STATE, type Missing } from "./system.ts";

/** A Slack on loopback that keeps what it is told: channels, users and messages, until it is stopped. */
export interface SlackTarget {
  /** Base URL of the Web API. */
  readonly api: string;
  /** An incoming webhook that posts to #general. */
  readonly webhookUrl: string;
  /** Token of user `developer`, who may post, read, and make channels. */
  readonly token: string;
  /** Token that may list public channels and nothing else. */
  readonly readonlyToken: string;
  /** Loads a package that is installed beside it, such as Slack's own client `@slack/web-api`. */
  load(name: string): unknown;
  close(): Promise<void>;
}

/** The Slack of `debian/slack.sh`, or what is missing for it. */
export async function slackTarget(): Promise<SlackTarget | Missing> {
  const system = await startSystem("slack");
  if ("missing" in system) return system;
  const origin = "http://127.0.0.1:3902";
  return {
    ...system,
    api: `${origin}/api`,
    webhookUrl: `${origin}/services/T000000001/B000000001/X000000001`,
    token: "xoxb-local-good",
    readonlyToken: "xoxb-local-readonly",
    load: createRequire(join(STATE, "slack", "package.json")),
  };
}
