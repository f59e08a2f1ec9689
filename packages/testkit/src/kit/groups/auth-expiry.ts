import { StepwireError, type AuthKind } from "@stepwire/core";
import { createConnector } from "@stepwire/host";

import type { Outcome } from "../../run-once.ts";
import { answering } from "../answers.ts";
import { hurried } from "../hurried.ts";
import type { Kit, Subject } from "../kit.ts";
import { isBare, isForToken } from "../logins.ts";
import type { Report } from "../problem.ts";
import type { ConnectorInput, Example } from "../scenarios.ts";
import { trialsOf } from "../trial.ts";

/** The host fetches access tokens, and fetches another when one is refused; a connector can stand in its way. */
export async function authExpiry(kit: Kit, report: Report): Promise<void> {
  for (const subject of kit.subjects) {
    const { type } = subject;
    if (!(type.connection.def.auth as readonly AuthKind[]).some(hasTokens)) {
      report.notRun(`${type.id}: it does not log in with access tokens of the host's`);
      continue;
    }
    const chosen = await firstCalm(kit, subject, report);
    if (chosen === undefined)
      report.notRun(`${type.id}: no first example with a connector that can be called twice at once`);
    else await expire(kit, subject, chosen, report);
  }
}

const hasTokens = (kind: AuthKind): boolean =>
  kind.kind === "envelope" && (kind.methods === undefined || kind.methods.includes("oauth2-client-credentials"));

interface Chosen {
  readonly where: string;
  readonly action: string;
  readonly example: Example;
  readonly connector: ConnectorInput;
}

/** Answers that come one after the other would get mixed up between two calls. */
async function firstCalm(kit: Kit, subject: Subject, report: Report): Promise<Chosen | undefined> {
  for await (const { where, scenarios, connector } of trialsOf(kit, subject, { maxAttempts: 1 }, report)) {
    const [example] = scenarios.examples;
    if (example === undefined || Object.values(example.answers).some(Array.isArray)) continue;
    if (isBare(subject.type, connector)) continue;
    return { where, action: where.slice(subject.type.id.length + 1), example, connector: withTokens(connector) };
  }
  return undefined;
}

const TOKEN_URL = "https://login.stepwire-kit.test/token";
const OTHER_METHODS = new Set(["user", "password", "crt", "key", "pfx", "certType", "scope", "additionalFields"]);

/** The same connector, logging in with access tokens. */
function withTokens({ config = {}, secrets = {} }: ConnectorInput): ConnectorInput {
  const kept = (fields: object) =>
    Object.fromEntries(
      Object.entries(fields)
        .filter(([name]) => !OTHER_METHODS.has(name))
        .map(([name, value]: [string, unknown]) => [
          name,
          /headers$/i.test(name) ? withoutAuthorization(value) : value,
        ]),
    );
  const method = { hasAuth: true, authType: "webhook-oauth2-client-credentials" };
  return {
    config: { ...kept(config), ...method, accessTokenUrl: TOKEN_URL, clientId: "stepwire-kit" },
    secrets: { ...kept(secrets), clientSecret: "secret-of-the-stepwire-kit" },
  };
}

const withoutAuthorization = (headers: unknown): unknown =>
  Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => !/^authorization$/i.test(name)));

async function expire(kit: Kit, subject: Subject, chosen: Chosen, report: Report): Promise<void> {
  const { where, action, example, connector: input } = chosen;
  const { refusal } = subject.scenarios;
  const stage = await kit.stage();
  const usual = answering(example.answers, () => undefined);
  let tokens = 0;
  let isUsed = false;
  stage.play((request, response) => {
    if (isForToken(input, request)) return { json: { access_token: `token-${(tokens += 1)}-of-the-kit` } };
    if (request.headers["authorization"] !== "Bearer token-1-of-the-kit") return usual(request, response);
    isUsed = true;
    const message = "The access token has expired";
    return { ...(refusal?.(message, 401) ?? { json: { message } }), status: 401 };
  });
  const connector = createConnector(hurried(subject.type), { ...input, network: stage.network });
  const call = async (): Promise<Outcome> =>
    connector.run(action, example.input).then(
      (output) => ({ output }),
      (error: unknown) => ({ error: StepwireError.from(error).toJSON() }),
    );
  const outcomes = await Promise.all([call(), call()]);
  await connector.close();
  report.checked();
  const failed = outcomes.find(({ error }) => error !== undefined)?.error;
  if (!isUsed) report.problem(where, "None of its requests bears the access token.", OWN_HEADER);
  else if (failed !== undefined) {
    report.problem(
      where,
      `The vendor answered 401 to its access token, and it failed with ${failed.code}: ${failed.message}`,
      "Let the host see the 401: check must not throw, and an action must not send a header Authorization.",
    );
  } else if (tokens !== 2) {
    report.problem(
      where,
      `Two calls at once whose access token had expired fetched ${tokens} tokens, not 2: the first and one more.`,
      OWN_HEADER,
    );
  }
}

const OWN_HEADER = "Send all requests of a call with ctx.request, without a header Authorization.";
