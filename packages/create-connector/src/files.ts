import type { Answers } from "./answers.ts";
import { LOGINS } from "./login.ts";
import { camelCase, kebabCase, parametersOf, typeConstant } from "./names.ts";
import { requestOf } from "./request.ts";

/** The files of a connector package by their path, made of templates; see `readTemplates`. */
export function files(answers: Answers, templates: (hasAnswer: boolean) => Map<string, string>): Map<string, string> {
  const values = placeholders(answers);
  const made = [...templates(answers.method !== "DELETE")].map(([template, text]): [string, string] => {
    const name = template.replace(/\/action\./, `/${kebabCase(answers.action)}.`);
    return [name, fill(text, values)];
  });
  return new Map(made.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Fills in `$NAME$`. Further lines of a value are indented like the first; a line that is left empty goes. */
function fill(text: string, values: Record<string, string>): string {
  return text.replaceAll(/^( *)(.*\$[A-Z_]+\$.*)\n/gm, (_, indent: string, line: string) => {
    const filled = line.replaceAll(/\$([A-Z_]+)\$/g, (placeholder, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`A template asks for ${placeholder}, which nobody gives.`);
      return value.replaceAll("\n", `\n${indent}`);
    });
    return /^,?$/.test(filled) ? "" : `${indent}${filled}\n`;
  });
}

function placeholders(answers: Answers): Record<string, string> {
  const { name, title, action, path, method, "base-url": baseUrl } = answers;
  const [vendor = "", typeName = ""] = name.split("/");
  const { origin, hostname, port, pathname } = new URL(baseUrl);
  const base = pathname.replace(/\/$/, "");
  const isCheap = method === "GET" && parametersOf(path).length === 0;
  return {
    ID: name,
    VENDOR: vendor,
    SYSTEM: typeName,
    TITLE: title,
    PACKAGE: answers.package,
    ACTION: action,
    ACTION_FILE: kebabCase(action),
    TYPE: typeConstant(camelCase(typeName), action),
    CONNECTOR_NAME: `my-${typeName}`,
    BASE_URL: baseUrl,
    ORIGIN: origin,
    // A host is trusted on the standard port alone; the base URL always is.
    HOST: port === "" ? JSON.stringify(hostname) : "",
    TEST: isCheap
      ? `test: (ctx) => ctx.request({ method: "GET", path: ${JSON.stringify(path)} })`
      : "// Give it a test, so that users can try a connector: a request that only reads.\n" +
        '// test: (ctx) => ctx.request({ method: "GET", path: "/me" })',
    TEST_ANSWERS: isCheap ? `test: { "GET ${base}${path}": { json: { id: "1" } } }` : "",
    ...loginPlaceholders(answers, typeName),
    ...requestOf(answers, base),
  };
}

function loginPlaceholders({ auth, title }: Answers, typeName: string): Record<string, string> {
  const { credentials, code, isEnvelope } = LOGINS[auth];
  const schema = credentials.map(
    ({ key, about }) => `  ${key}: z.string().min(1).max(4096).describe("${about} of ${title}"),\n`,
  );
  const made = credentials.map(({ key }) => `${key}: "${key}-of-the-tests"`);
  const variable = (key: string) => `${typeName}_${kebabCase(key)}`.replaceAll("-", "_").toUpperCase();
  const yaml = credentials.map(({ key }) => `\n  ${key}: \${env:${variable(key)}}`);
  const isPlain = credentials.length === 0;
  return {
    AUTH: code,
    SECRETS: isPlain || isEnvelope === true ? "z.strictObject({})" : `z.strictObject({\n${schema.join("")}})`,
    CONNECTOR: isPlain ? "{}" : `{ secrets: { ${made.join(", ")} } }`,
    CONNECTOR_YAML: isPlain ? "" : `secrets:${yaml.join("")}`,
  };
}
