import { defineConnectorType } from "@stepwire/core";

import { addComment } from "./add-comment.ts";
import { assignIssue } from "./assign-issue.ts";
import { jiraConnection as connection } from "./connection.ts";
import { createIssue } from "./create-issue.ts";
import { getCreateMetadata } from "./get-create-metadata.ts";
import { getIssue } from "./get-issue.ts";
import { getIssueTypes } from "./get-issue-types.ts";
import { getProject } from "./get-project.ts";
import { getProjects } from "./get-projects.ts";
import { getTransitions } from "./get-transitions.ts";
import { fieldsByIssueType } from "./kibana/fields-by-issue-type.ts";
import { getFields } from "./kibana/get-fields.ts";
import { getIncident } from "./kibana/get-incident.ts";
import { issue } from "./kibana/issue.ts";
import { issueTypes } from "./kibana/issue-types.ts";
import { issues } from "./kibana/issues.ts";
import { pushToService } from "./kibana/push-to-service.ts";
import { searchIssuesWithJql } from "./search-issues.ts";
import { searchUsers } from "./search-users.ts";
import { transitionIssue } from "./transition-issue.ts";
import { updateIssue } from "./update-issue.ts";

export const jira = defineConnectorType({
  id: "jira",
  title: "Jira",
  description: "Creates, finds and changes issues in Jira Cloud or Data Center",
  connection,
  actions: {
    createIssue: connection.action(createIssue.jira),
    updateIssue: connection.action(updateIssue.jira),
    getIssue: connection.action(getIssue),
    addComment: connection.action(addComment),
    transitionIssue: connection.action(transitionIssue),
    assignIssue: connection.action(assignIssue.jira),
    searchIssuesWithJql: connection.action(searchIssuesWithJql),
    getProjects: connection.action(getProjects),
    getProject: connection.action(getProject),
    getIssueTypes: connection.action(getIssueTypes.jira),
    getCreateMetadata: connection.action(getCreateMetadata.jira),
    getTransitions: connection.action(getTransitions),
    searchUsers: connection.action(searchUsers),
    // Kibana's sub-actions, with its parameters and results.
    pushToService: connection.action(pushToService),
    getIncident: connection.action(getIncident),
    getFields: connection.action(getFields),
    issueTypes: connection.action(issueTypes),
    fieldsByIssueType: connection.action(fieldsByIssueType),
    issues: connection.action(issues),
    issue: connection.action(issue),
  },
  defaultAction: "createIssue",
  aliases: [".jira"],
});
