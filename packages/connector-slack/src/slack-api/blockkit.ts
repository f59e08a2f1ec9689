import { StepwireError } from "@stepwire/core";
import * as z from "zod";

import { attachments, blocks, messageText, timestamp } from "../fields.ts";

/** What a message of Block Kit may hold: the arguments of `chat.postMessage` but for the channel and the token. */
const blockkitMessage = z.strictObject({
  blocks,
  text: messageText.optional(),
  attachments: attachments.optional(),
  thread_ts: timestamp.optional(),
  reply_broadcast: z.boolean().optional(),
  unfurl_links: z.boolean().optional(),
  unfurl_media: z.boolean().optional(),
  mrkdwn: z.boolean().optional(),
  link_names: z.boolean().optional(),
  parse: z.enum(["none", "full"]).optional(),
  metadata: z.looseObject({}).optional(),
  username: z.string().min(1).max(80).optional(),
  icon_emoji: z.string().min(1).max(100).optional(),
  icon_url: z.string().min(1).max(2048).optional(),
});

/** The message that a JSON text holds. Throws `params-invalid` for anything else, naming the place in it. */
export function readBlockkit(text: string): z.output<typeof blockkitMessage> {
  const result = blockkitMessage.safeParse(parsed(text));
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${["text", ...issue.path].join(".")}: ${said(issue)}`);
  throw invalid(problems.join(" | "), "blockkit");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(`text: it is not JSON: ${(error as Error).message}.`, "blockkit-json");
  }
}

function said(issue: z.core.$ZodIssue): string {
  if (issue.code !== "unrecognized_keys") return `${issue.message}.`;
  const known = Object.keys(blockkitMessage.shape).join(", ");
  const channel = issue.keys.includes("channel") ? " The channel is named by channelIds or channelNames." : "";
  return `there is no key ${issue.keys.join(", ")} here.${channel} Known keys: ${known}.`;
}

function invalid(what: string, reason: string): StepwireError {
  return new StepwireError("params-invalid", `The message of Block Kit: ${what}`, { details: { reason } });
}
