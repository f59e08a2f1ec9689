import { characterTests, type CharacterTest } from "./characters.ts";
import { PatternError, type Edge, type Flags, type ParsedRegex, type RegexNode } from "./syntax.ts";

/** One instruction; it goes on with the one after it unless it says otherwise. */
export type Instruction =
  | { readonly op: "character"; readonly test: CharacterTest; readonly backward: boolean }
  /** Tries `first`, then `second`. `id` numbers these instructions from 0. */
  | { readonly op: "split"; readonly id: number; first: number; second: number }
  | { readonly op: "jump"; to: number }
  /** Keeps the position in a slot. */
  | { readonly op: "save"; readonly slot: number }
  /** Forgets the slots from `from` up to before `to`. */
  | { readonly op: "forget"; readonly from: number; readonly to: number }
  /** Fails where the position is still the one in the slot: a round that took nothing. */
  | { readonly op: "progress"; readonly slot: number }
  | { readonly op: "edge"; readonly edge: Edge }
  /** Its own instructions follow up to a "match"; `next` is what comes after those. */
  | { readonly op: "look"; readonly negative: boolean; next: number }
  | { readonly op: "back"; readonly captures: readonly number[]; readonly backward: boolean }
  | { readonly op: "match" };

export interface Program {
  readonly instructions: readonly Instruction[];
  /** Two for each capture, that of the whole match included, and one for each round that may take nothing. */
  readonly slots: number;
  readonly splits: number;
  /**
   * Whether what comes after an instruction depends on nothing but the position, so that one that failed at a
   * position once fails there always.
   */
  readonly memorable: boolean;
  readonly isWord: CharacterTest;
  /** Whether two characters are the same to the flags. */
  readonly isSame: (one: number, other: number) => boolean;
}

const MAX_INSTRUCTIONS = 20_000;

/** The instructions of a parsed pattern. Throws PatternError for one with too many. */
export function compileRegex({ node, captures }: ParsedRegex, flags: Flags): Program {
  return new Compiler(captures, flags).compile(node);
}

class Compiler {
  readonly #instructions: Instruction[] = [];
  readonly #characters: (source: string) => CharacterTest;
  #slots: number;
  #splits = 0;
  #memorable = true;

  constructor(captures: number, flags: Flags) {
    this.#slots = 2 * (captures + 1);
    this.#characters = characterTests(flags);
  }

  compile(node: RegexNode): Program {
    this.#node(node, false);
    this.#add({ op: "save", slot: 1 });
    this.#add({ op: "match" });
    return {
      instructions: this.#instructions,
      slots: this.#slots,
      splits: this.#splits,
      memorable: this.#memorable,
      isWord: this.#characters(String.raw`\w`),
      isSame: (one, other) => this.#characters(escapeOf(one))(other),
    };
  }

  #add<T extends Instruction>(instruction: T): T {
    if (this.#instructions.length >= MAX_INSTRUCTIONS) {
      throw new PatternError("it is too large once its counted repetitions are written out");
    }
    this.#instructions.push(instruction);
    return instruction;
  }

  #node(node: RegexNode, backward: boolean): void {
    switch (node.kind) {
      case "empty":
        return;
      case "atom":
        this.#add({ op: "character", test: this.#characters(node.source), backward });
        return;
      case "sequence":
        for (const one of backward ? node.nodes.toReversed() : node.nodes) this.#node(one, backward);
        return;
      case "choice":
        return this.#choice(node.options, backward);
      case "capture":
        this.#add({ op: "save", slot: 2 * node.index + (backward ? 1 : 0) });
        this.#node(node.node, backward);
        this.#add({ op: "save", slot: 2 * node.index + (backward ? 0 : 1) });
        return;
      case "repeat":
        return this.#repeat(node, backward);
      case "edge":
        this.#add({ op: "edge", edge: node.edge });
        return;
      case "look":
        return this.#look(node);
      case "back":
        this.#memorable = false;
        this.#add({ op: "back", captures: node.captures, backward });
        return;
    }
  }

  #choice(options: readonly RegexNode[], backward: boolean): void {
    const ends: { to: number }[] = [];
    for (const [index, option] of options.entries()) {
      const last = index === options.length - 1;
      const split = last ? undefined : this.#split();
      if (split !== undefined) split.first = this.#next;
      this.#node(option, backward);
      if (split === undefined) break;
      ends.push(this.#add({ op: "jump", to: 0 }));
      split.second = this.#next;
    }
    for (const end of ends) end.to = this.#next;
  }

  #repeat(node: RegexNode & { kind: "repeat" }, backward: boolean): void {
    const { min, max, lazy } = node;
    for (let round = 0; round < min; round += 1) this.#round(node, backward, false);
    if (max === Number.POSITIVE_INFINITY) {
      const start = this.#next;
      const split = this.#split();
      this.#branch(split, lazy, () => {
        this.#round(node, backward, true);
        this.#add({ op: "jump", to: start });
      });
      return;
    }
    const splits: (Instruction & { op: "split" })[] = [];
    for (let round = min; round < max; round += 1) {
      const split = this.#split();
      splits.push(split);
      if (lazy) split.second = this.#next;
      else split.first = this.#next;
      this.#round(node, backward, true);
    }
    for (const split of splits) {
      if (lazy) split.first = this.#next;
      else split.second = this.#next;
    }
  }

  /** A round that is not needed must take something, or it would go on for ever. */
  #round({ node, first, end }: RegexNode & { kind: "repeat" }, backward: boolean, optional: boolean): void {
    if (end > first) this.#add({ op: "forget", from: 2 * first, to: 2 * end });
    if (!optional || width(node) > 0) return this.#node(node, backward);
    const slot = this.#slots;
    this.#slots += 1;
    this.#add({ op: "save", slot });
    this.#node(node, backward);
    this.#add({ op: "progress", slot });
  }

  #look({ behind, negative, node }: RegexNode & { kind: "look" }): void {
    const look = this.#add<Instruction & { op: "look" }>({ op: "look", negative, next: 0 });
    this.#node(node, behind);
    this.#add({ op: "match" });
    look.next = this.#next;
  }

  #split(): Instruction & { op: "split" } {
    const split = this.#add({ op: "split" as const, id: this.#splits, first: 0, second: 0 });
    this.#splits += 1;
    return split;
  }

  #branch(split: { first: number; second: number }, lazy: boolean, body: () => void): void {
    const start = this.#next;
    body();
    split.first = lazy ? this.#next : start;
    split.second = lazy ? start : this.#next;
  }

  get #next(): number {
    return this.#instructions.length;
  }
}

function escapeOf(code: number): string {
  const hex = code.toString(16);
  return code > 0xff_ff ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`;
}

/** The fewest characters that a node takes. */
function width(node: RegexNode): number {
  switch (node.kind) {
    case "atom":
      return 1;
    case "sequence":
      return node.nodes.reduce((sum, one) => sum + width(one), 0);
    case "choice":
      return Math.min(...node.options.map(width));
    case "capture":
      return width(node.node);
    case "repeat":
      return node.min === 0 ? 0 : node.min * width(node.node);
    case "empty":
    case "edge":
    case "look":
    case "back":
      return 0;
  }
}
