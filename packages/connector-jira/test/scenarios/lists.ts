import type { ActionScenarios } from "@stepwire/testkit";

import { fixture } from "../recorded.ts";
import { json, LONG_ID, refused, type Version } from "./answers.ts";

const { issues } = fixture("found-issues") as { issues: object[] };
const [found] = issues;
const { values } = fixture("projects") as { values: object[] };
const { issueTypes } = fixture("issue-types") as { issueTypes: object[] };
const { fields } = fixture("fields") as { fields: object[] };

/** What is read of projects and people, and searches. */
export function listActions(version: Version): Record<string, ActionScenarios> {
  const api = `/rest/api/${version}`;
  const types = `GET ${api}/issue/createmeta/*/issuetypes`;
  const search = `GET ${api}/search/jql`;
  // The connector of the type jira has a project of its own.
  const needed = version === 3 ? "projectKey" : undefined;
  return {
    searchIssuesWithJql: {
      examples: [
        {
          input: { jql: "project = ENG" },
          answers: { [search]: json("found-issues") },
          output: { issues, isLast: true },
        },
        {
          name: "up to a number",
          input: { jql: "project = ENG", maxResults: 1, nextPageToken: "CAEaAggD" },
          answers: { [search]: { json: { issues: [found], isLast: false, nextPageToken: "CAEaAggE" } } },
          output: { issues: [found], nextPageToken: "CAEaAggE", isLast: false },
        },
        {
          name: "page by page",
          input: { jql: "project = ENG", maxResults: 1000 },
          answers: {
            [search]: [
              { json: { issues: [found], isLast: false, nextPageToken: "CAEaAggD" } },
              { json: { issues: [{ ...found, id: "10003", key: "ED-2" }], isLast: true } },
            ],
          },
          output: { issues: [found, { ...found, id: "10003", key: "ED-2" }], isLast: true },
        },
      ],
      antiExamples: [
        ...refused({ jql: "project = ENG" }, "jql", { jql: "x".repeat(6001) }),
        { input: { jql: "project = ENG", maxResults: 1001 }, reason: "More than a step can use" },
      ],
    },
    getProjects: {
      examples: [
        {
          input: { query: "eng", maxResults: 2 },
          answers: { [`GET ${api}/project/search`]: json("projects") },
          output: { values, startAt: 0, isLast: false },
        },
      ],
      antiExamples: refused({ query: "eng" }, undefined, { query: LONG_ID }),
    },
    getProject: {
      examples: [
        {
          input: { projectId: "ENG" },
          answers: { [`GET ${api}/project/*`]: json("project") },
          output: fixture("project"),
        },
      ],
      antiExamples: refused({ projectId: "ENG" }, "projectId", { projectId: LONG_ID }),
    },
    getIssueTypes: {
      examples: [{ input: { projectKey: "ENG" }, answers: { [types]: json("issue-types") }, output: { issueTypes } }],
      antiExamples: refused({ projectKey: "ENG" }, needed, { projectKey: LONG_ID }),
    },
    getCreateMetadata: {
      examples: [
        {
          input: { projectKey: "ENG", issueTypeId: "1" },
          answers: { [`${types}/*`]: json("fields") },
          output: { fields },
        },
      ],
      antiExamples: refused({ projectKey: "ENG", issueTypeId: "1" }, "issueTypeId", { issueTypeId: LONG_ID }),
    },
    searchUsers: {
      examples: [
        {
          input: { query: "mia", property: "team.name=ops" },
          answers: { [`GET ${api}/user/search`]: json("users") },
          output: { users: fixture("users"), isLast: true },
        },
      ],
      antiExamples: [
        ...refused({ query: "mia" }, undefined, { query: LONG_ID }),
        { input: {}, reason: "Nobody is sought" },
      ],
    },
  };
}
