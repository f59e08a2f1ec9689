/** A secret in clear, which is to be kept in the env file. */
export class Typed {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The secret itself; a method, so that nothing shows it by showing the object. */
  reveal(): string {
    return this.#text;
  }
}

/** A connector in the making. Texts stand as they will stand in the file; secrets in clear are {@link Typed}. */
export interface Draft {
  name: string | undefined;
  id: string | undefined;
  readonly config: Record<string, unknown>;
  readonly secrets: Record<string, unknown>;
}

/** The same data with every secret in clear replaced, by what stands in the file in its place. */
export function replaceTyped(
  value: unknown,
  replace: (secret: string, path: readonly string[]) => string,
  path: readonly string[] = [],
): unknown {
  if (value instanceof Typed) return replace(value.reveal(), path);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replaceTyped(item, replace, [...path, key])]),
  );
}

/** Whether there is a secret in clear among these values. */
export function holdsTyped(value: unknown): boolean {
  if (value instanceof Typed) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsTyped);
}

/** A text that a file of ours would read as itself, whatever it looks like. */
export const escapeReferences = (text: string): string => text.replaceAll("${", () => "$${");
