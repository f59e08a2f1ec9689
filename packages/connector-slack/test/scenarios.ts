import { defineScenarios } from "@stepwire/testkit";

import { slackApi } from "./scenarios/slack-api.ts";
import { slack2 } from "./scenarios/slack2.ts";
import { slack } from "./scenarios/webhook.ts";

export default defineScenarios({ slack, slack_api: slackApi, slack2 });
