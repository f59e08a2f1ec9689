import type { JsonSchema } from "../schema.ts";
import { compareFields } from "./schema-fields.ts";
import { compareForms, isExclusive } from "./schema-forms.ts";
import { constraintsOf, formsOf, isRecord, isWords, readSchema, same, targetOf } from "./schema-nodes.ts";
import { compareType, compareValues } from "./schema-values.ts";
import { narrower, shown, unclear, wider, type SchemaChange, type Side, type Walk } from "./schema-walk.ts";

const MOST_COMPARISONS = 50_000;
const DEEPEST = 100;

/**
 * How a JSON Schema (draft 2020-12) changed, for those who give its values (`input`) or read them (`output`). Conditions
 * are compared one by one; where two cannot be compared, that is said, and counts as breaking.
 */
export function schemaChanges(before: JsonSchema, after: JsonSchema, side: Side): SchemaChange[] {
  if (same(before, after)) return [];
  const walk: Walk = {
    side,
    before,
    after,
    open: [],
    left: MOST_COMPARISONS,
    compare: (old, fresh, at) => compareNodes(walk, old, fresh, at),
  };
  const changes = compareNodes(walk, before, after, "");
  return walk.left > 0 ? changes : [...changes, unclear("", "the schema is too large to be compared")];
}

function compareNodes(walk: Walk, before: unknown, after: unknown, at: string): SchemaChange[] {
  if (walk.left <= 0) return [];
  walk.left -= 1;
  if (walk.open.length >= DEEPEST) return [unclear(at, "it is too deep to be compared")];
  // Around a circle: what there is to say of this pair is being said.
  const pair: [object, object] | undefined =
    isRecord(before) && isRecord(after) ? [targetOf(before, walk.before), targetOf(after, walk.after)] : undefined;
  if (pair !== undefined && walk.open.some(([old, fresh]) => old === pair[0] && fresh === pair[1])) return [];
  if (pair !== undefined) walk.open.push(pair);
  const changes = compareSchemas(walk, readSchema(before, walk.before), readSchema(after, walk.after), at);
  if (pair !== undefined) walk.open.pop();
  return changes;
}

function compareSchemas(walk: Walk, before: JsonSchema | false, after: JsonSchema | false, at: string): SchemaChange[] {
  if (before === false || after === false) {
    if (before === after) return [];
    return [before === false ? wider(walk, at, "can be given now") : narrower(walk, at, "cannot be given any more")];
  }
  return [...compareConditions(walk, before, after, at), ...compareWords(before, after, at)];
}

function compareConditions(walk: Walk, before: JsonSchema, after: JsonSchema, at: string): SchemaChange[] {
  const [had, has] = [constraintsOf(before).length > 0, constraintsOf(after).length > 0];
  if (!had && !has) return [];
  if (!had) return [narrower(walk, at, "can no longer be anything")];
  if (!has) return [wider(walk, at, "can be anything now")];
  const forms = [formsOf(before), formsOf(after)] as const;
  if (forms.every(({ length }) => length === 1)) {
    const [[old], [fresh]] = forms;
    return old === before && fresh === after ? compareForm(walk, before, after, at) : walk.compare(old, fresh, at);
  }
  return compareChoice(walk, [before, after], forms, at);
}

/** Two schemas of which at least one is a choice. */
function compareChoice(
  walk: Walk,
  [before, after]: readonly [JsonSchema, JsonSchema],
  [old, fresh]: readonly [unknown[], unknown[]],
  at: string,
): SchemaChange[] {
  const overlapping = [[before, walk.before] as const, [after, walk.after] as const].some(
    ([{ oneOf }, root]) => Array.isArray(oneOf) && !isExclusive(oneOf, root),
  );
  if (overlapping && !same(before["oneOf"], after["oneOf"]))
    return [unclear(at, "a choice of which exactly one must fit changed")];
  return compareForms(walk, old, fresh, at);
}

/** Keywords that are compared by functions of their own. */
const JUDGED = new Set([
  ..."type enum const minLength maxLength minItems maxItems minProperties maxProperties".split(" "),
  ..."minimum maximum exclusiveMinimum exclusiveMaximum".split(" "),
  ..."properties required additionalProperties propertyNames items prefixItems allOf anyOf".split(" "),
]);

