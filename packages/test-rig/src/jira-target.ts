import { startSystem, type Missing } from "./system.ts";

/** Jira's REST API as Atlassian's OpenAPI document describes it: requests that break the document are refused. */
export interface JiraTarget {
  /** Origin of the API of that version, such as `http://127.0.0.1:3903`. */
  url(version: 2 | 3): string;
  close(): Promise<void>;
}

/** Ports of `debian/jira.sh`. */
const PORTS = { 2: 3904, 3: 3903 } as const;

/** The Jira of `debian/jira.sh`, or what is missing for it. */
export async function jiraTarget(): Promise<JiraTarget | Missing> {
  const system = await startSystem("jira");
  if ("missing" in system) return system;
  return { ...system, url: (version) => `http://127.0.0.1:${PORTS[version]}` };
}
