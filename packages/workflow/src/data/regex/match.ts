import type { Instruction, Program } from "./compile.ts";
import type { Edge, Flags } from "./syntax.ts";

/** Steps that may still be made; it is shared by all texts of one step of a workflow. */
export interface Budget {
  steps: number;
}

/** Thrown when the budget is used up. */
export class BudgetError extends Error {
  override readonly name = "BudgetError";
}

/** Memory of places that failed, in bits: 16 MB. Beyond it the budget alone bounds a search. */
const MAX_MEMORY_BITS = 2 ** 27;
/** Numbers kept of ways not yet tried, and of those to give up: 80 MB each. A long way counts as too much work. */
const MAX_KEPT = 10_000_000;
const UNSET = -1;

/**
 * Searches by trying one way after the other, in the order that JavaScript prescribes. A place of the pattern that
 * failed at a place of the text is not tried there again, so that the work grows with the product of the two and not
 * beyond all bounds; where that cannot be known, as with references back, the budget ends the search.
 */
export class Matcher {
  readonly #program: Program;
  readonly #flags: Flags;
  readonly #text: string;
  readonly #budget: Budget;
  readonly #failed: Uint32Array | undefined;
  readonly #slots: Int32Array;
  /** Slot and former value, for ways that are given up. */
  readonly #undo: number[] = [];

  constructor(program: Program, flags: Flags, text: string, budget: Budget) {
    this.#program = program;
    this.#flags = flags;
    this.#text = text;
    this.#budget = budget;
    this.#slots = new Int32Array(program.slots);
    const bits = program.splits * (text.length + 1);
    if (!program.memorable || bits > MAX_MEMORY_BITS) return;
    this.#failed = new Uint32Array((bits >>> 5) + 1);
    // Clearing it takes time too.
    budget.steps -= bits >>> 10;
  }

