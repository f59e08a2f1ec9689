import { defineScenarios, type ActionScenarios, type Answers, type TypeScenarios } from "@stepwire/testkit";

import { json, type Version } from "./scenarios/answers.ts";
import { dataCenter } from "./scenarios/data-center.ts";
import { issueActions } from "./scenarios/issues.ts";
import { kibanaActions } from "./scenarios/kibana.ts";
import { listActions } from "./scenarios/lists.ts";

/** What both types have in common. */
const ofVersion = (version: Version) => ({
  refusal: (message: string) => ({ json: { errorMessages: [message], errors: {} } }),
  test: { [`GET /rest/api/${version}/myself`]: json("myself") } satisfies Answers,
  openapi: new URL(`vendor/jira-v${version}.openapi.json`, import.meta.url),
});

/** The same actions, with examples of Data Center behind those of Cloud. */
const onBoth = (actions: Record<string, ActionScenarios>): TypeScenarios["actions"] =>
  Object.fromEntries(
    Object.entries(actions).map(([name, action]) => [
      name,
      { ...action, examples: [...action.examples, ...(dataCenter[name] ?? [])] },
    ]),
  );

const account = { email: "bot-of-the-scenarios@example.com", apiToken: "ATATT-Kohlrabi-77-Zander" };

export default defineScenarios({
  jira: {
    ...ofVersion(2),
    connector: { config: { apiUrl: "https://your-domain.atlassian.net/", projectKey: "ENG" }, secrets: account },
    connectors: {
      "Data Center": {
        config: { apiUrl: "https://jira.example.com", projectKey: "ENG", apiVersion: 2 },
        secrets: { personalAccessToken: "NjE2-Lurch-4411-Igel" },
      },
    },
    actions: onBoth({ ...issueActions(2), ...listActions(2), ...kibanaActions }),
  },
  "jira-cloud": {
    ...ofVersion(3),
    connector: { config: { subdomain: "your-domain" }, secrets: account },
    actions: { ...issueActions(3), ...listActions(3) },
  },
});
