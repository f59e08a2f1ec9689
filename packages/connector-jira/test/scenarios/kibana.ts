import type { ActionScenarios, Answers } from "@stepwire/testkit";

import { fixture } from "../recorded.ts";
import { DONE, json, LONG_ID, LONG_TEXT, refused, SITE } from "./answers.ts";

const API = "/rest/api/2";
const TYPES = `GET ${API}/issue/createmeta/*/issuetypes`;
const { id, key, fields } = fixture("issue") as { id: string; key: string; fields: object };

/** Of the stand-in's issue, the ones that were asked for. */
const issueWith = (asked: object) => json("issue", 200, { fields: asked });
const readBack: Answers = {
  [`GET ${API}/issue/*`]: issueWith({
    created: "2021-01-17T12:34:00.000+0000",
    updated: "2021-01-18T23:45:00.000+0000",
  }),
  [`POST ${API}/issue/*/comment`]: json("comment", 201, { body: "Lorem ipsum" }),
};
const pushed = { id, title: key, url: `${SITE}/browse/${key}` };
const incident = { summary: "Disk full", description: "on h-1", issueType: "1", priority: "High", labels: ["disk"] };

const fieldMap = {
  assignee: { name: "Assignee", required: true, schema: {}, allowedValues: [], defaultValue: {} },
};

/** Kibana's sub-actions, with its parameters and results. */
export const kibanaActions: Record<string, ActionScenarios> = {
  pushToService: {
    examples: [
      {
        name: "a new issue",
        input: { incident, comments: [{ comment: "seen", commentId: "c-1" }, { comment: "seen again" }] },
        answers: { [`POST ${API}/issue`]: json("created-issue", 201), ...readBack },
        output: {
          ...pushed,
          pushedDate: "2021-01-17T12:34:00.000Z",
          comments: [
            { commentId: "c-1", pushedDate: "2021-01-17T12:34:00.000Z" },
            { commentId: "2", pushedDate: "2021-01-17T12:34:00.000Z" },
          ],
        },
      },
      {
        name: "an update",
        input: {
          incident: { ...incident, externalId: "ED-1", parent: "ENG-7", otherFields: '{"customfield_10010":5}' },
          comments: null,
        },
        answers: { [`PUT ${API}/issue/*`]: DONE, ...readBack },
        output: { ...pushed, pushedDate: "2021-01-18T23:45:00.000Z" },
      },
      {
        name: "of the project's first type",
        input: { incident: { summary: "Disk full", issueType: null } },
        answers: { [TYPES]: json("issue-types"), [`POST ${API}/issue`]: json("created-issue", 201), ...readBack },
        output: { ...pushed, pushedDate: "2021-01-17T12:34:00.000Z" },
      },
    ],
    antiExamples: [
      ...refused({ incident }, "incident", { incident: { ...incident, description: LONG_TEXT } }),
      { input: { incident: { ...incident, summary: "\n" } }, reason: "An issue has a title" },
      { input: { incident: { ...incident, otherFields: { summary: "x" } } }, reason: "summary is for that" },
      { input: { incident, comments: [{ comment: " " }] }, reason: "Jira refuses a comment that shows nothing" },
    ],
  },
  getIncident: {
    examples: [
      {
        input: { externalId: "ED-1" },
        answers: { [`GET ${API}/issue/*`]: json("issue") },
        output: { ...fields, id, key },
      },
    ],
    antiExamples: [
      ...refused({ externalId: "ED-1" }, "externalId", { externalId: LONG_ID }),
      { input: { externalId: "ED-1", id: "10002" }, reason: "Which of the two?" },
    ],
  },
  getFields: {
    examples: [
      { input: {}, answers: { [TYPES]: json("issue-types"), [`${TYPES}/*`]: json("fields") }, output: fieldMap },
    ],
    antiExamples: refused({}),
  },
  issueTypes: {
    examples: [{ input: {}, answers: { [TYPES]: json("issue-types") }, output: [{ id: "1", name: "Bug" }] }],
    antiExamples: refused({}),
  },
  fieldsByIssueType: {
    examples: [{ input: { id: "1" }, answers: { [`${TYPES}/*`]: json("fields") }, output: fieldMap }],
    antiExamples: refused({ id: "1" }, "id", { id: LONG_ID }),
  },
  issues: {
    examples: [
      {
        input: { title: `it's "down" \\ (a-b)` },
        answers: {
          [`GET ${API}/search/jql`]: {
            json: { isLast: true, issues: [{ id, key, fields: { summary: "Disk full" } }] },
          },
        },
        output: [{ id, key, title: "Disk full" }],
      },
    ],
    antiExamples: [
      ...refused({ title: "down" }, "title", { title: "x".repeat(1001) }),
      { input: { title: "?!" }, reason: "There is no word to look for" },
    ],
  },
  issue: {
    examples: [
      {
        input: { id: "ED-1" },
        answers: { [`GET ${API}/issue/*`]: issueWith({ summary: "Disk full" }) },
        output: { id, key, title: "Disk full" },
      },
    ],
    antiExamples: refused({ id: "ED-1" }, "id", { id: LONG_ID }),
  },
};
