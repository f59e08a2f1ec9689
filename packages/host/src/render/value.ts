import { StepwireError } from "@stepwire/core";

/** A value as JSON text; a missing one, and what JSON does not know, is `null`. */
export function asJson(value: unknown, name: string): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    throw new StepwireError("template-error", `The value of ${name} cannot be written as JSON.`, {
      details: { reason: "value", variable: name },
    });
  }
}

/** A value as plain text: objects and lists as JSON, a missing one as nothing. */
export function asText(value: unknown, name: string): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : asJson(value, name);
}
