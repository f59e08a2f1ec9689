import { defineScenarios } from "@stepwire/testkit";

const done = { id: "P-1", status: "open" };

export default defineScenarios({
  "acme/pager": {
    connector: { config: { team: "night" }, secrets: { token: "tok-4f7c21ab93de" } },
    test: { "GET /v1/me": { json: { team: "night" } } },
    queries: ["POST /v1/search"],
    openapi: new URL("vendor.openapi.json", import.meta.url),
    actions: {
      page: {
        examples: [
          {
            input: { text: "Disk full", tags: ["disk"] },
            answers: { "POST /v1/pages": { status: 201, json: done } },
            output: done,
          },
        ],
        antiExamples: [{ input: { text: "" }, reason: "A page says something" }],
      },
      getPage: {
        examples: [{ input: { id: "P-1" }, answers: { "GET /v1/pages/*": { json: done } }, output: done }],
      },
      findPages: {
        examples: [
          {
            input: { text: "disk" },
            answers: { "POST /v1/search": { json: { pages: [done] } } },
            output: { pages: [done] },
          },
        ],
      },
    },
  },
});
