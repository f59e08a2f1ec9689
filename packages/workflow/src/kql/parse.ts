import { splitField } from "./field.ts";
import { readLiteral, type Literal } from "./literal.ts";
import { KqlSyntaxError, type KqlField, type KqlNode, type KqlValue, type RangeOperator } from "./syntax.ts";

/** Deep enough for any person, shallow enough for the stack. */
export const MAX_KQL_DEPTH = 200;

/**
 * Reads a KQL text. Throws {@link KqlSyntaxError} with the place of the mistake.
 * @param options.rendered a template made the text, so what looks like a mistake may come from data.
 */
export function parseKql(source: string, { rendered = false }: { rendered?: boolean } = {}): KqlNode {
  return new Parser(source, rendered).parse();
}

class Parser {
  readonly #source: string;
  readonly #rendered: boolean;
  #at = 0;
  #depth = 0;

  constructor(source: string, rendered: boolean) {
    this.#source = source;
    this.#rendered = rendered;
  }

  parse(): KqlNode {
    const node = this.#or((): KqlNode => this.#clause());
    this.#blanks();
    if (this.#at < this.#source.length) {
      const rest = this.#source.charAt(this.#at);
      const hint = rest === ":" ? "Put a value that holds a colon in double quotes." : undefined;
      throw new KqlSyntaxError(`"${rest}" is not expected here`, this.#at, undefined, hint);
    }
    return node;
  }

  #or(leaf: () => KqlNode): KqlNode {
    if ((this.#depth += 1) > MAX_KQL_DEPTH) throw new KqlSyntaxError("This is nested too deeply", this.#at);
    const nodes = [this.#and(leaf)];
    while (this.#keyword("or")) nodes.push(this.#and(leaf));
    this.#depth -= 1;
    return nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { kind: "or", nodes };
  }

  #and(leaf: () => KqlNode): KqlNode {
    const nodes = [this.#not(leaf)];
    while (this.#keyword("and")) nodes.push(this.#not(leaf));
    return nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { kind: "and", nodes };
  }

  #not(leaf: () => KqlNode): KqlNode {
    let negations = 0;
    while (this.#keyword("not")) negations += 1;
    const node = this.#token("(") ? this.#closing(this.#or(leaf), ")") : leaf();
    return negations % 2 === 1 ? { kind: "not", node } : node;
  }

  #clause(): KqlNode {
    const literal = this.#literal("a field");
    if (!this.#rendered) refuseOtherLanguages(literal, this.#source);
    if (this.#token(":")) {
      const field = fieldOf(literal);
      if (this.#token("{"))
        return {
          kind: "nested",
          field,
          node: this.#closing(
            this.#or((): KqlNode => this.#clause()),
            "}",
          ),
        };
      if (this.#token("("))
        return this.#closing(
          this.#or(() => this.#value(field)),
          ")",
        );
      return this.#value(field);
    }
    for (const operator of [">=", "<=", ">", "<"] as const satisfies RangeOperator[]) {
      if (!this.#token(operator)) continue;
      return { kind: "range", field: fieldOf(literal), operator, value: this.#plainValue() };
    }
    refuseOtherLanguages(literal, this.#source);
    return { kind: "bare", text: literal.text };
  }

  #value(field: KqlField): KqlNode {
    const value = this.#plainValue();
    return !value.quoted && value.text === "*" ? { kind: "exists", field } : { kind: "is", field, value };
  }

  #plainValue(): KqlValue {
    const literal = this.#literal("a value");
    // Other operators may well be a part of a value; these stand between two conditions.
    if (!this.#rendered) refuseOtherLanguages(literal, this.#source, /(?<=\s)(?:&&|\|\|)(?=\s)/);
    return valueOf(literal);
  }

  #literal(wanted: string): Literal {
    this.#blanks();
    const literal = readLiteral(this.#source, this.#at);
    const keyword = literal?.quoted === false ? /^(?:and|or|not)(?=\s|$)/i.exec(literal.text)?.[0] : undefined;
    if (literal === undefined || keyword !== undefined) {
      const found = keyword ?? this.#source[this.#at];
      const what = found === undefined ? "the text ends" : `"${found}" follows`;
      throw new KqlSyntaxError(`${wanted} is expected, but ${what}`, this.#at);
    }
    this.#at = literal.end;
    return literal;
  }

  #closing(node: KqlNode, bracket: string): KqlNode {
    if (!this.#token(bracket)) throw new KqlSyntaxError(`"${bracket}" is missing`, this.#at);
    return node;
  }

  #token(text: string): boolean {
    this.#blanks();
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #keyword(word: string): boolean {
    this.#blanks();
    const pattern = new RegExp(String.raw`${word}(?=[\s()]|$)`, "iy");
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#source)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #blanks(): void {
    while (/\s/.test(this.#source.charAt(this.#at))) this.#at += 1;
  }
}

function fieldOf(literal: Literal): KqlField {
  if (literal.parts !== undefined) {
    throw new KqlSyntaxError(`The field name "${literal.text}" holds a wildcard`, literal.offset);
  }
  return { text: literal.text, keys: splitField(literal.text), offset: literal.offset };
}

function valueOf({ text, quoted, offset, parts }: Literal): KqlValue {
  return parts === undefined ? { text, quoted, offset } : { text, quoted, offset, parts };
}

/** The commonest mistake is an operator of another language, which KQL takes for a part of a word. */
function refuseOtherLanguages(literal: Literal, source: string, operators = /[!=]==?|&&|\|\||(?<![<>])=/): void {
  if (literal.quoted) return;
  // A quoted key in brackets may hold anything.
  const words = source.slice(literal.offset, literal.end).replace(/\[(["']).*?\1\]/gs, (key) => " ".repeat(key.length));
  const operator = operators.exec(words);
  if (operator === null) return;
  const rule = operator[0].startsWith("!")
    ? "invalidInequalityOperator"
    : operator[0] === "="
      ? "invalidAssignmentOperator"
      : operator[0].startsWith("=")
        ? "invalidEqualityOperator"
        : "invalidIfConditionSyntax";
  const hint =
    operator[0] === "&&" || operator[0] === "||"
      ? `Write ${operator[0] === "&&" ? "and" : "or"}.`
      : "Write `field: value` (or `not field: value`), or an expression such as ${{ a == b }}.";
  throw new KqlSyntaxError(
    `A condition is KQL, where "${operator[0]}" is no operator`,
    literal.offset + operator.index,
    rule,
    hint,
  );
}
