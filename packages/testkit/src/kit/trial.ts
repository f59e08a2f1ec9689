import type { ServerResponse } from "node:http";

import type { Action, RetryPolicy } from "@stepwire/core";

import { matches } from "./answers.ts";
import { callExample, type Change, type Observation } from "./call.ts";
import type { Kit, Subject } from "./kit.ts";
import type { Report } from "./problem.ts";
import type {
  ActionScenarios,
  ConnectorInput,
  Example,
  VendorAnswer,
  VendorReply,
  VendorRequest,
} from "./scenarios.ts";

/** An action and its first example, which comes out well while nothing disturbs it: what faults are tried on. */
export interface Trial {
  readonly subject: Subject;
  readonly action: Action;
  readonly scenarios: ActionScenarios;
  readonly connector: ConnectorInput;
  /** Such as `acme/pager.page`. */
  readonly where: string;
  /** What the example comes to. */
  readonly output: unknown;
  /** What it sends; at least one request. Those for an access token are the host's, and left out here. */
  readonly requests: readonly VendorRequest[];
  /** Of all requests, one for an access token included. */
  readonly hosts: readonly string[];
  /** Whether its first request is answered with JSON. */
  readonly expectsJson: boolean;
  /** Whether a request is the action's own, and not one for an access token. */
  readonly isOwn: (request: VendorRequest) => boolean;
  /** Whether a request changes something. */
  readonly isWrite: (request: VendorRequest) => boolean;
  /** Makes the call once more, with something different. */
  readonly call: (change: Change) => Promise<Observation>;
}

/**
 * The actions of a type that can be tried. An example that does not come out is reported by group `examples`; here it
 * only says why the action was passed over.
 * @param retry in place of the action's own policy, so that nobody waits for the host.
 */
export async function* trialsOf(
  kit: Kit,
  subject: Subject,
  retry: RetryPolicy,
  report: Report,
): AsyncGenerator<Trial, void, undefined> {
  const hurried = withRetry(subject, retry);
  for (const [name, scenarios] of Object.entries(subject.scenarios.actions)) {
    const action = hurried.type.actions[name];
    const [example] = scenarios.examples;
    if (action === undefined || example === undefined) continue;
    const where = `${subject.type.id}.${name}`;
    const connector = connectorOf(subject, example);
    const isOwn = ownRequests(connector);
    const contentTypes: string[] = [];
    const { outcome, requests, unexpected } = await callExample(kit, hurried, name, example, {
      answer: (usual) => async (request, response) => {
        const reply = await usual(request, response);
        if (isOwn(request)) contentTypes.push(contentTypeOf(reply, response));
        return reply;
      },
    });
    const own = requests.filter(isOwn);
    if (outcome.error !== undefined || unexpected.length > 0) {
      report.notRun(`${where}: its first example does not come out as it says`);
    } else if (own.length === 0) {
      report.notRun(`${where}: its first example sends nothing`);
    } else {
      yield {
        subject,
        action,
        scenarios,
        connector,
        where,
        output: outcome.output,
        requests: own,
        hosts: [...new Set(requests.map(({ url }) => url.hostname))],
        expectsJson: JSON_TYPE.test(contentTypes[0] ?? ""),
        isOwn,
        isWrite: (request) => isOwn(request) && isWrite(request, subject.scenarios.queries),
        call: (change) => callExample(kit, hurried, name, example, change),
      };
    }
  }
}

/** The same type, whose actions let the host repeat in another way, and never wait for their turn. */
function withRetry({ type, scenarios }: Subject, retry: RetryPolicy): Subject {
  const actions = Object.entries(type.actions).map(([name, action]) => {
    const { rateLimit: _, ...policies } = action.policies ?? {};
    return [name, { ...action, policies: { ...policies, retry: { ...policies.retry, ...retry } } }] as const;
  });
  return { type: { ...type, actions: Object.fromEntries(actions) }, scenarios };
}

const connectorOf = ({ scenarios }: Subject, { connector }: Example): ConnectorInput =>
  (connector === undefined ? scenarios.connector : scenarios.connectors?.[connector]) ?? {};

function ownRequests({ config = {} }: ConnectorInput): (request: VendorRequest) => boolean {
  const { accessTokenUrl } = config;
  if (typeof accessTokenUrl !== "string" || !URL.canParse(accessTokenUrl)) return () => true;
  const { href } = new URL(accessTokenUrl);
  return ({ url }) => url.href !== href;
}

const READING = new Set(["GET", "HEAD", "OPTIONS"]);
const isWrite = (request: VendorRequest, queries: readonly string[] = []): boolean =>
  !READING.has(request.method) && !queries.some((route) => matches(route, request));

const JSON_TYPE = /^[\w.+-]+\/(?:[\w.+-]+\+)?json\b/i;

function contentTypeOf(reply: VendorReply, response: ServerResponse): string {
  if (reply === undefined) return String(response.getHeader("content-type") ?? "");
  const [, given] = Object.entries(reply.headers ?? {}).find(([name]) => /^content-type$/i.test(name)) ?? [];
  return given ?? (reply.json === undefined ? "" : "application/json");
}

/**
 * Answers the first request that is `wanted`, and all others to the same place, in another way; `times` of them unless
 * all.
 */
export function instead(
  wanted: (request: VendorRequest) => boolean,
  answer: VendorAnswer,
  times = Number.POSITIVE_INFINITY,
): NonNullable<Change["answer"]> {
  return (usual) => {
    let first: VendorRequest | undefined;
    let count = 0;
    return (request, response) => {
      if (first === undefined && wanted(request)) first = request;
      if (first === undefined || !isAlike(first, request) || count >= times) return usual(request, response);
      count += 1;
      return answer(request, response);
    };
  };
}

/** To the same place: a date or a made-up id in query or body makes no other request of it. */
export const isAlike = (one: VendorRequest, other: VendorRequest): boolean =>
  one.method === other.method && one.url.origin === other.url.origin && one.url.pathname === other.url.pathname;

/** The very same request, sent again. */
export const isRepeated = (one: VendorRequest, other: VendorRequest): boolean =>
  one.method === other.method && one.url.href === other.url.href && content(one) === content(other);

/** A multipart body without its boundary, which is made up anew each time. */
function content({ headers, body }: VendorRequest): string {
  const boundary = /^multipart\/.*boundary="?([^";]+)/i.exec(headers["content-type"] ?? "")?.[1];
  return boundary === undefined ? body : body.replaceAll(boundary, "");
}
