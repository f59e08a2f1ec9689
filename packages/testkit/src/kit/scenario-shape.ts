import { nearest } from "@stepwire/core";

import type { Reply } from "../loopback.ts";
import type {
  ActionScenarios,
  AntiExample,
  ConnectorInput,
  Example,
  Scenarios,
  StatusOutcome,
  TypeScenarios,
} from "./scenarios.ts";

/** What is wrong with a value, at the place where it stands. */
type Check = (value: unknown, where: string) => string[];

/**
 * What is wrong with the shape of scenarios, one sentence each: those in JavaScript are checked by no compiler, and a
 * name with a slip in it would leave a check out without a word.
 */
export function scenarioProblems(scenarios: unknown): string[] {
  return mapOf(type)(scenarios, "");
}

/** Throws TypeError for scenarios that are wrong. */
export function assertScenarios(scenarios: unknown): asserts scenarios is Scenarios {
  const problems = scenarioProblems(scenarios);
  if (problems.length > 0)
    throw new TypeError(`The scenarios are wrong:\n${problems.map((line) => `  ${line}`).join("\n")}`);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const kind =
  (isRight: (value: unknown) => boolean, name: string): Check =>
  (value, where) =>
    isRight(value) ? [] : [`${where}: It is no ${name}.`];
const anything: Check = () => [];
const text = kind((value) => typeof value === "string" && value !== "", "text");
const record = kind(isRecord, "object");

const inside = (where: string, key: string) => (where === "" ? key : `${where}.${key}`);

function mapOf(check: Check): Check {
  return (value, where) => {
    if (!isRecord(value)) return [`${where === "" ? "scenarios" : where}: It is no object.`];
    return Object.entries(value).flatMap(([key, item]) => check(item, inside(where, key)));
  };
}

function listOf(check: Check): Check {
  return (value, where) => {
    if (!Array.isArray(value)) return [`${where}: It is no list.`];
    return (value as unknown[]).flatMap((item, index) => check(item, `${where}[${index}]`));
  };
}

/** An object of these fields and no others. */
function object<T>(fields: Record<keyof T & string, Check>, ...needed: (keyof T & string)[]): Check {
  const names = Object.keys(fields);
  return (value, where) => {
    if (!isRecord(value)) return [`${where}: It is no object.`];
    const missing = needed.filter((name) => value[name] === undefined).map((name) => `${where}: It has no ${name}.`);
    const wrong = Object.entries(value).flatMap(([name, item]) => {
      if (Object.hasOwn(fields, name))
        return item === undefined ? [] : fields[name as keyof T & string](item, inside(where, name));
      const close = nearest(name, names);
      const meant = close === undefined ? `There are: ${names.join(", ")}.` : `Did you mean ${close}?`;
      return [`${where}: There is no ${name}. ${meant}`];
    });
    return [...missing, ...wrong];
  };
}

const reply = object<Reply>({
  status: kind(Number.isInteger, "whole number"),
  statusText: text,
  headers: mapOf(kind((value) => typeof value === "string", "text")),
  json: anything,
  text: kind((value) => typeof value === "string", "text"),
  bytes: kind((value) => value instanceof Uint8Array, "Uint8Array"),
});

const ROUTE = /^[A-Z]+ (?:https?:\/\/[^/?]+)?(?:\/[^?]*)?(?:\?.*)?$/;
const route = (name: string, where: string) =>
  ROUTE.test(name) && !name.endsWith(" ")
    ? []
    : [`${where}: ${JSON.stringify(name)} is no request. Write its method and its path: "POST /pages".`];

const answers: Check = (value, where) => {
  if (!isRecord(value)) return [`${where}: It is no object.`];
  return Object.entries(value).flatMap(([name, answer]) => {
    const at = `${where}[${JSON.stringify(name)}]`;
    if (typeof answer === "function") return route(name, where);
    if (Array.isArray(answer) && answer.length === 0) return [...route(name, where), `${at}: It is empty.`];
    return [...route(name, where), ...(Array.isArray(answer) ? listOf(reply) : reply)(answer, at)];
  });
};

const connector = object<ConnectorInput>({ config: record, secrets: record });

const action = object<ActionScenarios>(
  {
    examples: listOf(
      object<Example>({ name: text, input: anything, answers, output: anything, connector: text }, "input", "answers"),
    ),
    antiExamples: listOf(object<AntiExample>({ input: anything, reason: text }, "reason")),
    reversible: text,
    statuses: mapOf(object<StatusOutcome>({ outcome: text, reason: text }, "outcome", "reason")),
  },
  "examples",
);

const type = object<TypeScenarios>(
  {
    connector,
    connectors: mapOf(connector),
    test: answers,
    actions: mapOf(action),
    readme: answers,
    queries: listOf((value, where) => {
      if (typeof value === "function") return [];
      return typeof value === "string" ? route(value, where) : text(value, where);
    }),
    refusal: kind((value) => typeof value === "function", "function"),
    openapi: kind((value) => value instanceof URL, "URL: write new URL(…, import.meta.url)"),
  },
  "connector",
  "actions",
);
