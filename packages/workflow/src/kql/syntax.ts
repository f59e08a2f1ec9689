import type { Rule } from "../language/rules.ts";

/** The tree of a KQL text. */
export type KqlNode =
  | { readonly kind: "and" | "or"; readonly nodes: readonly KqlNode[] }
  | { readonly kind: "not"; readonly node: KqlNode }
  | { readonly kind: "exists"; readonly field: KqlField }
  | { readonly kind: "is"; readonly field: KqlField; readonly value: KqlValue }
  | { readonly kind: "range"; readonly field: KqlField; readonly operator: RangeOperator; readonly value: KqlValue }
  | { readonly kind: "nested"; readonly field: KqlField; readonly node: KqlNode }
  /** A text without a field. KQL would search all fields; a condition has nothing to search, so it is false. */
  | { readonly kind: "bare"; readonly text: string };

export type RangeOperator = ">" | ">=" | "<" | "<=";

export interface KqlField {
  readonly text: string;
  readonly keys: readonly string[];
  /** Where it stands in the text, from 0. */
  readonly offset: number;
}

export interface KqlValue {
  readonly text: string;
  readonly quoted: boolean;
  readonly offset: number;
  /** The texts around its stars, set where it holds a wildcard. */
  readonly parts?: readonly string[];
}

/** A text that is not KQL. `rule` is Kibana's rule id for the kind of mistake. */
export class KqlSyntaxError extends Error {
  readonly offset: number;
  readonly rule: Rule;
  readonly hint: string | undefined;

  constructor(message: string, offset: number, rule: Rule = "invalidIfConditionSyntax", hint?: string) {
    super(message);
    this.name = "KqlSyntaxError";
    this.offset = offset;
    this.rule = rule;
    this.hint = hint;
  }
}
