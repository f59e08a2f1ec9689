import type { AnySchema, JsonSchema } from "@stepwire/core";
import { isIdentifier, unmaskedSecrets } from "@stepwire/host";

import { withBoundary } from "../boundary.ts";
import { callExample, callTest, openFor, type Change, type Observation } from "../call.ts";
import { credentialFields } from "../credential-fields.ts";
import { echoes } from "../echo.ts";
import { hurried } from "../hurried.ts";
import { examplesOf, type Kit, type Subject } from "../kit.ts";
import { leakFinder, textsIn } from "../leaks.ts";
import { connectorOf, connectorsOf, isForToken, partsOf, secretsOf } from "../logins.ts";
import type { Report } from "../problem.ts";
import type { ConnectorInput, VendorReply } from "../scenarios.ts";
import { watching, type Watch } from "../watch.ts";

/** No secret gets out, whole or in pieces, whatever the vendor throws back. */
export async function redaction(kit: Kit, report: Report): Promise<void> {
  // Whatever the kit opens for itself is opened before anybody watches.
  await kit.stage();
  for (const subject of kit.subjects) {
    exposedFields(subject, report);
    shortSecrets(subject, report);
    await watching((watch) => calls(kit, subject, watch, report));
  }
}

function exposedFields({ type }: Subject, report: Report): void {
  report.checked();
  for (const path of credentialFields(jsonSchemaOf(type.connection.def.config))) {
    report.problem(
      `${type.id} config${path}`,
      "By its name or description it is a credential, and config is masked nowhere.",
      "Move it to secrets. If it is none, give it a name and a description that do not sound like one.",
    );
  }
}

function shortSecrets({ type, scenarios }: Subject, report: Report): void {
  for (const { where, connector } of connectorsOf(scenarios)) {
    for (const path of unmaskedSecrets(connector.secrets)) {
      report.problem(
        `${type.id} ${where} secrets.${path.join(".")}`,
        "It is shorter than 8 characters: hosts do not mask such a secret, and the kit could not tell it from other words.",
        "Make up a longer one in the scenarios. Where the vendor's are that short, say so in the expected failures: nobody can mask them.",
      );
    }
  }
}

/** One call, and whose secrets it must keep. */
interface Calling {
  /** Its type is watched. */
  readonly subject: Subject;
  readonly connector: ConnectorInput;
  readonly where: string;
  readonly input: unknown;
  readonly call: (change: Change) => Promise<Observation>;
}

async function calls(kit: Kit, subject: Subject, watch: Watch, report: Report): Promise<void> {
  const { scenarios } = subject;
  const watched = { type: withBoundary(hurried(subject.type), watch.boundary), scenarios };
  for (const { action, example, where } of examplesOf(watched)) {
    const connector = connectorOf(subject, example);
    const call = async (change: Change) => callExample(kit, watched, action, example, change);
    await judge({ subject: watched, connector, where, input: example.input, call }, kit, watch, report);
  }
  if (subject.type.connection.def.test === undefined) return;
  // The host tries a test again, unless there is no time for it.
  const call = async (change: Change) => callTest(kit, watched, { timeout: "300ms", ...change });
  const where = `${subject.type.id} test`;
  await judge({ subject: watched, connector: scenarios.connector, where, input: {}, call }, kit, watch, report);
}

/** Requests behind the third are hardly other than those before. */
const MAX_REQUESTS = 3;

async function judge(calling: Calling, kit: Kit, { sightings, callEnded }: Watch, report: Report): Promise<void> {
  const { subject, connector, where, call } = calling;
  const secrets = secretsOf(connector);
  if (secrets.length === 0) return report.notRun(`${where}: its connector has no secrets`);
  const told = new Set<string>();
  const made = async (change: Change): Promise<Observation & { printed: unknown }> => {
    const before = sightings.length;
    const observation = await call(change);
    callEnded();
    return { ...observation, printed: sightings.slice(before).map(({ text }) => text) };
  };
  const replies: VendorReply[] = [];
  const usual = await made({
    answer: (answer) => async (request, response) => {
      const reply = await answer(request, response);
      if (!isForToken(connector, request)) replies.push(reply);
      return reply;
    },
  });
  const find = leakFinder(secrets.flatMap(partsOf), () => known(calling, kit, replies));
  const search = ({ outcome, logs, printed }: typeof usual, when: string, sent: readonly string[] = []) => {
    report.checked();
    const places = { "Its output": outcome.output, "Its error": outcome.error, "What it logs": logs };
    for (const [place, value] of Object.entries({ ...places, "What it prints": printed })) {
      const text = textsIn(value);
      const leak = find(text);
      const hasHeader = sent.some((credential) => credential.length >= 8 && text.includes(credential));
      const what =
        leak === undefined ? (hasHeader ? "the header Authorization" : "") : `a piece of ${leak.name}${leak.spelling}`;
      if (what === "" || told.has(`${place} ${what}`)) continue;
      told.add(`${place} ${what}`);
      report.problem(
        where,
        `${place} holds ${what}, when ${when}.`,
        "Make outputs, errors and logs of the input and of what ctx.request returns, which is masked; keep nothing of what custom auth is given. A piece that is an ordinary word is none: make up a secret without words.",
      );
    }
  };
  // A signature that a vendor repeats is known to nobody, and gone with its request; the connector has no call to show it.
  const sent = usual.requests.flatMap(({ headers }) => headers["authorization"]?.split(" ").at(-1) ?? []);
  search(usual, "all goes well", sent);
  const own = usual.requests.filter((request) => !isForToken(connector, request));
  if (own.length === 0) return report.notRun(`${where}: its example sends nothing that could be repeated`);
  const open = await openFor(kit, subject.type, connector);
  for (const { what, answer } of echoes(connector, subject.scenarios, Math.min(own.length, MAX_REQUESTS)))
    search(await made({ open, answer }), `the vendor ${what}`);
  await open.close();
}

/** What anybody may read who has none of the secrets. */
function known({ subject, connector, input }: Calling, { pack }: Kit, replies: readonly VendorReply[]): string[] {
  const { config: configSchema, secrets: secretsSchema, hosts } = subject.type.connection.def;
  const { secrets = {}, config = {} } = connector;
  const hidden = secretsOf(connector)
    .flatMap(partsOf)
    .map(({ text }) => text);
  const identifiers = Object.entries(secrets).flatMap(([key, value]) => (isIdentifier(key) ? [value] : []));
  // Whom a secret URL leads to is no secret.
  const origins = hidden.flatMap((text) => (URL.canParse(text) ? [`${new URL(text).origin}/`] : []));
  const schemas = [configSchema, secretsSchema].map(jsonSchemaOf);
  const packed = [pack?.readme ?? "", pack?.manifest];
  return [textsIn({ config, input, identifiers, replies, schemas, hosts, origins, packed })];
}

/** One that cannot be described is group schema's business. */
function jsonSchemaOf(schema: AnySchema): JsonSchema {
  try {
    return schema["~standard"].jsonSchema.input({ target: "draft-2020-12" });
  } catch {
    return {};
  }
}
