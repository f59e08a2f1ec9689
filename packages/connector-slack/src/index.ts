import { definePlugin } from "@stepwire/core";

import { slack2 } from "./slack2/index.ts";
import { slackApi } from "./slack-api/index.ts";
import { slack } from "./webhook/index.ts";

export { slack, slack2, slackApi };

export default definePlugin({ connectorTypes: [slack, slackApi, slack2] });
