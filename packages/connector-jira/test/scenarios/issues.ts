import type { ActionScenarios } from "@stepwire/testkit";

import { fixture } from "../recorded.ts";
import { DONE, json, LONG_ID, LONG_TEXT, refused, SITE, type Version } from "./answers.ts";

const ACCOUNT = "5b10a2844c20165700ede21g";
const created = { id: "10000", key: "ED-24", title: "ED-24", url: `${SITE}/browse/ED-24` };

/** Everything that an issue takes. */
const issue = {
  issueType: "Task",
  summary: "Review\nthe alert",
  description: "see https://a.example/x.\nnext line\n\nsecond",
  priority: "High",
  labels: ["security", "disk"],
  parent: "ENG-7",
  assigneeAccountId: ACCOUNT,
  otherFields: { customfield_10010: 5, duedate: "2026-12-24" },
};
const document = { type: "doc", version: 1, content: [{ type: "rule" }] };

/** What is done with one issue. Version 2 takes and gives plain texts, version 3 documents. */
export function issueActions(version: Version): Record<string, ActionScenarios> {
  const api = `/rest/api/${version}`;
  const create = { [`POST ${api}/issue`]: json("created-issue", 201) };
  const change = { [`PUT ${api}/issue/*`]: DONE };
  const comment = {
    [`POST ${api}/issue/*/comment`]: json("comment", 201, version === 2 ? { body: "Lorem ipsum" } : {}),
  };
  const move = { [`POST ${api}/issue/*/transitions`]: DONE };
  const assign = { [`PUT ${api}/issue/*/assignee`]: DONE };
  const inProject = { projectKey: "ENG", ...issue };
  const asDocument = { name: "a document", input: { projectKey: "ENG", ...issue, description: document } };
  return {
    createIssue: {
      examples: [
        { input: inProject, answers: create, output: created },
        ...(version === 3 ? [{ ...asDocument, answers: create, output: created }] : []),
      ],
      antiExamples: [
        ...refused(inProject, "summary", { description: LONG_TEXT }),
        ...(version === 3 ? [] : [{ input: asDocument.input, reason: "Version 2 takes no documents" }]),
        { input: { ...inProject, labels: ["two words"] }, reason: "Labels have no blanks" },
        { input: { ...inProject, otherFields: { project: { key: "EVIL" } } }, reason: "projectKey is for that" },
        { input: { ...inProject, otherFields: many(51) }, reason: "More fields than anybody fills in" },
      ],
    },
    updateIssue: {
      examples: [
        { input: { issueId: "ENG-1", ...issue }, answers: change, output: { issueId: "ENG-1" } },
        {
          name: "taking away",
          input: { issueId: "10000", description: null, labels: [], parent: null, assigneeAccountId: null },
          answers: change,
          output: { issueId: "10000" },
        },
      ],
      antiExamples: [
        ...refused({ issueId: "ENG-1", summary: "S" }, "issueId", { summary: LONG_ID }),
        { input: { issueId: "ENG-1" }, reason: "Nothing is changed" },
        { input: { issueId: "..", summary: "S" }, reason: "That would be another path" },
      ],
    },
    getIssue: {
      examples: [
        {
          input: { issueId: "ENG-1" },
          answers: { [`GET ${api}/issue/*`]: json("issue") },
          output: { ...(fixture("issue") as object), url: `${SITE}/browse/ED-1` },
        },
      ],
      antiExamples: refused({ issueId: "ENG-1" }, "issueId", { issueId: LONG_ID }),
    },
    addComment: {
      examples: [
        {
          input: { issueId: "ENG-1", body: "one\n\ntwo" },
          answers: comment,
          output: { id: "10000", created: "2021-01-17T12:34:00.000+0000" },
        },
        ...(version === 3
          ? [
              {
                name: "a document",
                input: { issueId: "ENG-1", body: document },
                answers: comment,
                output: { id: "10000" },
              },
            ]
          : []),
      ],
      antiExamples: [
        ...refused({ issueId: "ENG-1", body: "c" }, "body", { body: LONG_TEXT }),
        { input: { issueId: "ENG-1", body: " \n" }, reason: "Jira refuses a comment that shows nothing" },
      ],
    },
    transitionIssue: {
      examples: [
        {
          input: { issueId: "ENG-1", transitionId: "5" },
          answers: move,
          output: { issueId: "ENG-1", transitionId: "5" },
        },
      ],
      antiExamples: [
        ...refused({ issueId: "ENG-1", transitionId: "5" }, "transitionId", { transitionId: "5".repeat(256) }),
        { input: { issueId: "ENG-1", transitionId: "Done" }, reason: "Jira names transitions by id" },
      ],
    },
    assignIssue: {
      examples: [
        { input: { issueId: "ENG-1", accountId: ACCOUNT }, answers: assign, output: { issueId: "ENG-1" } },
        {
          name: "to nobody",
          input: { issueId: "ENG-1", accountId: null },
          answers: assign,
          output: { issueId: "ENG-1" },
        },
        {
          name: "to the default",
          input: { issueId: "ENG-1", accountId: "-1" },
          answers: assign,
          output: { issueId: "ENG-1" },
        },
      ],
      antiExamples: [
        ...refused({ issueId: "ENG-1", accountId: ACCOUNT }, "issueId", { accountId: "x".repeat(129) }),
        { input: { issueId: "ENG-1" }, reason: "To whom?" },
      ],
    },
    getTransitions: {
      examples: [
        {
          input: { issueId: "ENG-1" },
          answers: { [`GET ${api}/issue/*/transitions`]: json("transitions") },
          output: fixture("transitions"),
        },
      ],
      antiExamples: refused({ issueId: "ENG-1" }, "issueId", { issueId: LONG_ID }),
    },
  };
}

const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`customfield_${index}`, index]));
