import { definePlugin } from "@stepwire/core";

import { jiraCloud } from "./jira-cloud.ts";
import { jira } from "./jira.ts";

export { jira, jiraCloud };
export { REFUSALS, type Refusal } from "./refusals.ts";
export default definePlugin({ connectorTypes: [jira, jiraCloud] });
