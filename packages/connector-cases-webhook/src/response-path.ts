import { StepwireError } from "@stepwire/core";

/**
 * The text or number at a path such as `issue.id`, `items[0].key` or `items.0.key`; a top-level key that is spelt like
 * the whole path wins, as with lodash. Throws `response-missing-field` where nothing, null, or a structure stands there.
 */
export function readPath(data: unknown, path: string, what: string): string {
  const value = lookUp(data, path);
  if (typeof value === "string" && value.trim() !== "") return value;
  if (typeof value === "number") return String(value);
  const found =
    value === undefined
      ? "has no"
      : value === null
        ? "has null at"
        : typeof value === "string"
          ? "has an empty text at"
          : "has a structure at";
  throw new StepwireError(
    "response-missing-field",
    `The answer ${found} ${path}, where ${what} should be. It has: ${outline(data)}.`,
    {
      details: { path },
    },
  );
}

function lookUp(data: unknown, path: string): unknown {
  if (isRecord(data) && Object.hasOwn(data, path)) return data[path];
  const keys = [...path.matchAll(/\[(?:"([^"]*)"|'([^']*)')\]|([^.[\]]+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? "",
  );
  let value: unknown = data;
  for (const key of keys) {
    if (!isRecord(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The keys of an answer, so that the right path can be found without seeing its values. */
function outline(data: unknown): string {
  if (!isRecord(data)) return data === null ? "no body" : `a ${typeof data}`;
  const keys = Object.entries(data)
    .slice(0, 20)
    .map(([key, value]) => (isRecord(value) ? `${key}.{${Object.keys(value).slice(0, 10).join(", ")}}` : key));
  return keys.length === 0 ? "no keys" : keys.join(", ");
}
