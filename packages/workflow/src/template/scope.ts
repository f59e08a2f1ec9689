import { randomFrom } from "./random.ts";

/** What templates and conditions read: `inputs`, `steps` and the other roots of the language. */
export type Scope = Record<string, unknown>;

const seeds = new WeakMap<object, () => number>();

export interface ScopeSources {
  /** Epoch milliseconds; asked at most once, and only by a template that reads the clock. */
  now(): number;
  /** From 0 up to 1; asked at most once, and only by a template that uses chance. */
  random(): number;
}

/** A scope over live values, with a clock and a source of chance that are not asked before they are needed. */
export function createScope(values: Scope, sources: ScopeSources): Scope {
  let now: Date | undefined;
  const scope: Scope = { ...values };
  Object.defineProperty(scope, "now", {
    enumerable: true,
    get: () => (now ??= new Date(sources.now())),
  });
  let random: (() => number) | undefined;
  seeds.set(scope, () => (random ??= randomFrom(sources.random()))());
  return scope;
}

/** The scope with some values more; clock and chance are shared. */
export function extendScope(scope: Scope, values: Scope): Scope {
  const extended = Object.defineProperties({}, Object.getOwnPropertyDescriptors(scope)) as Scope;
  Object.assign(extended, values);
  const random = seeds.get(scope);
  if (random !== undefined) seeds.set(extended, random);
  return extended;
}

/** The scope's own source of chance; a scope that was not made here always draws the middle. */
export function randomOf(scope: object): () => number {
  return seeds.get(scope) ?? (() => 0.5);
}

/** The scope's time in epoch milliseconds. */
export function timeOf(scope: Scope): number {
  const now = scope["now"];
  return now instanceof Date ? now.getTime() : 0;
}
