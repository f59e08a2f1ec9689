/**
 * A schema as the host sees it: Standard Schema (https://standardschema.dev)
 * for validation and its JSON Schema form for listing without running.
 * zod 4.2 and later fits as it is.
 */
export interface Schema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    readonly jsonSchema: {
      readonly input: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
      readonly output: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
    };
  };
}

/** What a schema makes of a value: the value it gives, or what is wrong with it. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong with a value, and where; an empty or absent `path` is the value itself. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema accepts. */
export type InferInput<S> = S extends Schema<infer I, unknown> ? I : never;
/** What a schema makes of what it accepts (defaults filled in, values coerced). */
export type InferOutput<S> = S extends {
  readonly "~standard": { readonly types?: { readonly output: infer O } | undefined };
}
  ? O
  : never;

/** Any schema at all, such as every schema of zod 4.2 and later. */
// oxlint-disable-next-line typescript/no-explicit-any -- the top type of all schemas: input and output vary in opposite directions
export type AnySchema = Schema<any, any>;

/** A JSON Schema (draft 2020-12) as plain data. */
export type JsonSchema = Record<string, unknown>;

/** The keys that lead to the place an issue is about. */
export function issuePath(issue: SchemaIssue): (string | number)[] {
  return (issue.path ?? []).map((segment) => {
    const key = typeof segment === "object" ? segment.key : segment;
    return typeof key === "number" ? key : String(key);
  });
}
