import { createConnector } from "@stepwire/host";
import { slack } from "@stepwire/connector-slack";

// A connector needs no workflow and no files: give it its secrets, call its actions, close it.
//
//     SLACK_WEBHOOK_URL=https://hooks.slack.com/services/... node notify.ts "The backup is done"

const alerts = createConnector(slack, { secrets: { webhookUrl: process.env["SLACK_WEBHOOK_URL"]! } });
try {
  await alerts.actions.postMessage({ message: process.argv[2] ?? "Hello from Stepwire" });
} finally {
  await alerts.close();
}
