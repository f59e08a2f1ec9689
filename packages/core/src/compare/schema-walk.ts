import type { JsonSchema } from "../schema.ts";

/**
 * Which way a schema points. `input`: the package takes values, and taking fewer breaks those who give them. `output`:
 * the package gives values, and giving others than it said breaks those who read them.
 */
export type Side = "input" | "output";

/**
 * What a change means to those on the other side: `less` is taken or promised, `more` is, `both` (other values than
 * before, or a change that cannot be judged), or only words changed.
 */
export interface SchemaChange {
  kind: "less" | "more" | "both" | "words";
  /** The place in the value, such as `labels[]` or `headers.*`; empty for the value itself. */
  at: string;
  message: string;
}

/** What a comparison of two schemas needs at every node. */
export interface Walk {
  readonly side: Side;
  readonly before: JsonSchema;
  readonly after: JsonSchema;
  /** Pairs of nodes that are being compared, from the outermost on, since schemas may hold themselves. */
  readonly open: [object, object][];
  /** Comparisons that are left: a package must not keep its reader busy for ever. */
  left: number;
  compare(before: unknown, after: unknown, at: string): SchemaChange[];
}

/** The new schema lets fewer values through: less for those who give them, more for those who rely on what comes. */
export const narrower = ({ side }: Walk, at: string, message: string): SchemaChange => ({
  kind: side === "input" ? "less" : "more",
  at,
  message,
});

export const wider = ({ side }: Walk, at: string, message: string): SchemaChange => ({
  kind: side === "input" ? "more" : "less",
  at,
  message,
});

export const unclear = (at: string, message: string): SchemaChange => ({
  kind: "both",
  at,
  message: `${message}; whether that breaks anything cannot be judged, so it counts as breaking`,
});

const LONGEST = 60;

/** A value in a sentence, cut short. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}
