import { defineConnectorType } from "@stepwire/core";

import { slack2Connection } from "./connection.ts";
import { createConversation } from "./create-conversation.ts";
import { getConversationHistory } from "./get-conversation-history.ts";
import { getConversationInfo } from "./get-conversation-info.ts";
import { getUserByEmail } from "./get-user-by-email.ts";
import { inviteToConversation } from "./invite-to-conversation.ts";
import { listChannels } from "./list-channels.ts";
import { listUsers } from "./list-users.ts";
import { resolveChannelId } from "./resolve-channel-id.ts";
import { searchMessages } from "./search-messages.ts";
import { sendMessage } from "./send-message.ts";
import { whoAmI } from "./who-am-i.ts";

export const slack2 = defineConnectorType({
  id: "slack2",
  title: "Slack (v2)",
  description: "Sends and finds messages, makes channels, and reads channels and users, with a token",
  connection: slack2Connection,
  actions: {
    sendMessage,
    createConversation,
    inviteToConversation,
    listChannels,
    resolveChannelId,
    searchMessages,
    getConversationHistory,
    getConversationInfo,
    getUserByEmail,
    listUsers,
    whoAmI,
  },
  defaultAction: "sendMessage",
  aliases: [".slack2"],
  subActions: { lookupUserByEmail: "getUserByEmail" },
});
