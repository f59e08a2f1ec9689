import type { RequestOptions } from "@stepwire/core";

import type { NetworkOptions } from "../../src/connector/network-options.ts";
import type { ConnectorNetwork } from "../../src/files/network.ts";

/**
 * One way to make Stepwire call something. In every text PORT and TLSPORT stand for the ports of the traps, and CANARY
 * for a part of a URL that no error may show.
 */
export interface Row {
  readonly name: string;
  readonly settings?: NetworkOptions;
  /** Nothing: a request without a connector. */
  readonly connector?: {
    readonly config?: Readonly<Record<string, unknown>>;
    readonly secrets?: Readonly<Record<string, unknown>>;
    readonly network?: ConnectorNetwork;
    /** `secrets.webhookUrl` is the address, as Slack has it. */
    readonly secretUrl?: true;
  };
  readonly call: RequestOptions;
  /** The call is made so many times; all but the last have to succeed. Once, unless given. */
  readonly times?: number;
  /** What a name gives at its first, second, ... look-up; the last answer stands for all that follow. */
  readonly dns?: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** What the traps answer to a path: a status and a location. Everything else is 200. */
  readonly redirects?: Readonly<Record<string, string>>;
  /** The traps end their connection after each answer; they always do after a redirect. */
  readonly hangUp?: true;
  /** An error code, or `ok`. */
  readonly code: string;
  /** What the error must say: the host, where one could be read. */
  readonly names?: string;
  /** Every address that Node set out to connect to, in order. */
  readonly dialled: readonly string[];
  /** Every name that was looked up, in order. */
  readonly asked?: readonly string[];
  /** Request lines as the traps got them, where that matters. */
  readonly received?: readonly string[];
}
