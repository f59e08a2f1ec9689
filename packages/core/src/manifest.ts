import type { Effect, Idempotency } from "./action.ts";
import type { JsonSchema } from "./schema.ts";

/** What a package says of itself without being run; written by `stepwire-manifest`, read by hosts. */
export interface Manifest {
  contract: number;
  name: string;
  version: string;
  /** The file to import, relative to the package's folder. */
  entry: string;
  /** `sha256-<base64>` over the files the package is published with, but for this one. */
  digest: string;
  connectorTypes: ManifestConnectorType[];
  steps: ManifestStep[];
}

/** A connector type in a manifest. `config` and `secrets` are what they accept, as JSON Schema (draft 2020-12). */
export interface ManifestConnectorType {
  id: string;
  title: string;
  description: string;
  aliases: string[];
  /** Usable with no connector. */
  optional: boolean;
  auth: { kind: string; methods?: string[] }[];
  hosts: string[];
  config: JsonSchema;
  secrets: JsonSchema;
  /** Whether there is a test that only reads. */
  testable: boolean;
  defaultAction?: string;
  subActions: Record<string, string>;
  actions: Record<string, ManifestAction>;
  /** Absent where the type has none. */
  presets?: ManifestPreset[];
}

/** A preset in a manifest; see `Preset`. */
export interface ManifestPreset {
  name: string;
  description: string;
  config: Record<string, unknown>;
}

/** An action in a manifest. `input` is what it accepts, `output` what it gives, as JSON Schema (draft 2020-12). */
export interface ManifestAction {
  summary: string;
  effect: Effect;
  idempotency: Idempotency;
  input: JsonSchema;
  output: JsonSchema;
}

/** A step type in a manifest, with schemas as in an action. */
export interface ManifestStep {
  type: string;
  summary: string;
  effect: Effect;
  input: JsonSchema;
  output: JsonSchema;
}

const TYPE_ID = /^(?:[A-Za-z0-9_-]+\/)?[A-Za-z0-9_-]+$/;
const STEP_TYPE = /^(?:[A-Za-z0-9_-]+\/)?[A-Za-z0-9_.-]+$/;
const ACTION_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const EFFECTS = new Set<unknown>(["read", "write", "destroy"]);

/**
 * What is wrong with a would-be manifest; an empty list means it is one. The
 * contract number is judged by the host, which may know more than one.
 */
export function manifestProblems(value: unknown): string[] {
  const problems: string[] = [];
  const need = (ok: boolean, message: string) => {
    if (!ok) problems.push(message);
    return ok;
  };
  if (!need(isRecord(value), "it is not an object") || !isRecord(value)) return problems;
  need(Number.isInteger(value["contract"]), "contract: not a whole number");
  for (const key of ["name", "version", "entry", "digest"]) {
    need(typeof value[key] === "string" && value[key] !== "", `${key}: not a text`);
  }
  const entry = value["entry"];
  const outside =
    typeof entry === "string" && (/^(?:\/|[A-Za-z]:|\\)/.test(entry) || entry.split(/[\\/]/).includes(".."));
  need(!outside, "entry: outside the package");

  const types = value["connectorTypes"];
  if (need(Array.isArray(types), "connectorTypes: not a list") && Array.isArray(types)) {
    types.forEach((type, index) => problems.push(...connectorTypeProblems(type, `connectorTypes[${index}]`)));
  }
  const steps = value["steps"];
  if (need(Array.isArray(steps), "steps: not a list") && Array.isArray(steps)) {
    steps.forEach((step, index) => problems.push(...stepProblems(step, `steps[${index}]`)));
  }
  return problems;
}

function connectorTypeProblems(type: unknown, at: string): string[] {
  if (!isRecord(type)) return [`${at}: not an object`];
  const problems: string[] = [];
  const need = (ok: boolean, message: string) => void (ok || problems.push(`${at}.${message}`));
  need(typeof type["id"] === "string" && TYPE_ID.test(type["id"]), "id: not a type id such as slack or vendor/name");
  for (const key of ["title", "description"]) need(typeof type[key] === "string", `${key}: not a text`);
  for (const key of ["optional", "testable"]) need(typeof type[key] === "boolean", `${key}: not true or false`);
  for (const key of ["aliases", "hosts"]) need(isTextList(type[key]), `${key}: not a list of texts`);
  for (const key of ["config", "secrets"]) need(isRecord(type[key]), `${key}: not a JSON Schema`);
  const auth = type["auth"];
  need(
    Array.isArray(auth) && auth.every((kind) => isRecord(kind) && typeof kind["kind"] === "string"),
    "auth: not a list of kinds",
  );
  const actions = type["actions"];
  if (!isRecord(actions) || Object.keys(actions).length === 0) return [...problems, `${at}.actions: none`];
  for (const [name, action] of Object.entries(actions)) {
    need(ACTION_NAME.test(name), `actions.${name}: not a name made of letters, digits and _`);
    problems.push(...actionProblems(action, `${at}.actions.${name}`));
    if (isRecord(action))
      need(isIdempotency(action["idempotency"]), `actions.${name}.idempotency: not natural, none or a header`);
  }
  const defaultAction = type["defaultAction"];
  need(defaultAction === undefined || isNameOf(defaultAction, actions), "defaultAction: no such action");
  const presets = type["presets"];
  need(presets === undefined || (Array.isArray(presets) && presets.every(isPreset)), "presets: not a list of presets");
  const subActions = type["subActions"];
  need(
    isRecord(subActions) && Object.values(subActions).every((name) => isNameOf(name, actions)),
    "subActions: leads to no action",
  );
  return problems;
}

function stepProblems(step: unknown, at: string): string[] {
  if (!isRecord(step)) return [`${at}: not an object`];
  const typed = typeof step["type"] === "string" && STEP_TYPE.test(step["type"]);
  return [...(typed ? [] : [`${at}.type: not a step type`]), ...actionProblems(step, at)];
}

function actionProblems(action: unknown, at: string): string[] {
  if (!isRecord(action)) return [`${at}: not an object`];
  const problems: string[] = [];
  if (typeof action["summary"] !== "string" || action["summary"] === "") problems.push(`${at}.summary: missing`);
  if (!EFFECTS.has(action["effect"])) problems.push(`${at}.effect: not read, write or destroy`);
  for (const key of ["input", "output"]) if (!isRecord(action[key])) problems.push(`${at}.${key}: not a JSON Schema`);
  return problems;
}

function isIdempotency(value: unknown): value is Idempotency {
  return value === "natural" || value === "none" || (isRecord(value) && typeof value["header"] === "string");
}

function isPreset(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value["config"])) return false;
  return ["name", "description"].every((key) => typeof value[key] === "string" && value[key] !== "");
}

function isNameOf(name: unknown, actions: Record<string, unknown>): boolean {
  return typeof name === "string" && Object.hasOwn(actions, name);
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
