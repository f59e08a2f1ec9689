import { defineScenarios, type Answers } from "@stepwire/testkit";

import { BASE, CONFIG, ISSUE, NO_CONTENT } from "./redmine.ts";

const TEXTS = { title: "Disk full", description: "line1" };
const read: Answers = { "GET /issues/*": { ...ISSUE, status: 200 } };
const create: Answers = { "POST /issues.json": ISSUE, ...read };
const update: Answers = { "PUT /issues/*": NO_CONTENT, ...read };
const comment: Answers = { "PUT /issues/*/notes.json": NO_CONTENT };
const pushed = { id: "1", title: "Disk full", url: `${BASE}/issues/1` };
const tooLong = "x".repeat(100_001);

/** Redmine, whose answers these are. */
export default defineScenarios({
  "cases-webhook": {
    connector: {
      config: { ...CONFIG, hasAuth: true, headers: { "X-Tenant": "blue" } },
      secrets: {
        user: "bob-of-the-cases",
        password: "pa55-Kohlrabi-77",
        secretHeaders: { "X-Key": "key-Zander-4411" },
      },
    },
    connectors: { "without credentials": { config: CONFIG } },
    refusal: (message, status) => ({ status, json: { errors: [message] } }),
    readme: { "POST /issues.json": ISSUE, "PUT /issues/*": NO_CONTENT, ...read },
    actions: {
      createCase: {
        examples: [
          { input: { ...TEXTS, tags: ["disk"] }, answers: create, output: pushed },
          {
            name: "without credentials",
            connector: "without credentials",
            input: TEXTS,
            answers: create,
            output: pushed,
          },
        ],
        antiExamples: [
          { input: {}, reason: "A case has a title" },
          { input: { ...TEXTS, externalId: "1" }, reason: "What exists is updated" },
          { input: { ...TEXTS, description: tooLong }, reason: "Longer than anybody reads" },
        ],
      },
      updateCase: {
        examples: [{ input: { ...TEXTS, externalId: "1" }, answers: update, output: pushed }],
        antiExamples: [
          { input: TEXTS, reason: "Which case?" },
          { input: { ...TEXTS, externalId: "1", severity: "urgent" }, reason: "Not one of Kibana's severities" },
        ],
      },
      getCase: {
        examples: [{ input: { externalId: "1" }, answers: read, output: pushed }],
        antiExamples: [{ input: { externalId: "" }, reason: "Which case?" }],
      },
      addComment: {
        examples: [{ input: { externalId: "1", comment: "seen" }, answers: comment, output: { commentId: "1" } }],
        antiExamples: [{ input: { externalId: "1", comment: tooLong }, reason: "Longer than anybody reads" }],
      },
      pushToService: {
        examples: [
          {
            input: { incident: TEXTS, comments: [{ comment: "seen", commentId: "c" }] },
            answers: { ...create, ...comment },
            output: { ...pushed, comments: [{ commentId: "c" }] },
          },
          {
            name: "an update, in the flat form",
            input: { ...TEXTS, externalId: "1", additionalComments: "seen" },
            answers: { ...update, ...comment },
            output: pushed,
          },
        ],
        antiExamples: [{ input: { incident: { ...TEXTS, status: "done" } }, reason: "Not one of Kibana's states" }],
      },
    },
  },
});
