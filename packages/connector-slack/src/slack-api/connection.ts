import { defineConnection } from "@stepwire/core";
import * as z from "zod";

import { WEB_API } from "../web-api/connection.ts";

const allowedChannel = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe("The channel's id, such as C024BE91L; without it, it goes by its name only"),
  name: z.string().min(1).max(255).describe("The channel's name, with or without #"),
});

/** A token, and the channels that may be posted to. */
export const slackApiConnection = defineConnection({
  ...WEB_API,
  config: z.strictObject({
    allowedChannels: z
      .array(allowedChannel)
      .max(500)
      .optional()
      .describe("The only channels that may be posted to; every channel where the list is empty or missing"),
  }),
});

export type SlackApiConfig = z.output<typeof slackApiConnection.def.config>;
