import type { Answers, Example, TypeScenarios } from "@stepwire/testkit";

import { recorded } from "../recorded.ts";

/** What the two types with a token have in common. */
export const WEB_API = {
  connector: { secrets: { token: "xoxb-Zander-4411-Kohlrabi" } },
  refusal: (error) => ({ json: { ok: false, error } }),
  test: answered("auth.test", "auth.test"),
} satisfies Omit<TypeScenarios, "actions">;

/** A call of one method, answered by recorded answers, one after the other. */
export function answered(method: string, ...names: readonly string[]): Answers {
  return { [`POST /api/${method}`]: names.map(recorded) };
}

/** An example in which the method's own name is that of its recorded answer. */
export const example = (method: string, input: unknown, output: unknown): Example => ({
  input,
  answers: answered(method, method),
  output,
});

/** The methods that only read: Slack takes all of them as POST. */
export const queries = (...methods: readonly string[]): string[] => methods.map((method) => `POST /api/${method}`);
