import type {
  Effect,
  EnvelopeMethod,
  Idempotency,
  JsonSchema,
  ManifestConnectorType,
  ManifestStep,
} from "@stepwire/core";

import { cleanLine } from "./clean.ts";
import { paint, printLine, section, table } from "./terminal.ts";

/** The package a type comes from. */
interface From {
  name: string;
  version: string;
  steps: readonly ManifestStep[];
}

/** A type as one page, by which people decide whether to trust it with their credentials. */
export function printType(type: ManifestConnectorType, from: From): void {
  printLine(`${paint("bold", type.id)}  ${cleanLine(`${type.title}: ${type.description}`)}`);
  const aliases = type.aliases.filter((alias) => alias !== `.${type.id}`);
  printLine(
    table(
      [
        ["package", `${from.name} ${from.version}`],
        ...(aliases.length === 0 ? [] : [["also called", aliases.join(", ")]]),
        ["connector", type.optional ? "optional: workflows can use it with none" : "required"],
        ["config", keysOf(type.config)],
        ["secrets", secretsOf(type)],
      ].map(cleanRow),
      "  ",
    ),
  );
  section("Where credentials go", whereOf(type).map(cleanRow));
  section(
    "How they are placed",
    type.auth.flatMap(({ kind, methods }) => placesOf(kind, methods)).map((place) => cleanRow([place])),
  );
  printLine(`\n${paint("bold", "Actions")}`);
  for (const [name, action] of Object.entries(type.actions)) {
    const mark = name === type.defaultAction ? " (default)" : "";
    printWork(`${type.id}.${name}${mark}`, action, repeatedText(action.idempotency));
  }
  if (from.steps.length > 0) printLine(`\n${paint("bold", "Steps of the same package")}`);
  for (const step of from.steps) printStep(step);
  printLine(
    "\nWith a star: must be given. All this is what the package says of itself; its code runs with your rights.",
  );
}

/** A step of a package, which has no connector and gets no credentials. */
export function printStep(step: ManifestStep): void {
  printWork(step.type, step, step.effect === "read" ? "done again after a crash" : "not done again after a crash");
}

function printWork(name: string, work: Omit<ManifestStep, "type">, repeated: string): void {
  printLine(`  ${name}  ${cleanLine(work.summary)}`);
  printLine(`      ${EFFECT[work.effect]}; ${cleanLine(`${repeated}; with: ${keysOf(work.input)}`)}`);
}

const EFFECT: Record<Effect, string> = {
  read: "reads",
  write: "changes things in the other system",
  destroy: "takes things away for good",
};

function repeatedText(idempotency: Idempotency): string {
  if (idempotency === "natural") return "may be repeated by itself";
  if (idempotency === "none") return "repeated by itself only where it reads or surely was not done";
  return `may be repeated by itself, with a key in the header ${idempotency.header}`;
}

function whereOf({ hosts }: ManifestConnectorType): string[][] {
  return [
    ...hosts.map((host) => [host, "over https"]),
    ["a connector's own", "the origins of the URLs in its config and secrets, and network.trustedOrigins"],
  ];
}

/** What a method of the envelope places where, and the secrets it asks for. */
const ENVELOPE: Record<EnvelopeMethod, { place: string; secrets: readonly string[] }> = {
  none: { place: "nowhere, if a connector says hasAuth: false", secrets: [] },
  basic: { place: "user and password in the header Authorization (basic)", secrets: ["user", "password"] },
  ssl: { place: "a client certificate in the TLS handshake", secrets: ["crt", "key", "pfx", "password"] },
  "oauth2-client-credentials": {
    place: "the client's secret to its accessTokenUrl, the token from there in the header Authorization",
    secrets: ["clientSecret"],
  },
  "query-param": { place: "a parameter in the query of every URL", secrets: ["secretQueryParams"] },
};

/** Beside whichever method a connector chooses. */
const ALWAYS = {
  place: "headers and parameters that its secrets hold, in every request",
  secrets: ["secretHeaders", "secretQueryParams"],
};

// What is no list is no bound.
const methodsOf = (methods: readonly string[] | undefined) =>
  (Array.isArray(methods) ? (methods as readonly string[]) : Object.keys(ENVELOPE)).flatMap((method) =>
    Object.hasOwn(ENVELOPE, method) ? [ENVELOPE[method as EnvelopeMethod]] : [],
  );

const PLACES: Record<string, string> = {
  none: "nowhere: it has none",
  basic: "user and password in the header Authorization (basic)",
  bearer: "a token in the header Authorization (bearer)",
  apiKey: "an API key in a header or in the query",
  custom: "in the package's own way, by its own code",
};

function placesOf(kind: string, methods: readonly string[] | undefined): string[] {
  if (kind === "envelope") return [...methodsOf(methods), ALWAYS].map(({ place }) => place);
  return [Object.hasOwn(PLACES, kind) ? (PLACES[kind] ?? kind) : kind];
}

function secretsOf({ secrets, auth }: ManifestConnectorType): string {
  const envelope = auth.find(({ kind }) => kind === "envelope");
  if (envelope === undefined) return keysOf(secrets);
  const names = new Set([...methodsOf(envelope.methods), ALWAYS].flatMap((method) => method.secrets));
  return [keysOf(secrets), ...names].filter((name) => name !== "none").join(" ");
}

/** Names of a schema's properties; those that must be given bear a star. */
function keysOf(schema: JsonSchema): string {
  const properties = Object.keys((schema["properties"] as object | undefined) ?? {});
  const required = new Set(Array.isArray(schema["required"]) ? (schema["required"] as unknown[]) : []);
  const names = properties.map((name) => (required.has(name) ? `${name}*` : name));
  return names.length === 0 ? "none" : names.join(" ");
}

const cleanRow = (row: readonly string[]): string[] => row.map((cell) => cleanLine(cell));
