// The pieces of the page: one heading a file of the contract, one below it for each thing that the file exports.
import path from "node:path";

import { code, table } from "../reference/markdown.mjs";
import { docstringOf, signatureOf } from "./signature.mjs";

/** In the order in which somebody who writes a connector meets them. */
const FILES = {
  "plugin.ts": "Packages",
  "connector-type.ts": "Connector types",
  "connection.ts": "Connections",
  "auth.ts": "Authentication",
  "action.ts": "Actions",
  "context.ts": "What an action may touch",
  "http.ts": "Requests and answers",
  "errors.ts": "Errors",
  "error-codes.ts": "Codes of errors",
  "partial-success.ts": "Writes of several parts",
  "step.ts": "Steps without a connection",
  "schema.ts": "Schemas",
  "units.ts": "Durations and sizes",
  "nearest.ts": "Misspelt names",
  "finding.ts": "Findings",
  "manifest.ts": "The manifest",
  "create-manifest.ts": "Making a manifest",
  "contract.ts": "The number of the contract",
};

/** What is wrong with the exports, for the page to be whole; empty where nothing is. */
export function problemsOf(declarations) {
  return declarations.flatMap((declaration) => {
    const file = path.basename(declaration.file);
    return [
      ...(docstringOf(declaration) === undefined
        ? [`${declaration.name} of ${file} has no docstring. Say above it what it is for, with units and errors.`]
        : []),
      ...(FILES[file] === undefined
        ? [`${file} has no heading. Give it one under FILES of scripts/contract/sections.mjs.`]
        : []),
    ];
  });
}

/** `values`: what the package exports when it is run. */
export function contractSections(declarations, values) {
  return Object.entries(FILES).flatMap(([file, title]) => {
    const own = declarations.filter((declaration) => path.basename(declaration.file) === file);
    return own.length === 0 ? [] : [`## ${title}`, ...own.flatMap((declaration) => entry(declaration, values))];
  });
}

function entry(declaration, values) {
  const { name } = declaration;
  return [
    `### ${code(name)}`,
    words(docstringOf(declaration) ?? ""),
    `\`\`\`ts\n${signatureOf(declaration)}\n\`\`\``,
    ...valuesTable(values[name]),
  ];
}

const words = (docstring) =>
  docstring
    .replaceAll(/\{@link ([\w.]+)\}/g, (_, target) => code(target))
    .replaceAll(/^@param (\w+)/gm, "\n- $1:")
    .replaceAll(/^@returns/gm, "\n- Gives");

/** A record of records, such as the codes of errors. */
function valuesTable(value) {
  const rows = Object.entries(value ?? {});
  const [first] = rows;
  if (Array.isArray(value) || typeof first?.[1] !== "object") return [];
  const columns = Object.keys(first[1]);
  const cells = (row) => columns.map((column) => String(row[column]));
  return [
    table(
      ["", ...columns.map(code)],
      rows.map(([name, row]) => [code(name), ...cells(row)]),
    ),
  ];
}