  /** The slots of the first match at or after a place of the text. Throws BudgetError. */
  find(from: number): Int32Array | undefined {
    for (let start = from; start <= this.#text.length; start = this.#after(start)) {
      this.#slots.fill(UNSET);
      this.#budget.steps -= this.#slots.length >>> 4;
      this.#slots[0] = start;
      this.#undo.length = 0;
      if (this.#run(0, start, this.#failed)) return this.#slots.slice();
    }
    return undefined;
  }

  #run(entry: number, start: number, failed: Uint32Array | undefined): boolean {
    const { instructions } = this.#program;
    const slots = this.#slots;
    // Three numbers for each way not yet tried: instruction, position, length of the undo list. Below the second way
    // of a split lies its number, negative: it comes to light when both have failed.
    const ways: number[] = [];
    let at = entry;
    let position = start;
    for (;;) {
      this.#budget.steps -= 1;
      if (this.#budget.steps < 0 || ways.length > MAX_KEPT || this.#undo.length > MAX_KEPT) throw new BudgetError();
      const instruction = instructions[at] as Instruction;
      let goesOn = true;
      at += 1;
      switch (instruction.op) {
        case "character": {
          const code = this.#codeAt(position, instruction.backward);
          goesOn = code !== undefined && instruction.test(code);
          if (goesOn) position += (instruction.backward ? -1 : 1) * ((code ?? 0) > 0xff_ff ? 2 : 1);
          break;
        }
        case "split":
          goesOn = failed === undefined || !this.#hasFailed(failed, instruction.id, position);
          if (goesOn) {
            if (failed !== undefined) ways.push(-1 - instruction.id, position, this.#undo.length);
            ways.push(instruction.second, position, this.#undo.length);
            at = instruction.first;
          }
          break;
        case "jump":
          at = instruction.to;
          break;
        case "save":
          this.#set(instruction.slot, position);
          break;
        case "forget":
          this.#budget.steps -= instruction.to - instruction.from;
          for (let slot = instruction.from; slot < instruction.to; slot += 1) this.#set(slot, UNSET);
          break;
        case "progress":
          goesOn = slots[instruction.slot] !== position;
          break;
        case "edge":
          goesOn = this.#isEdge(instruction.edge, position);
          break;
        case "look":
          goesOn = this.#look(at, position) !== instruction.negative;
          at = instruction.next;
          break;
        case "back": {
          const moved = this.#back(instruction.captures, position, instruction.backward);
          goesOn = moved !== undefined;
          position = moved ?? position;
          break;
        }
        case "match":
          return true;
      }
      while (!goesOn) {
        const length = ways.pop();
        if (length === undefined) return false;
        position = ways.pop() as number;
        at = ways.pop() as number;
        this.#giveUp(length);
        goesOn = at >= 0;
        if (!goesOn) this.#fail(failed as Uint32Array, -1 - at, position);
      }
    }
  }

  #hasFailed(failed: Uint32Array, split: number, position: number): boolean {
    const bit = split * (this.#text.length + 1) + position;
    return ((failed[bit >>> 5] as number) & (1 << (bit & 31))) !== 0;
  }

  #fail(failed: Uint32Array, split: number, position: number): void {
    const bit = split * (this.#text.length + 1) + position;
    failed[bit >>> 5] = (failed[bit >>> 5] as number) | (1 << (bit & 31));
  }

  /** What a look finds it keeps, unless it was to find nothing. It remembers no failures: they are those of its own start. */
  #look(entry: number, position: number): boolean {
    const length = this.#undo.length;
    const instruction = this.#program.instructions[entry - 1] as Instruction & { op: "look" };
    const found = this.#run(entry, position, undefined);
    if (!found || instruction.negative) this.#giveUp(length);
    return found;
  }

  #set(slot: number, value: number): void {
    if (this.#slots[slot] === value) return;
    this.#undo.push(slot, this.#slots[slot] as number);
    this.#slots[slot] = value;
  }

  #giveUp(length: number): void {
    while (this.#undo.length > length) {
      const value = this.#undo.pop() as number;
      this.#slots[this.#undo.pop() as number] = value;
    }
  }

  /** The character after a position or, going backward, before it. */
  #codeAt(position: number, backward: boolean): number | undefined {
    const index = backward ? position - 1 : position;
    if (index < 0 || index >= this.#text.length) return undefined;
    if (!this.#flags.unicode) return this.#text.charCodeAt(index);
    const pair = backward && index > 0 ? this.#text.codePointAt(index - 1) : undefined;
    return pair !== undefined && pair > 0xff_ff ? pair : this.#text.codePointAt(index);
  }

  #after(position: number): number {
    return position + (this.#flags.unicode && (this.#text.codePointAt(position) ?? 0) > 0xff_ff ? 2 : 1);
  }

  #isEdge(edge: Edge, position: number): boolean {
    if (edge === "start") return position === 0 || (this.#flags.multiline && isLineEnd(this.#text[position - 1]));
    if (edge === "end") {
      return position === this.#text.length || (this.#flags.multiline && isLineEnd(this.#text[position]));
    }
    const isBetween = this.#isWordAt(position - 1) !== this.#isWordAt(position);
    return isBetween === (edge === "word");
  }

  #isWordAt(index: number): boolean {
    return index >= 0 && index < this.#text.length && this.#program.isWord(this.#text.charCodeAt(index));
  }

  /** Where the text of a capture ends that stands at a position; a capture that is not set is empty. */
  #back(captures: readonly number[], position: number, backward: boolean): number | undefined {
    const capture = captures.find((one) => this.#slots[2 * one + 1] !== UNSET && this.#slots[2 * one] !== UNSET);
    if (capture === undefined) return position;
    const from = this.#slots[2 * capture] as number;
    const length = (this.#slots[2 * capture + 1] as number) - from;
    const start = backward ? position - length : position;
    if (start < 0 || start + length > this.#text.length) return undefined;
    this.#budget.steps -= length;
    // With the flag u, a half of a pair is no character.
    if (backward && this.#flags.unicode && (this.#text.codePointAt(start - 1) ?? 0) > 0xff_ff) return undefined;
    for (let index = 0; index < length; index += 1) {
      const wanted = this.#codeAt(from + index, false) as number;
      const found = this.#codeAt(start + index, false) as number;
      if (wanted !== found) {
        if (!this.#flags.ignoreCase) return undefined;
        // It may have to make a test for a character that it has not met before.
        this.#budget.steps -= 50;
        if (!this.#program.isSame(wanted, found)) return undefined;
      }
      if (wanted > 0xff_ff) index += 1;
    }
    return backward ? start : start + length;
  }
}

function isLineEnd(char: string | undefined): boolean {
  return char === "\n" || char === "\r" || char === "\u2028" || char === "\u2029";
}
