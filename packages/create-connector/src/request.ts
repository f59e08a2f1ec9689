import type { Answers, Method } from "./answers.ts";
import { parametersOf } from "./names.ts";

const NATURE: Record<Method, { readonly effect: string; readonly idempotency: string }> = {
  GET: { effect: "read", idempotency: "natural" },
  POST: { effect: "write", idempotency: "none" },
  PUT: { effect: "write", idempotency: "natural" },
  PATCH: { effect: "write", idempotency: "none" },
  DELETE: { effect: "destroy", idempotency: "natural" },
};

interface Parameter {
  readonly name: string;
  readonly about: string;
  readonly max: number;
  readonly sample: string;
  /** One that goes wrong where it is not encoded. */
  readonly hard: string;
}

/** What the action's method and path make of it, its tests and its README; `base` is the base URL's path. */
export function requestOf({ action, title, method, path }: Answers, base: string): Record<string, string> {
  const names = parametersOf(path);
  const inPath = names.map((name): Parameter => {
    return { name, about: `Stands for {${name}} in ${path}`, max: 200, sample: "1", hard: "a/b" };
  });
  const inBody: Parameter[] =
    method === "GET" || method === "DELETE"
      ? []
      : [
          {
            name: names.includes("text") ? "content" : "text",
            about: "What to say",
            max: 4000,
            sample: "Hello",
            hard: "Hello & {{ 1 }}",
          },
        ];
  const parameters = [...inPath, ...inBody];
  return {
    METHOD: method,
    SUMMARY: `Sends ${method} ${path} to ${title}`,
    EFFECT: NATURE[method].effect,
    IDEMPOTENCY: NATURE[method].idempotency,
    RUN_PARAMETERS: parameters.length === 0 ? "ctx" : "ctx, input",
    INPUT: inputSchema(parameters),
    REQUEST: requestCode(method, path, inBody),
    SAMPLE_INPUT: values(parameters, "sample"),
    SAMPLE_PATH: `${base}${filled(path, "1")}`,
    HARD_INPUT: values(parameters, "hard"),
    HARD_PATH: `${base}${filled(path, "a/b")}`,
    HARD_BODY: inBody.length === 0 ? "undefined" : values(inBody, "hard"),
    SAMPLE_OUTPUT: method === "DELETE" ? "{}" : '{ id: "1" }',
    REPLY: replyCode(method),
    WITH: withYaml(parameters),
    PARAMETERS: table(parameters, action),
  };
}

function replyCode(method: Method): string {
  if (method === "DELETE") return "{ status: 204 }";
  return method === "POST" ? '{ status: 201, json: { id: "1" } }' : '{ json: { id: "1" } }';
}

const filled = (path: string, value: string): string => path.replaceAll(/\{[^{}]*\}/g, encodeURIComponent(value));

const values = (parameters: readonly Parameter[], kind: "sample" | "hard"): string =>
  object(parameters.map((parameter) => `${parameter.name}: ${JSON.stringify(parameter[kind])}`));

const object = (pairs: readonly string[]): string => (pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`);

function inputSchema(parameters: readonly Parameter[]): string {
  const lines = parameters.map(
    ({ name, about, max }) => `  ${name}: z.string().min(1).max(${max}).describe(${JSON.stringify(about)}),\n`,
  );
  return lines.length === 0 ? "z.strictObject({})" : `z.strictObject({\n${lines.join("")}})`;
}

function requestCode(method: Method, path: string, inBody: readonly Parameter[]): string {
  const hasParameters = path.includes("{");
  const code = hasParameters
    ? `\`${path.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => `\${encodeURIComponent(input.${name})}`)}\``
    : JSON.stringify(path);
  const json = hasParameters ? object(inBody.map(({ name }) => `${name}: input.${name}`)) : "input";
  const parts = [
    `method: "${method}"`,
    `path: ${code}`,
    ...(inBody.length === 0 ? [] : [`json: ${json}`]),
    ...(method === "DELETE" ? [] : ["expect: Answer"]),
  ];
  return `{\n${parts.map((part) => `  ${part},\n`).join("")}}`;
}

function withYaml(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return "";
  return `with:${parameters.map(({ name, sample }) => `\n  ${name}: "${sample}"`).join("")}`;
}

function table(parameters: readonly Parameter[], action: string): string {
  if (parameters.length === 0) return `${action} takes nothing.`;
  const rows = [
    ["Parameter", "What it is"],
    ...parameters.map(({ name, about, max }) => [`\`${name}\``, `${about}; up to ${max} characters`]),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`);
  return lines.toSpliced(1, 0, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`).join("\n");
}
