import type { AnyConnectorType, RetryPolicy } from "@stepwire/core";

/**
 * The same type, whose actions never wait for their turn.
 * @param retry in place of the actions' own policies, so that nobody waits for the host: once unless given.
 */
export function hurried(type: AnyConnectorType, retry: RetryPolicy = { maxAttempts: 1 }): AnyConnectorType {
  const actions = Object.entries(type.actions).map(([name, action]) => {
    const { rateLimit: _, ...policies } = action.policies ?? {};
    return [name, { ...action, policies: { ...policies, retry: { ...policies.retry, ...retry } } }] as const;
  });
  return { ...type, actions: Object.fromEntries(actions) };
}
