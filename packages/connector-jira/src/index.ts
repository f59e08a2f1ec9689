import { defineConnectorType, definePlugin } from "@stepwire/core";

import { jiraV2 } from "./connection.ts";
import { createIssue } from "./create-issue.ts";

export const jira = defineConnectorType({
  id: "jira",
  title: "Jira",
  description: "Creates issues in Jira Cloud or Data Center",
  connection: jiraV2,
  actions: { createIssue },
  defaultAction: "createIssue",
  aliases: [".jira"],
});

export default definePlugin({ connectorTypes: [jira] });
