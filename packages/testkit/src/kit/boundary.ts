import type { Action, AnyConnectorType, AnySchema, AuthKind, Ctx, RequestOptions } from "@stepwire/core";

/** Tells what a connector does by itself from what the host does for it, in the same process. */
export interface Boundary {
  /** Runs code of the connector; `part` is `test`, `check`, `auth`, or an action's name behind a dot. */
  inside<T>(part: string, work: () => T): T;
  /** Runs code of the host that the connector has called. */
  outside<T>(work: () => T): T;
}

/** The same type, with a boundary around every function that its package brings. */
export function withBoundary(type: AnyConnectorType, boundary: Boundary): AnyConnectorType {
  const { def } = type.connection;
  const { check, prepare, baseUrl, test } = def;
  const inside = <A extends unknown[], T>(part: string, run: (...args: A) => T) => {
    return (...args: A): T => boundary.inside(part, () => run(...args));
  };
  const auth = (def.auth as readonly AuthKind[]).map((kind): unknown =>
    kind.kind === "custom" ? { ...kind, place: inside("auth", kind.place) } : kind,
  );
  const connection: AnyConnectorType["connection"] = {
    ...type.connection,
    def: {
      ...def,
      auth: auth as AnyConnectorType["connection"]["def"]["auth"],
      config: schemaInside(def.config, "config", boundary),
      secrets: schemaInside(def.secrets, "secrets", boundary),
      ...(check === undefined ? {} : { check: inside("check", check) }),
      ...(prepare === undefined ? {} : { prepare: inside("prepare", prepare) }),
      ...(baseUrl === undefined ? {} : { baseUrl: inside("baseUrl", baseUrl) }),
      ...(test === undefined
        ? {}
        : { test: async (ctx: Ctx) => boundary.inside("test", () => test(ctxOutside(ctx, "test", boundary))) }),
    },
  };
  const actions = Object.entries(type.actions).map(([name, action]) => [
    name,
    actionInside(action, `.${name}`, boundary),
  ]);
  return { ...type, connection, actions: Object.fromEntries(actions) as Record<string, Action> };
}

function actionInside(action: Action, part: string, boundary: Boundary): Action {
  return {
    ...action,
    input: schemaInside(action.input, part, boundary),
    output: schemaInside(action.output, part, boundary),
    run: async (ctx: Ctx, input: unknown) =>
      boundary.inside(part, async () => action.run(ctxOutside(ctx, part, boundary), input)),
  };
}

function schemaInside(schema: AnySchema, part: string, boundary: Boundary): AnySchema {
  const standard = schema["~standard"];
  const validate = (value: unknown) => boundary.inside(part, () => standard.validate(value));
  return { "~standard": { ...standard, validate } };
}

function ctxOutside(ctx: Ctx, part: string, boundary: Boundary): Ctx {
  return {
    ...ctx,
    request: (async ({ expect, ...options }: RequestOptions) =>
      boundary.outside(async () =>
        ctx.request({
          ...options,
          ...(expect === undefined ? {} : { expect: schemaInside(expect, part, boundary) }),
        }),
      )) as Ctx["request"],
    once: async (name, work) => boundary.outside(async () => ctx.once(name, () => boundary.inside(part, work))),
    render: (...args) => boundary.outside(() => ctx.render(...args)),
  };
}
