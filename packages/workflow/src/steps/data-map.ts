import { MAX_ITEMS, MAX_MAP_DEPTH } from "../data/limits.ts";
import { mapItem, TooManyElements, type Mapping, type Names } from "../data/map.ts";
import { checkKeys, complain, readMap, readText, type Reader } from "../read/reader.ts";
import type { Place } from "../read/sites.ts";
import { readTree } from "../read/texts.ts";
import type { Path } from "../template/tree.ts";
import { isRecord } from "../values.ts";
import { readItemsOrMap } from "./data-list.ts";
import { invalid, readOptions } from "./data-options.ts";
import { dataStep } from "./data-step.ts";
import { ITEMS } from "./editor.ts";

const STANDARD: Names = { item: "item", index: "index" };

/**
 * Each element of a list in a new shape; one map alone gives one map. A map of `fields` with the key `$map` becomes a
 * list: one for each element of the list that `$map.items` gives, empty where that is no list.
 */
export const dataMap = dataStep({
  type: "data.map",
  title: "Gives each element of a list a new shape",
  beside: { items: { ...ITEMS, type: ["string", "array", "object"], title: "list or map" } },
  with: {
    properties: {
      fields: {
        type: "object",
        description: "The new shape. Values may read item and index; `$map` goes through a list inside of the element.",
      },
    },
    required: ["fields"],
  },
  read(r, step) {
    const { path, map, place, site } = step;
    const items = readItemsOrMap(r, step);
    const hint = 'Write the new shape, such as `with: { fields: { id: "${{ item._id }}" } }`.';
    const keys = { hint, with: [], apart: { fields: hint }, source: "items" };
    const options = readOptions(r, step, keys, () => undefined);
    const params = map["with"];
    if (options === undefined || !isRecord(params)) return undefined;
    const at = [...path, "with", "fields"];
    const fields = readMap(r, at, params["fields"], `"fields"`);
    if (fields === undefined || items === undefined) return undefined;
    if ("$map" in fields) {
      complain(r, [...at, "$map"], {
        message: `"$map" stands in "fields" itself, which is mapped already.`,
        hint: 'Put it in a map inside of "fields".',
      });
      return undefined;
    }
    const to = readMapping(r, at, fields, { ...place, locals: Object.values(STANDARD) }, 0);
    return (scope, begin) => {
      begin({});
      const source = items(scope);
      const count = { elements: 0 };
      const one = (item: unknown, index: number): unknown => mapItem(to, STANDARD, item, index, scope, count);
      try {
        return Array.isArray(source) ? source.map(one) : one(source, 0);
      } catch (error) {
        if (!(error instanceof TooManyElements)) throw error;
        const message = `Step "${site.name}" makes more than ${MAX_ITEMS} elements, those of "$map" included.`;
        throw invalid(message, { limit: MAX_ITEMS });
      }
    };
  },
});

function readMapping(r: Reader, path: Path, value: unknown, place: Place, depth: number): Mapping {
  if (Array.isArray(value)) {
    return { kind: "list", items: value.map((item, index) => readMapping(r, [...path, index], item, place, depth)) };
  }
  if (!isRecord(value)) return { kind: "value", tree: readTree(r, path, value, place) };
  if ("$map" in value) return readEach(r, path, value, place, depth + 1);
  return {
    kind: "map",
    entries: Object.keys(value).map((key) => [key, readMapping(r, [...path, key], value[key], place, depth)] as const),
  };
}

/** A map with `$map`; what is wrong with it is a finding. */
function readEach(r: Reader, path: Path, value: Record<string, unknown>, place: Place, depth: number): Mapping {
  const { $map: each, ...fields } = value;
  const at = [...path, "$map"];
  if (depth > MAX_MAP_DEPTH) {
    complain(r, at, { message: `"$map" stands inside ${MAX_MAP_DEPTH} others, and that is as deep as it may be.` });
    return { kind: "list", items: [] };
  }
  const map = readMap(r, at, each, `"$map"`) ?? {};
  const misspelt = checkKeys(r, at, map, ["items", "item", "index"], `"$map"`);
  if (isRecord(each) && !("items" in map) && !misspelt.has("items")) {
    complain(r, at, { message: `"$map" has no "items".`, hint: "Write the list, such as `items: ${{ item.tags }}`." });
  }
  const items = readTree(r, [...at, "items"], map["items"], place);
  const names = { item: readName(r, at, map, "item"), index: readName(r, at, map, "index") };
  const inner = { ...place, locals: [...(place.locals ?? []), ...Object.values(names)] };
  return { kind: "each", items, names, to: readMapping(r, path, fields, inner, depth) };
}

/** What an element or its place is called; as templates can read it. */
function readName(r: Reader, path: Path, map: Record<string, unknown>, key: keyof Names): string {
  if (!(key in map)) return STANDARD[key];
  const name = readText(r, [...path, key], map[key], `"${key}" of "$map"`);
  if (name === undefined || (/^[A-Za-z_]\w*$/.test(name) && name !== "__proto__")) return name ?? STANDARD[key];
  complain(r, [...path, key], { message: `"${name}" is no name that a template can read.` }, "value");
  return STANDARD[key];
}
