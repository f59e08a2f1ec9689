import type { TypeScenarios } from "@stepwire/testkit";

import { slack2Writing } from "./slack2-writing.ts";
import { slack2Reading } from "./slack2-reading.ts";
import { queries, WEB_API } from "./web-api.ts";

export const slack2: TypeScenarios = {
  ...WEB_API,
  queries: queries(
    "assistant.search.context",
    "auth.test",
    "conversations.history",
    "conversations.info",
    "conversations.list",
    "users.list",
    "users.lookupByEmail",
  ),
  actions: { ...slack2Writing, ...slack2Reading },
};
