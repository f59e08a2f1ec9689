import { StepwireError, type Actions, type AnyConnectorType, type InferInput, type InferOutput } from "@stepwire/core";

import { HttpClient } from "../http/client.ts";
import type { Masker } from "../mask.ts";
import { runAction, type CallOptions } from "./run-action.ts";

/** The actions of a type as functions. */
export type TypedActions<A extends Actions> = {
  readonly [Name in keyof A]: (
    input: InferInput<A[Name]["input"]>,
    options?: CallOptions,
  ) => Promise<InferOutput<A[Name]["output"]>>;
};

/** One configured connector: it sends through its own connections and lets no secret out. */
export class Connector<A extends Actions = Actions> {
  readonly name: string;
  readonly type: AnyConnectorType;
  readonly actions: TypedActions<A>;
  readonly #client: HttpClient;
  readonly #config: unknown;
  /** Takes this connector's secrets out of anything that is about to be shown. */
  readonly masker: Masker;
  readonly #underWay = new Map<Promise<unknown>, AbortSignal | undefined>();
  #closed = false;

  constructor(parts: { name: string; type: AnyConnectorType; client: HttpClient; config: unknown; masker: Masker }) {
    this.name = parts.name;
    this.type = parts.type;
    this.#client = parts.client;
    this.#config = parts.config;
    this.masker = parts.masker;
    this.actions = Object.fromEntries(
      Object.keys(parts.type.actions).map((name) => [
        name,
        (input: unknown, options?: CallOptions) => this.run(name, input, options),
      ]),
    ) as TypedActions<A>;
  }

  /** Runs an action by name (or by a sub-action's name). Throws StepwireError only, masked. */
  async run(actionName: string, input: unknown, options?: CallOptions): Promise<unknown> {
    const { actions, subActions = {} } = this.type;
    const name = Object.hasOwn(actions, actionName)
      ? actionName
      : Object.hasOwn(subActions, actionName)
        ? subActions[actionName]
        : undefined;
    const action = name === undefined ? undefined : actions[name];
    if (name === undefined || action === undefined) {
      throw new StepwireError(
        "usage-invalid",
        `${this.type.id} has no action ${actionName}. It has: ${Object.keys(actions).join(", ")}.`,
      );
    }
    const label = `${this.type.id}.${name}`;
    return this.#track(options?.signal, async () =>
      runAction(label, action, input, { client: this.#client, config: this.#config }, this.#masked(options)),
    );
  }

  /** Runs the type's test, which only reads. Throws `usage-invalid` for a type that has none. */
  async test(options?: CallOptions): Promise<void> {
    const { test } = this.type.connection.def;
    if (test === undefined) {
      throw new StepwireError(
        "usage-invalid",
        `${this.type.id} has nothing that can be tested by reading alone. Run one of its actions instead: stepwire connectors exec.`,
      );
    }
    const action = { ...TEST_ACTION, run: async (ctx: Parameters<typeof test>[0]) => void (await test(ctx)) };
    await this.#track(options?.signal, async () =>
      runAction(
        `${this.type.id} test`,
        action,
        {},
        { client: this.#client, config: this.#config },
        this.#masked(options),
      ),
    );
  }

  /**
   * Takes no more calls, waits for those under way, then closes the connections. Cancelled calls get two seconds to
   * tidy up; one that does not heed its signal cannot keep the process.
   */
  async close(): Promise<void> {
    this.#closed = true;
    const calls = [...this.#underWay];
    const cancelled = calls.filter(([, signal]) => signal?.aborted === true).map(([work]) => work);
    await Promise.allSettled(calls.map(([work]) => work).filter((work) => !cancelled.includes(work)));
    await settledWithin(CANCELLED_GRACE_MS, cancelled);
    this.#client.close();
  }

  async #track<T>(signal: AbortSignal | undefined, start: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new StepwireError("usage-invalid", `The connector ${this.name} is closed.`);
    const work = start();
    this.#underWay.set(work, signal);
    try {
      return await work;
    } catch (error) {
      throw this.masker.error(StepwireError.from(error));
    } finally {
      this.#underWay.delete(work);
    }
  }

  #masked(options: CallOptions = {}): CallOptions {
    const { log } = options;
    if (log === undefined) return options;
    const mask = (level: keyof typeof log) => (message: string, fields?: Record<string, unknown>) =>
      log[level](this.masker.text(message), fields === undefined ? undefined : this.masker.value(fields));
    return { ...options, log: { debug: mask("debug"), info: mask("info"), warn: mask("warn"), error: mask("error") } };
  }
}

const CANCELLED_GRACE_MS = 2000;

async function settledWithin(milliseconds: number, work: readonly Promise<unknown>[]): Promise<void> {
  if (work.length === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([Promise.allSettled(work), grace]);
  clearTimeout(timer);
}

const anything = {
  "~standard": {
    version: 1,
    vendor: "stepwire",
    validate: (value: unknown) => ({ value }),
    jsonSchema: { input: () => ({}), output: () => ({}) },
  },
} as const;
const TEST_ACTION = {
  summary: "Tests the connection",
  effect: "read",
  idempotency: "natural",
  input: anything,
  output: anything,
} as const;
