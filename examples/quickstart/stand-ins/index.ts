import { startAutomation, type AutomationStandIn } from "./automation.ts";
import { startCases, type CasesStandIn } from "./cases.ts";
import { startJira, type JiraStandIn } from "./jira.ts";
import type { StandIn } from "./server.ts";
import { startSlack, type SlackStandIn } from "./slack.ts";

export type { ReceivedRequest } from "./server.ts";

export type SystemName = "slack" | "jira" | "cases" | "automation";

export interface StandIns {
  readonly slack: SlackStandIn;
  readonly jira: JiraStandIn;
  readonly cases: CasesStandIn;
  readonly automation: AutomationStandIn;
  closeAll(): Promise<void>;
}

export interface StandInsOptions {
  /** Ports on 127.0.0.1; a system that is not named takes a free one. */
  readonly ports?: Readonly<Partial<Record<SystemName, number>>>;
}

/** Starts all four. When one cannot start (its port is taken), none is left running. */
export async function startStandIns({ ports = {} }: StandInsOptions = {}): Promise<StandIns> {
  const started: StandIn[] = [];
  const keep = async <T extends StandIn>(starting: Promise<T>): Promise<T> => {
    const standIn = await starting;
    started.push(standIn);
    return standIn;
  };
  const closeAll = async (): Promise<void> => {
    await Promise.all(started.map((standIn) => standIn.close()));
  };
  try {
    return {
      slack: await keep(startSlack(ports.slack)),
      jira: await keep(startJira(ports.jira)),
      cases: await keep(startCases(ports.cases)),
      automation: await keep(startAutomation(ports.automation)),
      closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** The variables that connectors.yaml reads, for these stand-ins. */
export function environment({ slack, jira, cases, automation }: StandIns): Record<string, string> {
  return {
    SLACK_WEBHOOK_URL: slack.webhookUrl,
    JIRA_URL: jira.url,
    JIRA_EMAIL: jira.email,
    JIRA_API_TOKEN: jira.apiToken,
    RESPONSE_API_URL: automation.url,
    RESPONSE_API_USER: automation.user,
    RESPONSE_API_PASSWORD: automation.password,
    CASES_URL: cases.url,
    CASES_USER: cases.user,
    CASES_PASSWORD: cases.password,
  };
}
