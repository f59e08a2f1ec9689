import type { Action, ActionDef } from "./action.ts";
import type { AuthKind } from "./auth.ts";
import type { Ctx, RenderAs } from "./context.ts";
import { mark } from "./contract.ts";
import type { HttpResponse } from "./http.ts";
import type { AnySchema, InferOutput } from "./schema.ts";

/** A vendor's own way to say no in an answer whose status says yes (200 with `ok: false`). */
export interface VendorRefusal {
  code: "http-status" | "rate-limited";
  /** What the vendor says; the host's own reading of the answer unless given. */
  message?: string;
  /** Said where the answer has no words of its own. */
  meaning?: string;
  /** What to do about it, behind the vendor's words. */
  advice?: string;
  /** Whether a later try can help; unless given, `rate-limited` and statuses such as 503 say yes. */
  retryable?: boolean;
  /** How long the vendor asks to wait, in milliseconds; from the header `Retry-After` unless given. An hour at most. */
  retryAfterMs?: number;
  /** Cut by the host where it is long. */
  details?: Record<string, unknown>;
}

/** Something wrong with a connector's configuration that its schema cannot see. */
export interface ConfigProblem {
  /** Keys below `config`. */
  path: readonly (string | number)[];
  message: string;
  hint?: string;
}

/** What `prepare` may use to look at templates without rendering them. */
export interface PrepareTools {
  /** Says what is wrong with a template: syntax, unknown variables, missing required ones, JSON that cannot come out valid. */
  checkTemplate(
    template: string,
    options: { as: RenderAs; variables: readonly string[]; required?: readonly string[] },
  ): string[];
  /** Says why requests to an address would be refused (a template's variables may stand in its path), or nothing. */
  checkAddress(url: string): string | undefined;
}

/** The keys a schema names; `z.object({})` names none, though its type has an index signature. */
type NamedKeys<T> = keyof { [K in keyof T as string extends K ? never : K]: true };
/** The names of the fields of `config` and `secrets`. */
type FieldOf<C extends AnySchema, S extends AnySchema> = Extract<
  NamedKeys<InferOutput<C>> | NamedKeys<InferOutput<S>>,
  string
>;

/** The fields of `config` and `secrets` that hold a proxy; the host reads, checks and uses them. */
export interface ProxyFields<Field extends string = string> {
  readonly url: Field;
  readonly verificationMode: Field;
  /** Says that the proxy wants a user and a password, which must then be there. */
  readonly hasAuth: Field;
  readonly username: Field;
  readonly password: Field;
}

/** What a connection's actions find in `ctx.config`. */
type ConfigOf<C extends AnySchema, Optional> = Optional extends true ? InferOutput<C> | undefined : InferOutput<C>;

/** A kind of connection, as its author writes it: `config` and `secrets` are what a user gives, the rest is how the host uses them. */
export interface ConnectionDef<C extends AnySchema, S extends AnySchema, Optional extends boolean = false> {
  /** Kibana's own names wherever Kibana has the thing. Keys of the envelope belong to the host. */
  readonly config: C;
  /** What is masked everywhere and shown to no action. Each field needs a `describe`: people are asked for it. */
  readonly secrets: S;
  /** Tried in order: the first whose fields are all there is used, so that `none` comes last. `envelope` stands alone. */
  readonly auth: readonly AuthKind<FieldOf<C, S>, InferOutput<S>>[];
  /** Where the type has a proxy of its own among its fields, as Kibana's `http` does; `network.proxyUrl` does the same for every type. */
  readonly proxy?: ProxyFields<FieldOf<C, S>>;
  /** Usable with no connector at all (`http`). */
  readonly optional?: Optional;
  /** Where `path` requests go. A connector can replace it with `network.baseUrl`, whatever its type. */
  readonly baseUrl?: (config: InferOutput<C>) => string;
  /** Hosts of the vendor: `slack.com`, `*.atlassian.net`. With the origins of the URLs in a connector they are trusted with its credentials. */
  readonly hosts: readonly string[];
  /** Looks at every answer, whatever its status, masked and not larger than the limit. What it returns is thrown as an error. */
  readonly check?: (response: HttpResponse) => VendorRefusal | undefined;
  /** Looks at a configuration that fits its schema, before anything is sent; what it returns is `config-invalid`. */
  readonly prepare?: (config: InferOutput<C>, tools: PrepareTools) => ConfigProblem[];
  /** Proves that the connector works, by reading only. Resolves or throws. */
  readonly test?: (ctx: Ctx<InferOutput<C>>) => Promise<unknown>;
}

/** What `defineConnection` returns: the definition, and the function that defines its actions. */
export interface Connection<
  C extends AnySchema = AnySchema,
  S extends AnySchema = AnySchema,
  Optional extends boolean = boolean,
> {
  readonly def: ConnectionDef<C, S, Optional>;
  /** Defines an action of this connection; one file an action. */
  action<I extends AnySchema, O extends AnySchema>(def: ActionDef<ConfigOf<C, Optional>, I, O>): Action<I, O>;
}

/** Describes a kind of connection: its configuration, its secrets and how they are used. */
export function defineConnection<C extends AnySchema, S extends AnySchema, const Optional extends boolean = false>(
  def: ConnectionDef<C, S, Optional>,
): Connection<C, S, Optional> {
  return mark({ def, action: (action) => mark({ ...action }, "action") } as Connection<C, S, Optional>, "connection");
}
