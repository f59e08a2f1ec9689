import type { JsonSchema } from "@stepwire/core";

/**
 * Keys by name, each as JSON Schema with a description. Readers take the names from here, editors and the reference
 * the rest, so that none of them knows a key that another does not.
 */
export type Keys = Readonly<Record<string, JsonSchema>>;
