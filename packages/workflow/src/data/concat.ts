import { identityOf } from "./fields.ts";

/** All elements one after the other: lists in them opened `flatten` levels deep, then each value once if asked for. */
export function* concat(arrays: readonly unknown[][], flatten: number, dedupe: boolean): Generator<unknown> {
  const seen = new Set<string>();
  for (const array of arrays) {
    for (const item of flat(array, flatten)) {
      if (dedupe) {
        const identity = identityOf(item);
        if (seen.has(identity)) continue;
        seen.add(identity);
      }
      yield item;
    }
  }
}

function* flat(array: readonly unknown[], levels: number): Generator<unknown> {
  for (const item of array) {
    if (levels > 0 && Array.isArray(item)) yield* flat(item, levels - 1);
    else yield item;
  }
}
