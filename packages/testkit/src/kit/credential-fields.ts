import type { JsonSchema } from "@stepwire/core";

const NOUN =
  "(?:tokens?|passwords?|passwd|passphrase|secrets?|credentials?|(?:api|private|access|secret|signing) ?key)";
const NAME = new RegExp(`(?:^| )${NOUN}$`);
/** What a description says that the field is: the words before anything is added to them. */
const HEAD = new RegExp(
  `^[^.,:;(]*?\\b${NOUN}(?=$|[.,:;()]| (?:of|for|to|from|that|which|with|by|in|on|at|as|you|whose)\\b)`,
  "i",
);
const NOT_HEAD = /\b(?:of|for|to|from|that|which|with|by|where|whether|how|url|name|id)\b/i;

/** The texts in a schema that are credentials by their name or description, as paths such as `.proxy.password`. */
export function credentialFields(schema: JsonSchema): string[] {
  const found: string[] = [];
  const walk = (node: JsonSchema, path: string): void => {
    for (const [name, field] of Object.entries((node["properties"] ?? {}) as Record<string, JsonSchema>)) {
      const place = `${path}.${name}`;
      if (takesText(field) && isCredential(name, field["description"])) found.push(place);
      walk(field, place);
    }
  };
  walk(schema, "");
  return found;
}

function isCredential(name: string, description: unknown): boolean {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[-_]/g, " ")
    .toLowerCase();
  const head = typeof description === "string" ? HEAD.exec(description)?.[0] : undefined;
  return NAME.test(words) || (head !== undefined && !NOT_HEAD.test(head));
}

/** Any text: neither one of a few words nor an address. */
function takesText(field: JsonSchema): boolean {
  const kinds = [field, ...((field["anyOf"] ?? []) as JsonSchema[])];
  return kinds.some(
    (kind) =>
      kind["type"] === "string" &&
      kind["enum"] === undefined &&
      kind["const"] === undefined &&
      kind["format"] !== "uri",
  );
}
