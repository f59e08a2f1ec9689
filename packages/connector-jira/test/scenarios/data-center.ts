import type { Example } from "@stepwire/testkit";

import { fixture } from "../recorded.ts";
import { DONE, json } from "./answers.ts";

const API = "/rest/api/2";
const { issues } = fixture("found-issues") as { issues: object[] };
const { values } = fixture("projects") as { values: object[] };
const user = { name: "mkrystof", displayName: "Mia Krystof", active: true };

const onDataCenter = { name: "on Data Center", connector: "Data Center" };

/**
 * What is sent otherwise than to Cloud, as far as Cloud's document of version 2 has the same paths; Atlassian publishes
 * none of Data Center.
 */
export const dataCenter: Readonly<Record<string, readonly Example[]>> = {
  createIssue: [
    {
      ...onDataCenter,
      input: { issueType: "10001", summary: "S", description: "*D*", assigneeName: "mkrystof" },
      answers: { [`POST ${API}/issue`]: json("created-issue", 201) },
      output: { id: "10000", key: "ED-24", title: "ED-24", url: "https://jira.example.com/browse/ED-24" },
    },
  ],
  assignIssue: [
    {
      ...onDataCenter,
      input: { issueId: "ENG-1", name: "mkrystof" },
      answers: { [`PUT ${API}/issue/*/assignee`]: DONE },
      output: { issueId: "ENG-1" },
    },
  ],
  searchIssuesWithJql: [
    {
      ...onDataCenter,
      input: { jql: "project = ENG", maxResults: 1 },
      answers: { [`GET ${API}/search`]: { json: { startAt: 0, maxResults: 1, total: 7, issues } } },
      output: { issues, nextPageToken: "1", isLast: false },
    },
  ],
  getProjects: [
    {
      ...onDataCenter,
      input: { query: "EX" },
      answers: { [`GET ${API}/project`]: { json: values } },
      output: { values: values.slice(0, 1), startAt: 0, isLast: true },
    },
  ],
  searchUsers: [
    {
      ...onDataCenter,
      input: { query: "mia" },
      answers: { [`GET ${API}/user/search`]: { json: [user] } },
      output: { users: [user], isLast: true },
    },
  ],
};
