import { jira } from "@stepwire/connector-jira";
import { StepwireError } from "@stepwire/core";
import { createConnector } from "@stepwire/host";
import express, { type ErrorRequestHandler, type Express } from "express";

// An HTTP service of your own that creates Jira issues through the connector.
//
//     JIRA_URL=... JIRA_EMAIL=... JIRA_API_TOKEN=... JIRA_PROJECT=ENG node server.ts
//     curl -d '{"summary":"Review the alert"}' -H 'content-type: application/json' http://127.0.0.1:3000/tickets

/** The one thing the service needs of a connector; `connector.actions` fits. */
export interface Tracker {
  createIssue(issue: {
    issueType: string;
    summary: string;
    description?: string;
  }): Promise<{ key: string; url: string }>;
}

export function createApp(tracker: Tracker): Express {
  const app = express();
  app.use(express.json());
  app.post("/tickets", async (request, response) => {
    // The action checks its parameters itself and says what is wrong with them.
    const { summary, description } = (request.body ?? {}) as { summary: string; description?: string };
    const { key, url } = await tracker.createIssue({
      issueType: "Task",
      summary,
      ...(description === undefined ? {} : { description }),
    });
    response.status(201).json({ key, url });
  });
  app.use(reportError);
  return app;
}

/** Bad input is the caller's to mend; for everything else the system behind this one is at fault: 502. */
const reportError: ErrorRequestHandler = (error, _request, response, next) => {
  if (!StepwireError.is(error)) {
    next(error);
    return;
  }
  response.status(error.code === "params-invalid" ? 400 : 502).json(error.toJSON());
};

if (import.meta.main) {
  const connector = createConnector(jira, {
    config: { apiUrl: process.env["JIRA_URL"]!, projectKey: process.env["JIRA_PROJECT"]! },
    secrets: { email: process.env["JIRA_EMAIL"]!, apiToken: process.env["JIRA_API_TOKEN"]! },
  });
  const server = createApp(connector.actions).listen(3000, "127.0.0.1");
  process.once("SIGTERM", () => server.close(() => void connector.close()));
}
