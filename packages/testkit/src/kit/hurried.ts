import type { AnyConnectorType } from "@stepwire/core";

/** The same type, whose requests the host sends once and at once. */
export function hurried(type: AnyConnectorType): AnyConnectorType {
  const actions = Object.entries(type.actions).map(([name, action]) => {
    const { rateLimit: _, ...policies } = action.policies ?? {};
    return [name, { ...action, policies: { ...policies, retry: { maxAttempts: 1 } } }] as const;
  });
  return { ...type, actions: Object.fromEntries(actions) };
}
