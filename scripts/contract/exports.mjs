// What an entry file exports, found in the sources it names.
import { readFileSync } from "node:fs";
import path from "node:path";

import { parseSync } from "oxc-parser";

/** A module's text, and what it declares at its top level, by name. */
function readModule(file) {
  const text = readFileSync(file, "utf8");
  const { program, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0].message}`);
  const declarations = new Map();
  for (const node of program.body) {
    const declaration = node.type === "ExportNamedDeclaration" ? node.declaration : node;
    const name = declaration?.id?.name ?? declaration?.declarations?.[0]?.id.name;
    if (name !== undefined)
      declarations.set(name, { name, file, text, node: declaration, start: node.start, comments });
  }
  return { declarations, program };
}

/** Every declaration that `entry` exports by name from other files, in its order. */
export function exportsOf(entry) {
  const found = [];
  for (const { type, source, specifiers } of readModule(entry).program.body) {
    if (type !== "ExportNamedDeclaration" || source === null)
      throw new Error(`${entry} exports in a way that this page does not know: name what is exported, and from where.`);
    const { declarations } = readModule(path.join(path.dirname(entry), source.value));
    for (const { exported } of specifiers) {
      const declaration = declarations.get(exported.name);
      if (declaration === undefined) throw new Error(`${source.value} does not declare ${exported.name}.`);
      found.push(declaration);
    }
  }
  return withTheirParts(found);
}

/** With what the exports are made of and their own files keep to themselves: a reader cannot look it up elsewhere. */
function withTheirParts(exported) {
  const all = [...exported];
  // The list grows while it is read: parts have parts.
  for (const declaration of all) {
    for (const part of readModule(declaration.file).declarations.values()) {
      const isNew = !all.some(({ name }) => name === part.name);
      if (isNew && isType(part.node) && mentions(declaration, part.name)) all.push(part);
    }
  }
  return all.toSorted((a, b) => a.start - b.start);
}

const isType = ({ type }) => type === "TSInterfaceDeclaration" || type === "TSTypeAliasDeclaration";

const mentions = ({ text, node }, name) => new RegExp(`\\b${name}\\b`).test(text.slice(node.start, node.end));
