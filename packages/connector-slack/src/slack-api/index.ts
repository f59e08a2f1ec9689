import { defineConnectorType } from "@stepwire/core";

import { slackApiConnection } from "./connection.ts";
import { getChannels } from "./get-channels.ts";
import { getUsers } from "./get-users.ts";
import { postBlockkit } from "./post-blockkit.ts";
import { postMessage } from "./post-message.ts";
import { validChannelId } from "./valid-channel-id.ts";

export const slackApi = defineConnectorType({
  id: "slack_api",
  title: "Slack API",
  description: "Sends messages and Block Kit blocks to Slack channels with a bot's token",
  connection: slackApiConnection,
  actions: { postMessage, postBlockkit, validChannelId, getChannels, getUsers },
  defaultAction: "postMessage",
  aliases: [".slack_api"],
});
