import type { Effect, Idempotency } from "../action.ts";
import type { ManifestAction, ManifestStep } from "../manifest.ts";
import type { JsonSchema } from "../schema.ts";
import { change, grant, type ManifestChange } from "./change.ts";
import { schemaChanges } from "./schema-changes.ts";
import type { SchemaChange, Side } from "./schema-walk.ts";

/** What an effect lets a package do, as a verb of "it". */
export const EFFECT_WORDS: Record<Effect, string> = {
  read: "only reads",
  write: "changes things in the other system",
  destroy: "takes things away for good",
};

const STRENGTH: Record<Effect, number> = { read: 0, write: 1, destroy: 2 };

export function compareActions(
  before: Record<string, ManifestAction>,
  after: Record<string, ManifestAction>,
  type: string,
): ManifestChange[] {
  const changes = Object.entries(before).flatMap(([name, old]): ManifestChange[] => {
    const where = `${type}.${name}`;
    const fresh = Object.hasOwn(after, name) ? after[name] : undefined;
    if (fresh === undefined) return [change("major", where, "the action is gone")];
    return [...compareWork(old, fresh, where), ...compareIdempotency(old.idempotency, fresh.idempotency, where)];
  });
  for (const [name, { effect }] of Object.entries(after)) {
    if (Object.hasOwn(before, name)) continue;
    const message = `a new action, which ${EFFECT_WORDS[effect]}`;
    changes.push((effect === "read" ? change : grant)("minor", `${type}.${name}`, message));
  }
  return changes;
}

export function compareSteps(before: readonly ManifestStep[], after: readonly ManifestStep[]): ManifestChange[] {
  const changes = before.flatMap((old): ManifestChange[] => {
    const fresh = after.find(({ type }) => type === old.type);
    if (fresh === undefined) return [change("major", old.type, "the step is gone")];
    const work = compareWork(old, fresh, old.type);
    if (fresh.effect !== "read" || old.effect === "read") return work;
    const message = "it is done again after a crash in the middle of it now, since it says that it only reads";
    return [...work, grant("minor", old.type, message)];
  });
  for (const { type, effect } of after) {
    if (before.some((old) => old.type === type)) continue;
    changes.push(grant("minor", type, `a new step, which claims this name and ${EFFECT_WORDS[effect]}`));
  }
  return changes;
}

type Work = Pick<ManifestStep, "summary" | "effect" | "input" | "output">;

function compareWork(before: Work, after: Work, where: string): ManifestChange[] {
  return [
    ...compareEffect(before.effect, after.effect, where),
    ...compareSchemas(before.input, after.input, "input", `${where} input`),
    ...compareSchemas(before.output, after.output, "output", `${where} output`),
    ...(before.summary === after.summary ? [] : [change("patch", where, "summary changed")]),
  ];
}

function compareEffect(before: Effect, after: Effect, where: string): ManifestChange[] {
  if (before === after) return [];
  const message = `it ${EFFECT_WORDS[after]} now; before, it ${EFFECT_WORDS[before]}`;
  const grew = STRENGTH[after] > STRENGTH[before];
  return [grew ? grant("major", where, message) : change("minor", where, message)];
}

function compareIdempotency(before: Idempotency, after: Idempotency, where: string): ManifestChange[] {
  const [old, fresh] = [keyOf(before), keyOf(after)];
  if (old === fresh) return [];
  if (fresh === "none") {
    const message = "the host no longer repeats its requests after a failure that leaves open whether they were done";
    return [change("major", where, message)];
  }
  if (fresh === "natural") {
    return [
      grant("minor", where, "the host repeats its requests now, with no key by which the other system knows them"),
    ];
  }
  const message = `the host repeats its requests now, with a key in the header ${fresh}`;
  // A key where there was none makes repeating safer, but not what was never repeated.
  return [old === "natural" ? change("minor", where, message) : grant("minor", where, message)];
}

const keyOf = (idempotency: Idempotency): string =>
  typeof idempotency === "string" ? idempotency : idempotency.header;

const BUMPS = { less: "major", both: "major", more: "minor", words: "patch" } as const satisfies Record<
  SchemaChange["kind"],
  string
>;

/** @param where the schema's own name; places in it follow behind a dot. */
export function compareSchemas(before: JsonSchema, after: JsonSchema, side: Side, where: string): ManifestChange[] {
  return schemaChanges(before, after, side).map(({ kind, at, message }) => {
    const separator = at === "" || at.startsWith("[") ? "" : ".";
    return change(BUMPS[kind], `${where}${separator}${at}`, message);
  });
}
