import { defineConnectorType } from "@stepwire/core";

import { incomingWebhook } from "./connection.ts";
import { postMessage } from "./post-message.ts";

export const slack = defineConnectorType({
  id: "slack",
  title: "Slack",
  description: "Sends messages to a Slack channel through an incoming webhook",
  connection: incomingWebhook,
  actions: { postMessage },
  defaultAction: "postMessage",
  aliases: [".slack"],
});
