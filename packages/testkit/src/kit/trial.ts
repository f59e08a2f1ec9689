import type { ServerResponse } from "node:http";

import type { Action, RetryPolicy } from "@stepwire/core";

import { callExample, type Change, type Observation } from "./call.ts";
import { hurried } from "./hurried.ts";
import type { Kit, Subject } from "./kit.ts";
import { connectorOf, isForToken } from "./logins.ts";
import type { Report } from "./problem.ts";
import { isWrite } from "./request-likeness.ts";
import type { ActionScenarios, ConnectorInput, VendorReply, VendorRequest } from "./scenarios.ts";

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
  const type = hurried(subject.type, retry);
  for (const [name, scenarios] of Object.entries(subject.scenarios.actions)) {
    const action = type.actions[name];
    const [example] = scenarios.examples;
    if (action === undefined || example === undefined) continue;
    const where = `${subject.type.id}.${name}`;
    const connector = connectorOf(subject, example);
    const isOwn = (request: VendorRequest) => !isForToken(connector, request);
    const call = async (change: Change) =>
      callExample(kit, { type, scenarios: subject.scenarios }, name, example, change);
    const contentTypes: string[] = [];
    const { outcome, requests, unexpected } = await call({
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
        call,
      };
    }
  }
}

const JSON_TYPE = /^[\w.+-]+\/(?:[\w.+-]+\+)?json\b/i;

function contentTypeOf(reply: VendorReply, response: ServerResponse): string {
  if (reply === undefined) return String(response.getHeader("content-type") ?? "");
  const [, given] = Object.entries(reply.headers ?? {}).find(([name]) => /^content-type$/i.test(name)) ?? [];
  return given ?? (reply.json === undefined ? "" : "application/json");
}
