import type { ErrorJson } from "@stepwire/core";
import type { Connector } from "@stepwire/host";

import { openFor, type Observation } from "../call.ts";
import { hurried } from "../hurried.ts";
import { isObject, pathsIn, replaced, shown, valueAt, type Path } from "../json-paths.ts";
import type { Kit } from "../kit.ts";
import { INTRUDER, longTexts, NASTY_TEXTS, NO_TEXTS, withPrototypeKeys } from "../nasty.ts";
import type { Report } from "../problem.ts";
import { changed, recordedBy, type Recorded } from "../recorded.ts";
import { holds, intrusionIn, shapeOf } from "../request-shape.ts";
import type { VendorRequest } from "../scenarios.ts";
import { maxLengthAt } from "../schema-lengths.ts";
import { trialsOf, type Trial } from "../trial.ts";

/** Of an action with more texts, the outermost stand for all. */
const MAX_TEXTS = 6;

/** Whatever text is put into a parameter stays in its place, or is refused. */
export async function templates(kit: Kit, report: Report): Promise<void> {
  for (const subject of kit.subjects) {
    for await (const trial of trialsOf(kit, subject, { maxAttempts: 1 }, report)) {
      const input = trial.scenarios.examples[0]?.input;
      const open = await openFor(kit, hurried(subject.type), trial.connector);
      const trying = { trial, open, input, answers: await recordedBy(trial) };
      const texts = pathsIn(input, (value) => typeof value === "string").slice(0, MAX_TEXTS);
      if (texts.length === 0) report.notRun(`${trial.where}: its first example has no text in it`);
      for (const path of texts) await tryText(trying, path, report);
      for (const path of pathsIn(input, isObject)) await tryKeys(trying, path, report);
      await open.close();
    }
  }
}

interface Trying {
  readonly trial: Trial;
  readonly open: Connector;
  readonly input: unknown;
  readonly answers: readonly Recorded[];
}

interface Wrong {
  /** Goes on from "it". */
  readonly what: string;
  readonly fix: string;
}

const ESCAPE =
  "Put values into paths with encodeURIComponent(), and give the rest to ctx.request as query, headers, json or form.";
const REFUSE =
  "Refuse what cannot be sent in the input's schema, or throw a StepwireError with the code params-invalid.";
const PLAIN = "stepwire-kit";

async function tryText(trying: Trying, path: Path, report: Report): Promise<void> {
  const { trial, input } = trying;
  const schema = trial.action.input["~standard"].jsonSchema.input({ target: "draft-2020-12" });
  // What follows from its being another text is no fault, such as a request that only one of its choices makes.
  const plain = sentBy(trial, await callWith(trying, path, () => PLAIN));
  const shapes = new Set([...trial.requests, ...plain].map(shapeOf));
  // A path or an address may lead anywhere.
  const mayLead = /[/?#]/.test(String(valueAt(input, path)));
  const isHeld = plain.some((request) => holds(request, PLAIN));
  for (const { name, value } of [...NASTY_TEXTS, ...longTexts(maxLengthAt(schema, path)), ...NO_TEXTS]) {
    const seen = await callWith(trying, path, () => value);
    const requests = sentBy(trial, seen);
    report.checked();
    const isLost =
      isHeld && name === "emoji" && requests.length > 0 && !requests.some((one) => holds(one, String(value)));
    const wrong =
      blamed(seen.outcome.error) ??
      // What is no text may well stand for none, and change what is asked.
      (mayLead || typeof value !== "string" ? undefined : escaped(requests, shapes)) ??
      (isLost ? { what: "sent it otherwise, or not at all", fix: "Send texts as they are, in UTF-8." } : undefined);
    if (wrong === undefined) continue;
    report.problem(`${trial.where} input${shown(path)}`, `With ${name} in it, it ${wrong.what}.`, wrong.fix);
  }
}

async function tryKeys(trying: Trying, path: Path, report: Report): Promise<void> {
  const seen = await callWith(trying, path, (value) => withPrototypeKeys(value as object));
  report.checked();
  const isPolluted = INTRUDER in {};
  Reflect.deleteProperty(Object.prototype, INTRUDER);
  const wrong = isPolluted
    ? {
        what: "changed the prototype of all objects",
        fix: "Copy keys with Object.fromEntries() or into a Map, never one by one into an object.",
      }
    : blamed(seen.outcome.error);
  if (wrong === undefined) return;
  report.problem(
    `${trying.trial.where} input${shown(path)}`,
    `With the key __proto__ in it, it ${wrong.what}.`,
    wrong.fix,
  );
}

/** The call with something else in one place, and the vendor answering what it answers to the example, one by one. */
const callWith = async (
  { trial, open, input, answers }: Trying,
  path: Path,
  change: (value: unknown) => unknown,
): Promise<Observation> =>
  trial.call({
    open,
    input: replaced(input, path, change),
    answer: changed(trial, (reply, index) => answers[index]?.reply ?? reply),
  });

const sentBy = ({ isOwn }: Trial, { requests }: Observation): VendorRequest[] => requests.filter(isOwn);

function blamed(error: ErrorJson | undefined): Wrong | undefined {
  if (error === undefined || (error.code !== "internal" && error.code !== "output-invalid")) return undefined;
  // encodeURIComponent() refuses half of a character, and nothing is sent.
  if (error.details?.["name"] === "URIError") return undefined;
  return { what: `failed with ${error.code}: ${error.message}`, fix: REFUSE };
}

function escaped(requests: readonly VendorRequest[], shapes: ReadonlySet<string>): Wrong | undefined {
  for (const request of requests) {
    const { method, url } = request;
    const intrusion = intrusionIn(request);
    if (intrusion !== undefined) return { what: `sent ${method} ${url.pathname} ${intrusion}`, fix: ESCAPE };
    if (!shapes.has(shapeOf(request))) {
      const shortened = url.href.length <= 200 ? url.href : `${url.href.slice(0, 199)}…`;
      return { what: `sent ${method} ${shortened}, which leads elsewhere than other texts do`, fix: ESCAPE };
    }
  }
  return undefined;
}
