type Json = Record<string, unknown>;

export interface UsedOperation {
  readonly method: string;
  /** As the document writes it: `/pages/{id}`. */
  readonly path: string;
}

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** Words for people, and what only tools read: neither is ever checked. */
const LEFT_OUT = /^(?:description|summary|examples?|externalDocs|tags|security|deprecated|operationId|title|x-.*)$/;

/**
 * The part of an OpenAPI document that some operations need: they themselves, and all that they refer to. `notes` stand in
 * it as they are, such as where it comes from.
 */
export function reduceDocument(document: Json, used: readonly UsedOperation[], notes: Json): Json {
  const paths: Json = {};
  for (const { method, path } of used) {
    const item = isRecord(document["paths"]) ? document["paths"][path] : undefined;
    if (!isRecord(item)) continue;
    const kept = (paths[path] ??= item["parameters"] === undefined ? {} : { parameters: item["parameters"] }) as Json;
    kept[method] = item[method];
  }
  const reduced: Json = {
    openapi: document["openapi"],
    info: Object.fromEntries(["title", "version", "license"].map((name) => [name, field(document["info"], name)])),
    "x-stepwire": notes,
    ...(document["servers"] === undefined ? {} : { servers: document["servers"] }),
    paths: bare(sorted(paths)),
  };
  for (const pointer of references(reduced["paths"], document)) put(reduced, pointer, bare(at(document, pointer)));
  return reduced;
}

const field = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);

/** Without what is left out; a property of a schema may bear such a name, and stays. */
function bare(value: unknown, isMapOfNames = false): unknown {
  if (Array.isArray(value)) return value.map((item) => bare(item));
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([key]) => isMapOfNames || !LEFT_OUT.test(key));
  return Object.fromEntries(
    kept.map(([key, item]) => [
      key,
      bare(item, /^(?:properties|paths|responses|schemas|parameters)$/.test(key) && isRecord(item)),
    ]),
  );
}

const sorted = (value: Json): Json =>
  Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Every `#/…` that is referred to, also from what is referred to, each once. */
function references(start: unknown, document: Json): string[] {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isRecord(value)) return;
    const { $ref } = value;
    if (typeof $ref === "string" && $ref.startsWith("#/") && !found.has($ref)) {
      found.add($ref);
      walk(at(document, $ref));
    }
    Object.values(value).forEach(walk);
  };
  walk(start);
  return [...found].toSorted();
}

const keysOf = (pointer: string) =>
  pointer
    .slice(2)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));

function at(document: Json, pointer: string): unknown {
  let node: unknown = document;
  for (const key of keysOf(pointer)) node = isRecord(node) && Object.hasOwn(node, key) ? node[key] : undefined;
  return node;
}

function put(document: Json, pointer: string, value: unknown): void {
  const keys = keysOf(pointer);
  let node = document;
  for (const key of keys.slice(0, -1)) node = (isRecord(node[key]) ? node[key] : (node[key] = {})) as Json;
  node[keys.at(-1) ?? ""] = value;
}
