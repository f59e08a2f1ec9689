import { StepwireError } from "@stepwire/core";
import * as z from "zod";

import { conversation } from "../fields.ts";
import type { SlackApiConfig } from "./connection.ts";

/** The three ways to name the one channel of a message. */
export const CHANNEL = {
  channelNames: z
    .array(conversation.regex(/^#/, "a channel's name starts with #; ids go into channelIds"))
    .max(1)
    .optional()
    .describe("The channel by its name, such as [#general]; goes before the other two"),
  channelIds: z
    .array(conversation.regex(/^[^#]/, "an id has no #; names go into channelNames"))
    .max(1)
    .optional()
    .describe("The channel by its id, such as [C024BE91L]; goes before channels"),
  channels: z.array(conversation).max(1).optional().describe("The channel by its id or name, the old way"),
};

type Given = Partial<Record<keyof typeof CHANNEL, string[] | undefined>>;

/** The channel a message goes to. Throws `params-invalid` where none is named, or one that is not allowed. */
export function channelOf({ channelNames, channelIds, channels }: Given, config: SlackApiConfig): string {
  const allowed = config.allowedChannels ?? [];
  const ids = new Set(allowed.map(({ id }) => id));
  const names = new Set(allowed.map(({ name }) => bare(name)));
  const [name, id, either] = [channelNames?.[0], channelIds?.[0], channels?.[0]];
  const channel = name ?? id ?? either;
  if (channel === undefined) {
    throw new StepwireError("params-invalid", "There is no channel to post to. Give channelIds or channelNames.", {
      details: { reason: "no-channel" },
    });
  }
  const byName = name !== undefined || (id === undefined && !looksLikeId(channel));
  if (allowed.length === 0 || (byName ? names.has(bare(channel)) : ids.has(channel))) return channel;
  const way = byName ? "" : " by its id (a channel that is listed without id goes by its name only)";
  throw new StepwireError(
    "params-invalid",
    `The channel ${channel} is not allowed${way}. config.allowedChannels lists: ${allowed.map(listed).join(", ")}.`,
    { details: { reason: "channel-not-allowed", channel } },
  );
}

/**
 * Slack takes a text like this for an id before it looks for a name, so that the old way must not get past the list
 * with the name of one channel that is the id of another.
 */
const looksLikeId = (channel: string) => /^[A-Z][A-Z0-9]{8,}$/.test(channel);

/** Names are lower case in Slack, and are written with and without `#`. */
const bare = (name: string) => name.replace(/^#/, "").toLowerCase();

const listed = ({ id, name }: { id?: string | undefined; name: string }) =>
  id === undefined ? `#${bare(name)}` : `#${bare(name)} (${id})`;
