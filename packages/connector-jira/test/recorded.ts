import { readFileSync } from "node:fs";

/** An answer as the validating stand-in of `packages/test-rig/debian/jira.sh` gave it (examples of Atlassian's OpenAPI document). */
export const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8")) as unknown;