function compareForm(walk: Walk, before: JsonSchema, after: JsonSchema, at: string): SchemaChange[] {
  const otherType = compareType(before, after, at);
  if (otherType !== undefined) return [otherType];
  return [
    ...compareValues(walk, before, after, at),
    ...compareFields(walk, before, after, at),
    ...compareNames(walk, before, after, at),
    ...compareItems(walk, before, after, at),
    ...compareChoiceBeside(walk, before, after, at),
    ...compareAll(walk, before, after, at),
    ...compareUnknown(walk, before, after, at),
  ];
}

function compareNames(
  walk: Walk,
  { propertyNames: before }: JsonSchema,
  { propertyNames: after }: JsonSchema,
  at: string,
) {
  if (before === undefined && after === undefined) return [];
  return walk.compare(before, after, `${at} (names)`.trim());
}

function compareItems(walk: Walk, before: JsonSchema, after: JsonSchema, at: string): SchemaChange[] {
  const [old, fresh] = [before, after].map(({ prefixItems }) => (Array.isArray(prefixItems) ? prefixItems : []));
  const longest = (old?.length ?? 0) > (fresh?.length ?? 0) ? old : fresh;
  const changes = (longest ?? []).flatMap((_, index) =>
    walk.compare(old?.[index] ?? before["items"], fresh?.[index] ?? after["items"], `${at}[${index}]`),
  );
  if (before["items"] === undefined && after["items"] === undefined) return changes;
  return [...changes, ...walk.compare(before["items"], after["items"], `${at}[]`)];
}

/** A choice beside other conditions, all of which hold. */
function compareChoiceBeside(walk: Walk, { anyOf: before }: JsonSchema, { anyOf: after }: JsonSchema, at: string) {
  if (Array.isArray(before) && Array.isArray(after)) return compareForms(walk, before, after, at);
  return compareKeyword(walk, "anyOf", before, after, at);
}

function compareAll(walk: Walk, { allOf: before }: JsonSchema, { allOf: after }: JsonSchema, at: string) {
  const [old = [], fresh = []] = [before, after].map((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  if (old.length === fresh.length) return old.flatMap((part, index) => walk.compare(part, fresh[index], at));
  const without = (list: unknown[], others: unknown[]) =>
    list.filter((part) => refers(part) || !others.some((other) => same(part, other)));
  return [
    ...without(old, fresh).map((part) => wider(walk, at, `the condition ${shown(part)} is gone`)),
    ...without(fresh, old).map((part) => narrower(walk, at, `the condition ${shown(part)} is new`)),
  ];
}

/** Whether equal texts may mean different things, since they refer to something outside of them. */
const refers = (part: unknown): boolean => JSON.stringify(part)?.includes('"$ref"') === true;

/** Whatever else refuses values, such as `pattern`, `format`, `not` and keywords of later drafts. */
function compareUnknown(walk: Walk, before: JsonSchema, after: JsonSchema, at: string): SchemaChange[] {
  const keywords = new Set(
    [...constraintsOf(before), ...constraintsOf(after)].filter((keyword) => !JUDGED.has(keyword)),
  );
  return [...keywords].flatMap((keyword) => compareKeyword(walk, keyword, before[keyword], after[keyword], at));
}

function compareKeyword(walk: Walk, keyword: string, before: unknown, after: unknown, at: string): SchemaChange[] {
  if (same(before, after) && (!refers(before) || same(walk.before, walk.after))) return [];
  if (before === undefined) return [narrower(walk, at, `${keyword} ${shown(after)} is new`)];
  if (after === undefined) return [wider(walk, at, `${keyword} ${shown(before)} is gone`)];
  return [unclear(at, `${keyword} ${shown(before)} is now ${shown(after)}`)];
}

function compareWords(before: JsonSchema, after: JsonSchema, at: string): SchemaChange[] {
  const keywords = new Set([...Object.keys(before), ...Object.keys(after)].filter(isWords));
  const changed = [...keywords].filter((keyword) => !same(before[keyword], after[keyword]));
  return changed.length === 0 ? [] : [{ kind: "words", at, message: `${changed.join(" and ")} changed` }];
}
