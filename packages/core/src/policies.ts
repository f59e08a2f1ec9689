import type { ActionPolicies } from "./action.ts";
import { parseDuration } from "./units.ts";

/** A timer of Node that is to wait longer goes off at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** What is wrong with an action's policies, each sentence starting with the key; a host relies on none being left. */
export function policyProblems(policies: ActionPolicies = {}): string[] {
  const { timeout, retry = {}, rateLimit } = policies;
  const problems: string[] = [];
  const duration = (key: string, value: string | undefined) => {
    if (value !== undefined && !parseDuration(value))
      problems.push(`${key} ${JSON.stringify(value)} is not a duration such as 30s`);
  };
  const short = (key: string, value: string | undefined) => {
    duration(key, value);
    if ((parseDuration(value ?? "") ?? 0) > LONGEST_TIMER_MS) problems.push(`${key} is longer than 24 days`);
  };
  duration("timeout", timeout);
  short("retry.minDelay", retry.minDelay);
  short("retry.maxDelay", retry.maxDelay);
  const { maxAttempts = 1 } = retry;
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1 || maxAttempts > 10)
    problems.push("retry.maxAttempts is a whole number from 1 to 10");
  if (rateLimit === undefined) return problems;
  if (!Number.isInteger(rateLimit.requests) || rateLimit.requests < 1)
    problems.push("rateLimit.requests is a whole number from 1");
  short("rateLimit.per", rateLimit.per ?? "");
  return problems;
}
