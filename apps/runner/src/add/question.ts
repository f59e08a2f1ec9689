import type { JsonSchema } from "@stepwire/core";
import { parseYaml } from "@stepwire/yaml";

import { isReference } from "./references.ts";

type Kind = "text" | "choice" | "boolean" | "number" | "list" | "map" | "file" | "data";

/** One thing to ask for, as its JSON Schema describes it. */
export interface Question {
  readonly key: string;
  readonly kind: Kind;
  readonly about: string;
  readonly required: boolean;
  /** What a choice may be. */
  readonly choices?: readonly string[];
  /** What stands for no answer; it need not be written down. */
  readonly fallback?: unknown;
  /** Not to be seen on the terminal. */
  readonly hidden?: boolean;
}

/**
 * The schema's properties as questions, in its order. Alternatives at its root count as optional; what is another name
 * for the same thing (`x-same-as`) is not asked for.
 */
export function questionsOf(schema: JsonSchema): { question: Question; step?: string }[] {
  const required = new Set((schema["required"] as string[] | undefined) ?? []);
  const properties = Object.entries(propertiesOf(schema));
  return properties
    .filter(([, property]) => property["x-same-as"] === undefined)
    .map(([key, property]) => {
      const schemas = [property, concrete(property)];
      const read = (name: string) => schemas.map((one) => one[name]).find((value) => value !== undefined);
      const step = read("x-step");
      const fallback = read("default");
      const about = read("description");
      const question = {
        key,
        ...kindOf(schemas[1] ?? property),
        about: typeof about === "string" ? about : "",
        required: required.has(key) && fallback === undefined,
        ...(fallback === undefined || fallback === null ? {} : { fallback }),
      };
      return typeof step === "string" ? { question, step } : { question };
    });
}

function propertiesOf(schema: JsonSchema): Record<string, JsonSchema> {
  const branches = ["allOf", "anyOf", "oneOf"].flatMap((name) => (schema[name] as JsonSchema[] | undefined) ?? []);
  const parts = [schema, ...branches].map(
    (part) => (part["properties"] as Record<string, JsonSchema> | undefined) ?? {},
  );
  return Object.assign({}, ...parts.toReversed()) as Record<string, JsonSchema>;
}

/** The schema itself where null is the only alternative to it. */
function concrete(schema: JsonSchema): JsonSchema {
  const alternatives = (schema["anyOf"] ?? schema["oneOf"]) as JsonSchema[] | undefined;
  const others = alternatives?.filter((alternative) => alternative["type"] !== "null") ?? [];
  return others.length === 1 && others[0] !== undefined ? others[0] : schema;
}

function kindOf(schema: JsonSchema): Pick<Question, "kind" | "choices"> {
  const choices = schema["enum"];
  if (Array.isArray(choices) && choices.every((choice) => typeof choice === "string"))
    return { kind: "choice", choices };
  switch (schema["type"]) {
    case "string":
      return { kind: "text" };
    case "boolean":
      return { kind: "boolean" };
    case "number":
    case "integer":
      return { kind: "number" };
    case "array":
      return { kind: (schema["items"] as JsonSchema | undefined)?.["type"] === "string" ? "list" : "data" };
    case "object":
      return { kind: isMapOfTexts(schema) ? "map" : "data" };
    default:
      return { kind: "data" };
  }
}

function isMapOfTexts(schema: JsonSchema): boolean {
  const values = schema["additionalProperties"] as JsonSchema | boolean | undefined;
  return schema["properties"] === undefined && typeof values === "object" && values["type"] === "string";
}

/** What an answer in words means, or what is wrong with it. */
export function readAnswer(question: Question, text: string): { value: unknown } | { problem: string } {
  const { kind } = question;
  if (kind === "text" || isReference(text)) return { value: text };
  if (kind === "choice") {
    const { choices = [] } = question;
    return choices.includes(text) ? { value: text } : { problem: `It is one of ${choices.join(", ")}.` };
  }
  if (kind === "boolean") {
    if (/^(?:y|yes|true)$/i.test(text)) return { value: true };
    return /^(?:n|no|false)$/i.test(text) ? { value: false } : { problem: "Answer yes or no." };
  }
  if (kind === "number") {
    const number = text.trim() === "" ? Number.NaN : Number(text);
    return Number.isFinite(number) ? { value: number } : { problem: "It is a number." };
  }
  const { value, findings } = parseYaml(text, "", { secret: true });
  if (kind === "list") {
    if (findings.length === 0 && Array.isArray(value)) return { value };
    const items = text.split(",").map((item) => item.trim());
    return { value: items.filter((item) => item !== "") };
  }
  if (findings.length > 0) return { problem: `It is neither JSON nor YAML. ${findings[0]?.message ?? ""}`.trim() };
  return { value };
}
