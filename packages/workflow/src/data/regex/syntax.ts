/** A parsed regular expression. */
export type RegexNode =
  | { readonly kind: "empty" }
  /** One character: a letter, an escape, a class or a dot, as it is written. */
  | { readonly kind: "atom"; readonly source: string }
  | { readonly kind: "sequence"; readonly nodes: readonly RegexNode[] }
  | { readonly kind: "choice"; readonly options: readonly RegexNode[] }
  | { readonly kind: "capture"; readonly index: number; readonly node: RegexNode }
  | {
      readonly kind: "repeat";
      readonly node: RegexNode;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
      /** The captures inside of it, from `first` up to before `end`; each round begins without them. */
      readonly first: number;
      readonly end: number;
    }
  | { readonly kind: "edge"; readonly edge: Edge }
  | { readonly kind: "look"; readonly behind: boolean; readonly negative: boolean; readonly node: RegexNode }
  /** One capture, or several that share a name, of which one at most is set. */
  | { readonly kind: "back"; readonly captures: readonly number[] };

export type Edge = "start" | "end" | "word" | "notWord";

export interface Flags {
  readonly global: boolean;
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly unicode: boolean;
}

export interface ParsedRegex {
  readonly node: RegexNode;
  /** How many captures there are. */
  readonly captures: number;
  /** Names of captures, each with the captures that bear it. */
  readonly names: ReadonlyMap<string, readonly number[]>;
}

/** A pattern that cannot be used; the message says what is wrong with it. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}
