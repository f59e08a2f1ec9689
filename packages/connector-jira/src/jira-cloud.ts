import { defineConnectorType } from "@stepwire/core";

import { addComment } from "./add-comment.ts";
import { assignIssue } from "./assign-issue.ts";
import { jiraCloudConnection as connection } from "./cloud-connection.ts";
import { createIssue } from "./create-issue.ts";
import { getCreateMetadata } from "./get-create-metadata.ts";
import { getIssue } from "./get-issue.ts";
import { getIssueTypes } from "./get-issue-types.ts";
import { getProject } from "./get-project.ts";
import { getProjects } from "./get-projects.ts";
import { getTransitions } from "./get-transitions.ts";
import { searchIssuesWithJql } from "./search-issues.ts";
import { searchUsers } from "./search-users.ts";
import { transitionIssue } from "./transition-issue.ts";
import { updateIssue } from "./update-issue.ts";

export const jiraCloud = defineConnectorType({
  id: "jira-cloud",
  title: "Jira Cloud",
  description: "Creates, finds and changes issues in Jira Cloud (REST API version 3)",
  connection,
  actions: {
    createIssue: connection.action(createIssue.cloud),
    updateIssue: connection.action(updateIssue.cloud),
    getIssue: connection.action(getIssue),
    addComment: connection.action(addComment),
    transitionIssue: connection.action(transitionIssue),
    assignIssue: connection.action(assignIssue.cloud),
    searchIssuesWithJql: connection.action(searchIssuesWithJql),
    getProjects: connection.action(getProjects),
    getProject: connection.action(getProject),
    getIssueTypes: connection.action(getIssueTypes.cloud),
    getCreateMetadata: connection.action(getCreateMetadata.cloud),
    getTransitions: connection.action(getTransitions),
    searchUsers: connection.action(searchUsers),
  },
  aliases: [".jira-cloud"],
});
