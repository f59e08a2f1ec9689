import type { ManifestConnectorType } from "@stepwire/core";
import { isIdentifier } from "@stepwire/host";

import type { Draft } from "./draft.ts";
import { envelopeFields } from "./envelope-fields.ts";
import { questionsOf, type Question } from "./question.ts";

export type Side = "config" | "secrets";

/** A question whose answer belongs into a connector. */
export interface Field extends Question {
  readonly side: Side;
  /** Whether it matters, after what was answered before. */
  readonly when?: (draft: Draft) => boolean;
  /** What a choice stands for, where that is more than one key of `config`. */
  readonly sets?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Seldom needed: asked for only where somebody wants to see the rest. */
  readonly seldom?: boolean;
}

export interface Step {
  readonly title: string;
  readonly fields: readonly Field[];
}

/** The first step of every type; a property of `config` moves into another with `x-step` in its schema. */
const FIRST_STEP = "Name and authentication";

/** What a type needs, in steps: the first one, then those that its schema names, in the schema's order. */
export function stepsOf(type: ManifestConnectorType): Step[] {
  const steps = new Map<string, Field[]>([[FIRST_STEP, []]]);
  for (const { question, step = FIRST_STEP } of questionsOf(type.config)) {
    const seldom = step === FIRST_STEP && !question.required;
    steps.set(step, [...(steps.get(step) ?? []), { ...question, side: "config", ...(seldom ? { seldom } : {}) }]);
  }
  const envelope = envelopeFields(type);
  // Beside the envelope's, secrets that may be left out are for special cases; elsewhere they may be one of two ways to log in.
  const secrets = questionsOf(type.secrets).map(({ question }): Field => ({
    ...question,
    side: "secrets",
    hidden: !isIdentifier(question.key),
    ...(envelope.length > 0 && !question.required ? { seldom: true } : {}),
  }));
  const first = [...(steps.get(FIRST_STEP) ?? []), ...envelope, ...secrets];
  const isSeldom = (field: Field) => field.seldom === true;
  steps.set(FIRST_STEP, [...first.filter((field) => !isSeldom(field)), ...first.filter(isSeldom)]);
  return [...steps].map(([title, fields]) => ({ title, fields }));
}

/** Whether a key of `config` or `secrets` is this field's. */
export function owns(field: Field, side: string, key: string): boolean {
  return (
    field.side === side && (field.key === key || Object.values(field.sets ?? {}).some((set) => Object.hasOwn(set, key)))
  );
}

/** Writes what a choice stands for, in place of all that the others would have written. */
export function choose({ sets = {} }: Field, choice: string, values: Record<string, unknown>): void {
  for (const key of Object.values(sets).flatMap(Object.keys)) delete values[key];
  Object.assign(values, sets[choice]);
}

/** Whether the connector needs it as it is now. */
export const applies = (field: Field, draft: Draft): boolean => field.when?.(draft) !== false;

/** How an answer can be given without being asked. */
export function flagFor({ side, key, kind, hidden }: Field): string {
  const part = kind === "map" ? `${key}.NAME` : key;
  if (side === "config") return `--set ${part}=VALUE`;
  return hidden === true ? `--secret ${part}=env:NAME` : `--secret ${part}=VALUE`;
}
