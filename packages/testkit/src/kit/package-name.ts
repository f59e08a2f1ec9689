const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** A package's name; nothing where npm would not take it, since it becomes part of a path. */
export function packageName({ name }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof name === "string" && NAME.test(name) ? name : undefined;
}
