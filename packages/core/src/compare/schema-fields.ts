import type { JsonSchema } from "../schema.ts";
import { constraintsOf, isRecord, readSchema, same } from "./schema-nodes.ts";
import { narrower, shown, type SchemaChange, type Walk } from "./schema-walk.ts";

/** The fields of maps: which there are, which must be there, and what may be there besides. */
export function compareFields(walk: Walk, before: JsonSchema, after: JsonSchema, at: string): SchemaChange[] {
  const [old, fresh] = [fieldsOf(before), fieldsOf(after)];
  const names = new Set([...old.required, ...Object.keys(old.fields), ...fresh.required, ...Object.keys(fresh.fields)]);
  const changes = [...names].flatMap((name): SchemaChange[] => {
    const place = at === "" ? name : `${at}.${name}`;
    const was = Object.hasOwn(old.fields, name);
    const is = Object.hasOwn(fresh.fields, name);
    if (was && !is) return [{ kind: "less", at: place, message: "is gone" }];
    if (is && !was) return newField(walk, before, fresh, name, place);
    const inside = was ? walk.compare(old.fields[name], fresh.fields[name], place) : [];
    return [...inside, ...comparePresence(walk, old, fresh, name, place)];
  });
  return [...changes, ...compareRest(walk, before, after, at)];
}

interface Fields {
  fields: Record<string, unknown>;
  required: string[];
}

function fieldsOf(schema: JsonSchema): Fields {
  const { properties, required } = schema;
  return {
    fields: isRecord(properties) ? properties : {},
    required: Array.isArray(required) ? (required as string[]) : [],
  };
}

function newField(walk: Walk, before: JsonSchema, fresh: Fields, name: string, at: string): SchemaChange[] {
  const needed = fresh.required.includes(name);
  const news: SchemaChange =
    walk.side === "input" && needed
      ? { kind: "less", at, message: "is new and must be given" }
      : { kind: "more", at, message: "is new" };
  // A map of names to values of one kind had the field already, if it was given.
  const rest = readSchema(before["additionalProperties"], walk.before);
  const typed = rest !== false && constraintsOf(rest).length > 0;
  return typed ? [news, ...walk.compare(rest, fresh.fields[name], at)] : [news];
}

function comparePresence(walk: Walk, old: Fields, fresh: Fields, name: string, at: string): SchemaChange[] {
  const was = old.required.includes(name);
  const is = fresh.required.includes(name);
  if (!was && is) return [narrower(walk, at, walk.side === "input" ? "must be given now" : "is always there now")];
  if (was && !is) {
    return walk.side === "input"
      ? [{ kind: "more", at, message: "need not be given any more" }]
      : [{ kind: "less", at, message: "is not always there any more" }];
  }
  if (was || walk.side === "output") return [];
  const [before, after] = [defaultOf(old.fields[name], walk.before), defaultOf(fresh.fields[name], walk.after)];
  // Who leaves the field out gets something else, which nobody who reads the workflow can see.
  return same(before, after)
    ? []
    : [{ kind: "less", at, message: `where it is left out, ${shown(after)} is taken, before ${shown(before)}` }];
}

function defaultOf(field: unknown, root: JsonSchema): unknown {
  const schema = readSchema(field, root);
  return schema === false ? undefined : schema["default"];
}

/** What a map may hold besides the fields that are named. */
function compareRest(walk: Walk, before: JsonSchema, after: JsonSchema, at: string): SchemaChange[] {
  const [old, fresh] = [before["additionalProperties"], after["additionalProperties"]];
  if ((old === false) !== (fresh === false)) {
    // On both sides: who reads an output passes over fields that are not for them, and misses those that are.
    return old === false
      ? [{ kind: "more", at, message: "may hold further fields" }]
      : [{ kind: "less", at, message: "can hold no further fields any more" }];
  }
  if (old === undefined && fresh === undefined) return [];
  return walk.compare(old, fresh, at === "" ? "*" : `${at}.*`);
}
