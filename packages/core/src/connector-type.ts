import type { Action } from "./action.ts";
import type { Connection } from "./connection.ts";
import { mark } from "./contract.ts";
import type { AnySchema } from "./schema.ts";

/** Actions by name: letters, digits and `_`, beginning with a letter. A workflow writes `type: vendor/name.action`. */
export type Actions = Readonly<Record<string, Action>>;

/** The name of one of the actions. */
type NameOf<A extends Actions> = Extract<keyof A, string>;

/** A configuration for one particular system, as a place to start from. */
export interface Preset {
  /** One sentence for people who choose one. */
  readonly description: string;
  /** May hold placeholders such as `{base}`, which the user is asked for. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A connector type, as its author writes it. */
export interface ConnectorTypeDef<
  C extends AnySchema,
  S extends AnySchema,
  Optional extends boolean,
  A extends Actions,
> {
  /** `slack`; types of third parties are `vendor/name`. */
  readonly id: string;
  /** What people call the system. */
  readonly title: string;
  /** One sentence for people who choose a type, without a full stop. */
  readonly description: string;
  readonly connection: Connection<C, S, Optional>;
  readonly actions: A;
  /** What `type: <id>` runs without an action's name. */
  readonly defaultAction?: NameOf<A>;
  /** Other names for the very same type, such as `.slack`. */
  readonly aliases?: readonly string[];
  /** Kibana's sub-action names and the actions that answer to them. */
  readonly subActions?: Readonly<Record<string, NameOf<A>>>;
  /** By name; `stepwire connectors add TYPE --preset NAME` starts from one. */
  readonly presets?: Readonly<Record<string, Preset>>;
}

/** What `defineConnectorType` returns; hosts and `@stepwire/host` take it. */
export type ConnectorType<
  C extends AnySchema = AnySchema,
  S extends AnySchema = AnySchema,
  Optional extends boolean = boolean,
  A extends Actions = Actions,
> = ConnectorTypeDef<C, S, Optional, A>;

/** A kind of connection together with what it can do. */
export function defineConnectorType<
  C extends AnySchema,
  S extends AnySchema,
  Optional extends boolean,
  const A extends Actions,
>(def: ConnectorTypeDef<C, S, Optional, A>): ConnectorType<C, S, Optional, A> {
  return mark({ ...def }, "connector-type");
}
