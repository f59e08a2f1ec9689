import type { ActionDef, AnySchema } from "@stepwire/core";

import type { JiraConfig } from "./site.ts";

/** An action of both connector types: what it sends depends on the site alone. */
export const shared = <I extends AnySchema, O extends AnySchema>(
  def: ActionDef<JiraConfig, I, O>,
): ActionDef<JiraConfig, I, O> => def;
