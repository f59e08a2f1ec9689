import { randomFrom } from "./random.ts";

/** What templates and conditions read: `inputs`, `steps` and the other roots of the language. */
export type Scope = Record<string, unknown>;

/**
 * Where a scope keeps its source of chance: no template can name it. A weak map whose values reach their own keys, as this
 * one would its scope, keeps both and a run's outputs with them until the next full collection.
 */
const RANDOM = Symbol("random");
type Drawing = { [RANDOM]?: () => number };

export interface ScopeSources {
  /** Epoch milliseconds; asked at most once, and only by a template that reads the clock. */
  now(): number;
  /** From 0 up to 1; asked at most once, and only by a template that uses chance. */
  random(): number;
}

/** Makes live values a scope, with a clock and a source of chance that are not asked before they are needed. */
export function createScope(scope: Scope, sources: ScopeSources): Scope {
  let now: Date | undefined;
  Object.defineProperty(scope, "now", {
    enumerable: true,
    get: () => (now ??= new Date(sources.now())),
  });
  let random: (() => number) | undefined;
  const draw = (): number => (random ??= randomFrom(sources.random()))();
  Object.defineProperty(scope, RANDOM, { value: draw });
  return scope;
}

/** The scope with some values more; clock and chance are shared. */
export function extendScope(scope: Scope, values: Scope): Scope {
  const extended = Object.defineProperties({}, Object.getOwnPropertyDescriptors(scope)) as Scope;
  return Object.assign(extended, values);
}

/** The scope's own source of chance; a scope that was not made here always draws the middle. */
export function randomOf(scope: object): () => number {
  return (scope as Drawing)[RANDOM] ?? (() => 0.5);
}

/** The scope's time in epoch milliseconds. */
export function timeOf(scope: Scope): number {
  const now = scope["now"];
  return now instanceof Date ? now.getTime() : 0;
}
