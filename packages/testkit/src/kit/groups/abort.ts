import type { Observation } from "../call.ts";
import type { Kit } from "../kit.ts";
import type { Report } from "../problem.ts";
import { trialsOf, type Trial } from "../trial.ts";

/** Within this long of an abort a call has to end. */
const PROMPT_MS = 100;
/** A busy machine must not accuse anybody: the best of so many counts. */
const TRIES = 3;
/** Who has not ended by now hangs. */
const PATIENCE_MS = 2000;
/** Who has sent nothing for this long behind an answer is taken to wait by itself. */
const QUIET_MS = 50;

/** A call that is aborted ends at once, as cancelled, and leaves no request behind. */
export async function abort(kit: Kit, report: Report): Promise<void> {
  for (const subject of kit.subjects) {
    for await (const trial of trialsOf(kit, subject, { maxAttempts: 1 }, report)) {
      for (const answered of [0, 1]) {
        const wrong = await bestOf(trial, answered);
        report.checked();
        if (wrong !== undefined) report.problem(trial.where, wrong.message, wrong.fix);
      }
      if (await isLeft(kit)) {
        report.problem(
          trial.where,
          `A request of it was still open ${PATIENCE_MS} ms after its call was aborted.`,
          "Send with ctx.request alone: the host closes what is aborted.",
        );
      }
    }
  }
}

interface Wrong {
  readonly message: string;
  readonly fix: string;
  /** Where it was only slow, which may be the machine's fault. */
  readonly isLate: boolean;
}

async function bestOf(trial: Trial, answered: number): Promise<Wrong | undefined> {
  let wrong: Wrong | undefined;
  for (let count = 0; count < TRIES; count += 1) {
    wrong = judge(await abortBehind(trial, answered), answered);
    if (wrong?.isLate !== true) break;
  }
  return wrong;
}

interface Aborted {
  /** In which the call was when it was aborted; `over` where it had ended before. */
  readonly moment: "request" | "pause" | "over";
  /** How it ended; nothing of one that hangs. */
  readonly seen: Observation | undefined;
  readonly milliseconds: number;
}

/** Answers so many requests, and aborts the call when the next is received, or when none comes. */
async function abortBehind({ call, isOwn }: Trial, answered: number): Promise<Aborted> {
  const controller = new AbortController();
  let quiet: NodeJS.Timeout | undefined;
  let reach: (moment: "request" | "pause") => void = () => undefined;
  const reached = new Promise<"request" | "pause">((resolve) => (reach = resolve));
  const called = call({
    signal: controller.signal,
    answer: (usual) => {
      let count = 0;
      return (request, response) => {
        if (!isOwn(request)) return usual(request, response);
        count += 1;
        clearTimeout(quiet);
        if (count > answered) return reach("request");
        response.once("finish", () => (quiet = setTimeout(() => reach("pause"), QUIET_MS)));
        return usual(request, response);
      };
    },
  });
  const moment = await Promise.race([reached, called.then(() => "over" as const)]);
  clearTimeout(quiet);
  const begun = performance.now();
  controller.abort();
  const seen = await within(PATIENCE_MS, called);
  return { moment, seen, milliseconds: performance.now() - begun };
}

function judge({ moment, seen, milliseconds }: Aborted, answered: number): Wrong | undefined {
  if (moment === "over") return undefined;
  const when = moment === "request" ? "while a request of it was not answered" : "while it waited between its requests";
  if (seen === undefined || milliseconds > PROMPT_MS) {
    const end =
      seen === undefined ? `went on for more than ${PATIENCE_MS} ms` : `ended ${Math.ceil(milliseconds)} ms later`;
    return {
      message: `Its call was aborted ${when}, and it ${end}; ${PROMPT_MS} ms are allowed.`,
      fix: "Stop when ctx.signal aborts: give it to whatever waits, and do not wait for what does not heed it.",
      isLate: seen !== undefined,
    };
  }
  const { error } = seen.outcome;
  // A pause may be a slow machine's, and its end the end of the call.
  if (error?.code === "cancelled" || (moment === "pause" && error === undefined)) return undefined;
  // What was done before is not lost over the abort.
  if (error?.code === "partial-success" && answered > 0) return undefined;
  return {
    message: `Its call was aborted ${when}, and it ${error === undefined ? "succeeded" : `failed with ${error.code}: ${error.message}`}.`,
    fix: "Let the error of ctx.request through when ctx.signal.aborted; where some errors are caught, throw that one on.",
    isLate: false,
  };
}

/** `undefined` for what takes longer. What hangs is left behind; its connector sends nothing any more. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), milliseconds)));
  const first = await Promise.race([work, late]);
  clearTimeout(timer);
  return first;
}

async function isLeft(kit: Kit): Promise<boolean> {
  const stage = await kit.stage();
  const end = performance.now() + PATIENCE_MS;
  while (stage.pending() > 0) {
    if (performance.now() > end) return true;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return false;
}
