import { parseDuration, StepwireError, type AnyConnectorType, type Logger } from "@stepwire/core";
import {
  createClient,
  createConnector,
  withDeadline,
  type CallOptions,
  type Connector,
  type NetworkOptions,
} from "@stepwire/host";

import type { Outcome } from "../run-once.ts";
import { answering } from "./answers.ts";
import type { Kit, Subject } from "./kit.ts";
import { isBare } from "./logins.ts";
import type { Answers, ConnectorInput, Example, VendorAnswer, VendorRequest } from "./scenarios.ts";

interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields?: Record<string, unknown>;
}

/** What one call of an action came to, and what the vendor saw of it. */
export interface Observation {
  readonly outcome: Outcome;
  readonly requests: readonly VendorRequest[];
  /** Those among them that the scenario has no answer to. */
  readonly unexpected: readonly VendorRequest[];
  /** What the action wrote to `ctx.log`, as it would be shown. */
  readonly logs: readonly LogLine[];
}

/** How a call differs from the example it is made after. */
export interface Change {
  readonly input?: unknown;
  readonly connector?: ConnectorInput;
  /** One that is open already and stays so, for many calls that are alike: most of a call's time is its new connection. */
  readonly open?: Connector;
  /** Answers in place of the example's, which it may hand on to. */
  readonly answer?: (usual: VendorAnswer) => VendorAnswer;
  /** The step's timeout; the host does not wait for another attempt that would come after it. */
  readonly timeout?: string;
  readonly signal?: AbortSignal;
  readonly network?: NetworkOptions;
  /** The step's limit for its output. */
  readonly maxOutputBytes?: number;
}

/** Calls an action through a real host as one of its examples says, with the vendor played. Never rejects. */
export function callExample(
  kit: Kit,
  subject: Subject,
  action: string,
  example: Example,
  change: Change = {},
): Promise<Observation> {
  const { scenarios } = subject;
  const { input = example.input } = change;
  const named = example.connector === undefined ? scenarios.connector : scenarios.connectors?.[example.connector];
  return call(kit, subject, { answers: example.answers, named, change }, (connector, options) =>
    connector.run(action, input, options),
  );
}

/** The same for the type's own test of a connection, which must have one. */
export function callTest(kit: Kit, subject: Subject, change: Change = {}): Promise<Observation> {
  const { scenarios } = subject;
  return call(
    kit,
    subject,
    { answers: scenarios.test ?? {}, named: scenarios.connector, change },
    (connector, options) => connector.test(options),
  );
}

/** Opens a connector to the stage for `change.open` of many calls. Throws StepwireError for one that is wrong. */
export async function openFor(kit: Kit, type: AnyConnectorType, input: ConnectorInput): Promise<Connector> {
  const { network } = await kit.stage();
  return opened(type, input, network);
}

const opened = (type: AnyConnectorType, input: ConnectorInput, network: NetworkOptions): Connector =>
  isBare(type, input) ? createClient(type, network) : createConnector(type, { ...input, network });

async function call(
  kit: Kit,
  { type }: Subject,
  { answers, named, change }: { answers: Answers; named: ConnectorInput | undefined; change: Change },
  run: (connector: Connector, options: CallOptions) => Promise<unknown>,
): Promise<Observation> {
  const stage = await kit.stage();
  const unexpected: VendorRequest[] = [];
  const usual = answering(answers, (request) => unexpected.push(request));
  const { requests, network } = stage.play(change.answer?.(usual) ?? usual);
  const logs: LogLine[] = [];
  // What an action has begun beside what made it end must not be sent into the next call.
  const over = new AbortController();
  let outcome: Outcome;
  try {
    const input = change.connector ?? named;
    if (input === undefined)
      throw new StepwireError(
        "usage-invalid",
        "The example names a connector that is not among the scenarios' connectors.",
      );
    const connector = change.open ?? opened(type, input, { ...network, ...change.network });
    try {
      const { timeout, maxOutputBytes } = change;
      const signal = change.signal === undefined ? over.signal : AbortSignal.any([change.signal, over.signal]);
      const log = loggerInto(logs);
      const work = (inner: AbortSignal) =>
        run(connector, { signal: inner, log, ...(maxOutputBytes === undefined ? {} : { maxOutputBytes }) });
      const limit = timeout === undefined ? undefined : parseDuration(timeout);
      outcome = {
        output: await (limit === undefined ? work(signal) : withDeadline(signal, limit, "The step was not done", work)),
      };
    } finally {
      over.abort();
      if (change.open === undefined) await connector.close();
    }
  } catch (error) {
    outcome = { error: StepwireError.from(error).toJSON() };
  }
  return { outcome, requests, unexpected, logs };
}

function loggerInto(lines: LogLine[]): Logger {
  const write = (level: string) => (message: string, fields?: Record<string, unknown>) =>
    void lines.push({ level, message, ...(fields === undefined ? {} : { fields }) });
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}
