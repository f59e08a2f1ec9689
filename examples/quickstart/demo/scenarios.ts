import { readFile } from "node:fs/promises";

import type { StandIns, SystemName } from "../stand-ins/index.ts";

interface DemoEvent {
  readonly id: string;
  readonly name: string;
  readonly severity: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly agent: { readonly id: string; readonly name: string };
}

/** A value that a field of an accepted request must have had, to the character. */
export interface Arrival {
  readonly system: SystemName;
  readonly method: string;
  readonly path: RegExp;
  readonly field: readonly string[];
  readonly value: unknown;
}

export interface Scenario {
  readonly title: string;
  /** Path of the workflow, and further arguments of `stepwire run`. */
  readonly args: readonly string[];
  readonly prepare?: () => void;
  /** Asked after the run, since some values are made by the systems during it. */
  readonly arrivals: () => Arrival[];
}

export async function loadEvent(file: URL): Promise<DemoEvent> {
  return JSON.parse(await readFile(file, "utf8")) as DemoEvent;
}

export function scenarios(event: DemoEvent, { jira, cases, automation }: StandIns): Scenario[] {
  const slackText = (value: string): Arrival => ({
    system: "slack",
    method: "POST",
    path: /^\/services\//,
    field: ["text"],
    value,
  });
  const ticket = (field: string, value: string): Arrival => ({
    system: "jira",
    method: "POST",
    path: /^\/rest\/api\/2\/issue$/,
    field: ["fields", field],
    value,
  });
  const newCase = (field: string, value: unknown): Arrival => ({
    system: "cases",
    method: "POST",
    path: /^\/issues\.json$/,
    field: ["issue", field],
    value,
  });
  const automated = (path: RegExp, field: string, value: string): Arrival => ({
    system: "automation",
    method: "POST",
    path,
    field: [field],
    value,
  });
  const caseArrivals = (): Arrival[] => [
    newCase("subject", `[SOC] ${event.name}`),
    newCase("description", event.description),
    newCase("tags", event.tags),
  ];

  return [
    {
      title: "A Slack message",
      args: ["workflows/notify-slack.yaml"],
      arrivals: () => [slackText(`High-priority alert: ${event.name}. Please investigate immediately.`)],
    },
    {
      title: "A Jira issue",
      args: ["workflows/create-jira-issue.yaml"],
      arrivals: () => [ticket("summary", `Automated Task: Review '${event.name}'`)],
    },
    {
      title: "An HTTP API, through a connector",
      args: ["workflows/http-connector.yaml"],
      arrivals: () => [automated(/^\/v1\/response-actions\/isolate$/, "endpoint_id", event.agent.id)],
    },
    {
      title: "An HTTP address, directly",
      args: ["workflows/http-direct.yaml", "--input", `webhook_base=${automation.url}`],
      arrivals: () => [automated(/^\/services\//, "event_id", event.id)],
    },
    {
      title: "A case in a system described by templates",
      args: ["workflows/push-case.yaml"],
      arrivals: caseArrivals,
    },
    {
      title: "All four together, while the response API is out of order for one request",
      args: ["workflows/respond.yaml"],
      prepare: () =>
        automation.failNext({ status: 503, headers: { "content-type": "text/plain" }, body: "restarting" }),
      arrivals: () => [
        automated(/^\/v1\/response-actions\/isolate$/, "reason", event.name),
        ...caseArrivals(),
        ticket("summary", `[${event.severity}] ${event.name}`),
        ticket("description", `${event.description}\n\nCase: ${cases.url}/issues/${cases.issues.at(-1)?.id}`),
        slackText(`${event.name}\nCase ${cases.issues.at(-1)?.id}, ticket ${jira.issues.at(-1)?.key}`),
      ],
    },
  ];
}
