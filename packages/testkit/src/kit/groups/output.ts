import type { Connector } from "@stepwire/host";

import { openFor, type Observation } from "../call.ts";
import { hurried } from "../hurried.ts";
import { isObject, pathsIn, replaced, shown, valueAt, type Path } from "../json-paths.ts";
import type { Kit } from "../kit.ts";
import type { Report } from "../problem.ts";
import { changed, recordedBy, type Recorded } from "../recorded.ts";
import { trialsOf, type Trial } from "../trial.ts";

/** Vendors add fields to their answers, and leave some out: neither is a fault of the connector's to have. */
export async function output(kit: Kit, report: Report): Promise<void> {
  for (const subject of kit.subjects) {
    for await (const trial of trialsOf(kit, subject, { maxAttempts: 1 }, report)) {
      plain(trial, report);
      const answers = await recordedBy(trial);
      if (!answers.some(isAnswer)) {
        report.notRun(`${trial.where}: its first example is answered without a JSON object`);
        continue;
      }
      const open = await openFor(kit, hurried(subject.type), trial.connector);
      await unknownFields({ trial, open, answers }, report);
      await missingFields({ trial, open, answers }, report);
      await open.close();
    }
  }
}

const isAnswer = ({ reply }: Recorded): boolean =>
  reply?.json !== undefined && (reply.status ?? 200) < 300 && pathsIn(reply.json, isObject).length > 0;

function plain({ where, output: value }: Trial, report: Report): void {
  report.checked();
  for (const path of pathsIn(value, (item) => kindOf(item) !== undefined)) {
    report.problem(
      `${where} output${shown(path)}`,
      `It is ${kindOf(valueAt(value, path))}, which is no JSON.`,
      "Make output of texts, finite numbers, true, false, null, lists and plain objects; a date is a text, such as with toISOString().",
    );
  }
}

/** What a value is that is no JSON. A field that is `undefined` is left out, which is fine. */
function kindOf(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : String(value);
  if (["function", "bigint", "symbol"].includes(typeof value)) return `a ${typeof value}`;
  if (!isObject(value)) return undefined;
  const prototype = Object.getPrototypeOf(value) as { constructor: { name: string } } | null;
  return prototype === null || prototype === Object.prototype ? undefined : `a ${prototype.constructor.name}`;
}

interface Trying {
  readonly trial: Trial;
  readonly open: Connector;
  readonly answers: readonly Recorded[];
}

const UNKNOWN = "stepwire_kit_unknown";

/** An unknown field looks like a known one, so that it is at home in a map of many, too. */
const withUnknown = (value: unknown): unknown =>
  isObject(value) ? { ...value, [UNKNOWN]: Object.values(value)[0] ?? "unknown" } : value;

async function unknownFields(trying: Trying, report: Report): Promise<void> {
  const { trial, open, answers } = trying;
  const everywhere = changed(trial, (reply) => {
    if (reply?.json === undefined) return reply;
    const objects = pathsIn(reply.json, isObject).toReversed();
    return { ...reply, json: objects.reduce<unknown>((json, path) => replaced(json, path, withUnknown), reply.json) };
  });
  report.checked();
  if ((await trial.call({ open, answer: everywhere })).outcome.error === undefined) return;
  // Something minds: which is only looked for now.
  for (const [index, answer] of answers.entries()) {
    if (!isAnswer(answer)) continue;
    for (const path of pathsIn(answer.reply?.json, isObject)) {
      const { error } = (await withAnswer(trying, index, path, withUnknown)).outcome;
      if (error === undefined) continue;
      report.problem(
        `${trial.where} answer${shown(path)}`,
        `It failed with ${error.code} when the answer to ${told(answer)} had an unknown field there: ${error.message}`,
        "Vendors add fields at any time: describe answers with z.object(), not with z.strictObject().",
      );
    }
  }
}

/** The outermost fields are the ones that matter; so many of an action have to do. */
const MAX_FIELDS = 12;
/** An action that goes on for ever, because no answer says that it is the last. */
const PATIENCE = "5s";

async function missingFields(trying: Trying, report: Report): Promise<void> {
  const { trial, answers } = trying;
  const fields = answers.flatMap((answer, index) =>
    isAnswer(answer)
      ? pathsIn(answer.reply?.json, (_, path) => typeof path.at(-1) === "string").map((path) => ({
          answer,
          index,
          path,
        }))
      : [],
  );
  const outermost = fields.toSorted((one, other) => one.path.length - other.path.length).slice(0, MAX_FIELDS);
  for (const { answer, index, path } of outermost) {
    for (const [how, value] of [
      ["was missing", undefined],
      ["was null", null],
    ] as const) {
      const { error } = (await withAnswer(trying, index, path, () => value)).outcome;
      report.checked();
      if (error === undefined || !BLAMED.has(error.code)) continue;
      const where = `${trial.where} answer${shown(path)}`;
      const message = `It failed with ${error.code} when it ${how} in the answer to ${told(answer)}: ${error.message}`;
      report.problem(where, message, FIX);
      break;
    }
  }
}

const BLAMED: ReadonlySet<string> = new Set(["internal", "output-invalid", "timeout"]);
const FIX =
  "Say with expect of ctx.request what has to be there, so that the error names it; what may be missing is .nullish() in expect and optional in output.";

const withAnswer = async (
  { trial, open }: Trying,
  index: number,
  path: Path,
  change: (value: unknown) => unknown,
): Promise<Observation> =>
  trial.call({
    open,
    timeout: PATIENCE,
    answer: changed(trial, (reply, number) =>
      number === index && reply?.json !== undefined ? { ...reply, json: replaced(reply.json, path, change) } : reply,
    ),
  });

const told = ({ request: { method, url } }: Recorded): string => `${method} ${url.pathname}`;
