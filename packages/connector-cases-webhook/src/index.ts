import { defineConnectorType, definePlugin } from "@stepwire/core";

import { addComment } from "./add-comment.ts";
import { casesWebhook as connection } from "./connection.ts";
import { createCase } from "./create-case.ts";
import { getCase } from "./get-case.ts";
import { presets } from "./presets.ts";
import { pushToService } from "./push-to-service.ts";
import { updateCase } from "./update-case.ts";

export const casesWebhook = defineConnectorType({
  id: "cases-webhook",
  title: "Webhook - Case Management",
  description: "Creates, updates and comments cases in any system with a REST API",
  connection,
  actions: { createCase, updateCase, getCase, addComment, pushToService },
  defaultAction: "pushToService",
  aliases: [".cases-webhook"],
  presets,
});

export default definePlugin({ connectorTypes: [casesWebhook] });
