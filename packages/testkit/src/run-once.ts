import {
  parseDuration,
  StepwireError,
  type Actions,
  type AnySchema,
  type ConnectorType,
  type ErrorJson,
} from "@stepwire/core";
import { createClient, createConnector, withDeadline, type CreateConnectorOptions } from "@stepwire/host";

/** One call of one action, as a workflow step would make it. */
export interface RunOnceOptions<C extends AnySchema, S extends AnySchema> extends CreateConnectorOptions<C, S> {
  /** The action's name, or a sub-action's; the type's default action unless given. */
  action?: string;
  /** Its parameters, checked like a step's. */
  input: unknown;
  /** The step's timeout, such as `5s`: the host does not wait for another attempt that would come after it. */
  timeout?: string;
  /**
   * Parts of the action (`ctx.once`) that are done, with their results; each part that is done is added. Give the same
   * map to a second call to see what a run would do again after a crash.
   */
  parts?: Map<string, unknown>;
}

const NEVER = new AbortController().signal;

/** What came of it: the action's output, or the error as it would leave Stepwire, masked. */
export type Outcome = { output: unknown; error?: never } | { error: ErrorJson; output?: never };

/**
 * Opens a real connector, runs one action through the real host, and closes it. With neither config nor secrets a type
 * that works without a connector gets the bare client. Whatever is thrown on the way comes back as `error`.
 */
export async function runOnce<C extends AnySchema, S extends AnySchema, Optional extends boolean, A extends Actions>(
  type: ConnectorType<C, S, Optional, A>,
  options: RunOnceOptions<C, S>,
): Promise<Outcome> {
  const { action = type.defaultAction, input, timeout, parts, ...rest } = options;
  try {
    if (action === undefined) throw new StepwireError("usage-invalid", `${type.id} has no default action; name one.`);
    const bare = type.connection.def.optional === true && rest.config === undefined && rest.secrets === undefined;
    const connector = bare ? createClient(type, rest.network) : createConnector(type, rest);
    try {
      const limit = timeout === undefined ? undefined : parseDuration(timeout);
      const once = parts === undefined ? {} : { once: keepIn(parts) };
      const run = (signal: AbortSignal) => connector.run(action, input, { signal, ...once });
      return {
        output: await (limit === undefined ? run(NEVER) : withDeadline(NEVER, limit, "The step was not done", run)),
      };
    } finally {
      await connector.close();
    }
  } catch (error) {
    return { error: StepwireError.from(error).toJSON() };
  }
}

/** Results are kept as JSON, like in a run's journal. */
function keepIn(parts: Map<string, unknown>) {
  return async <T>(name: string, part: () => Promise<T>): Promise<T> => {
    if (!parts.has(name)) {
      const result = await part();
      parts.set(name, result === undefined ? undefined : (JSON.parse(JSON.stringify(result)) as unknown));
    }
    return parts.get(name) as T;
  };
}

/** Opens a real connector, runs its type's own test (`connectors test` on the command line), and closes it. */
export async function testOnce<C extends AnySchema, S extends AnySchema, Optional extends boolean, A extends Actions>(
  type: ConnectorType<C, S, Optional, A>,
  options: CreateConnectorOptions<C, S>,
): Promise<{ error?: ErrorJson }> {
  try {
    const connector = createConnector(type, options);
    try {
      await connector.test();
      return {};
    } finally {
      await connector.close();
    }
  } catch (error) {
    return { error: StepwireError.from(error).toJSON() };
  }
}
