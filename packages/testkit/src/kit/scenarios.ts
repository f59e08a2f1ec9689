import type { ErrorCode } from "@stepwire/core";
import type { ServerResponse } from "node:http";

import type { Reply } from "../loopback.ts";

/** A request as the played vendor received it. */
export interface VendorRequest {
  readonly method: string;
  /** Whole: the vendor's own origin, path and query. */
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as UTF-8 text; empty where there is none. */
  readonly body: string;
}

/** Nothing returned: it answers through Node's own response, or never. */
// oxlint-disable-next-line typescript/no-invalid-void-type -- a handler that answers by itself returns nothing
export type VendorReply = Reply | void;
export type VendorAnswer = (request: VendorRequest, response: ServerResponse) => VendorReply | Promise<VendorReply>;

/**
 * What the vendor answers, by request: `"POST /pages"`, or with its origin, `"GET https://api.example.com/me"`. `*` stands
 * for one piece of a path. A query in the name must be there; without one any query will do. A list is answered one by
 * one, the last again and again.
 */
export type Answers = Readonly<Record<string, Reply | readonly Reply[] | VendorAnswer>>;

/** One call of an action that succeeds. */
export interface Example {
  /** What it shows; its number unless given. */
  readonly name?: string;
  /** The action's parameters. */
  readonly input: unknown;
  readonly answers: Answers;
  /** What the action's output holds; objects may have more fields than are named here. */
  readonly output?: unknown;
  /** One of the further connectors of the type; its first one unless given. */
  readonly connector?: string;
}

/** Parameters that must be refused before anything is sent. */
export interface AntiExample {
  readonly input: unknown;
  /** Why they are wrong, for people who read the scenarios. */
  readonly reason: string;
}

/** What an action makes of a status, where it is not the error that everybody would expect. */
export interface StatusOutcome {
  /** The error's code; `ok` where the action has an answer nevertheless. */
  readonly outcome: ErrorCode | "ok";
  readonly reason: string;
}

export interface ActionScenarios {
  /** At least one; the first is the one that faults are tried on. */
  readonly examples: readonly Example[];
  readonly antiExamples?: readonly AntiExample[];
  /**
   * By status, such as `404`, or by what is wrong with the answer: `html`, `truncated`, `empty`, `oversize`,
   * `slow`; `later` stands for the refusal of a request that is not the first.
   */
  readonly statuses?: Readonly<Record<string, StatusOutcome>>;
  /** Why a DELETE that it sends takes nothing away for good: a label that can be put back. */
  readonly reversible?: string;
}

/** What one connector is made of. Every secret is made up, and at least 8 characters long: the kit looks for it everywhere. */
export interface ConnectorInput {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
}

export interface TypeScenarios {
  readonly connector: ConnectorInput;
  /** Further ones, by name: one for each other way to log in. */
  readonly connectors?: Readonly<Record<string, ConnectorInput>>;
  /** What the vendor answers to the type's own test, if it has one. */
  readonly test?: Answers;
  readonly actions: Readonly<Record<string, ActionScenarios>>;
  /** What the vendor answers to the examples of the README, beside what the other scenarios say. */
  readonly readme?: Answers;
  /**
   * Requests that only read though their method does not say so: `"POST /search"`, or a function that tells where one
   * address is for both, as with GraphQL.
   */
  readonly queries?: readonly (string | ((request: VendorRequest) => boolean))[];
  /** The body with which the vendor says no; `{ "message": … }` unless given. */
  readonly refusal?: (message: string, status: number) => Reply;
  /** A JSON file, the part of the vendor's OpenAPI document that is used; `stepwire-kit vendor` writes and refreshes it. */
  readonly openapi?: URL;
}

/** By the id of the connector type. */
export type Scenarios = Readonly<Record<string, TypeScenarios>>;

/** What a connector package shows of itself, checked by the compiler; see {@link Scenarios}. */
export function defineScenarios(scenarios: Scenarios): Scenarios {
  return scenarios;
}
