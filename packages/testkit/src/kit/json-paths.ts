/** Keys from the outside to the inside. */
export type Path = readonly (string | number)[];

/** Where in plain data the values are that are wanted: outer ones first. Of a list, its first item stands for all. */
export function pathsIn(root: unknown, wanted: (value: unknown, path: Path) => boolean): Path[] {
  const found: Path[] = [];
  let level: { value: unknown; path: Path }[] = [{ value: root, path: [] }];
  while (level.length > 0) {
    found.push(...level.filter(({ value, path }) => wanted(value, path)).map(({ path }) => path));
    level = level.flatMap(({ value, path }) =>
      childrenOf(value).map(([key, child]) => ({ value: child, path: [...path, key] })),
    );
  }
  return found;
}

function childrenOf(value: unknown): [key: string | number, child: unknown][] {
  if (Array.isArray(value)) return value.slice(0, 1).map((item: unknown) => [0, item]);
  return isObject(value) ? Object.entries(value) : [];
}

/** A copy in which something else stands at a path; `undefined` takes it out. */
export function replaced(root: unknown, [key, ...rest]: Path, change: (value: unknown) => unknown): unknown {
  if (key === undefined) return change(root);
  if (Array.isArray(root))
    return root.map((item: unknown, index) => (index === key ? replaced(item, rest, change) : item));
  const entries = Object.entries(root as object).map(([name, value]: [string, unknown]) =>
    name === key ? [name, replaced(value, rest, change)] : [name, value],
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], root);
}

/** `.items[0].id`; empty for the whole. */
export const shown = (path: Path): string =>
  path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
