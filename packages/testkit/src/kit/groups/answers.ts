import { isDeepStrictEqual } from "node:util";

import type { ErrorJson } from "@stepwire/core";

import { answerFaults, type AnswerFault } from "../answer-faults.ts";
import type { Observation } from "../call.ts";
import { instead } from "../instead.ts";
import type { Kit } from "../kit.ts";
import type { Report } from "../problem.ts";
import { isAlike } from "../request-likeness.ts";
import type { StatusOutcome } from "../scenarios.ts";
import { trialsOf, type Trial } from "../trial.ts";
import { LATER, laterAnswers, laterOf } from "./later-answers.ts";

/** What actions make of a vendor that says no, or answers with something that is no answer. */
export async function answers(kit: Kit, report: Report): Promise<void> {
  for (const subject of kit.subjects) {
    for await (const trial of trialsOf(kit, subject, { maxAttempts: 1 }, report)) {
      const { statuses = {} } = trial.scenarios;
      const faults = answerFaults(subject.scenarios, Object.keys(statuses).filter(isStatus).map(Number));
      for (const name of Object.keys(statuses)) {
        if (faults.some((fault) => fault.name === name)) continue;
        if (name === LATER && laterOf(trial.requests).length > 0) continue;
        report.problem(
          `${trial.where} ${name}`,
          `The scenarios say under statuses what it makes of ${JSON.stringify(name)}, which is none of the answers that are tried.`,
          `Name a status, or one of ${faults.flatMap((fault) => (isStatus(fault.name) ? [] : [fault.name])).join(", ")}.`,
        );
      }
      for (const fault of faults) {
        if (fault.needsBody === true && trial.requests[0]?.method === "HEAD") continue;
        // Who reads no JSON does not miss it.
        if (fault.isSuccess === true && !trial.expectsJson) continue;
        const wrong = judge(fault, trial, await seenBy(trial, fault), statuses[fault.name]);
        report.checked();
        if (wrong !== undefined) report.problem(`${trial.where} ${fault.name}`, wrong.message, wrong.fix);
      }
      await laterAnswers(trial, report);
    }
  }
}

const isStatus = (name: string): boolean => /^[3-5]\d\d$/.test(name);

/** The longer ones are for a busy machine, on which the request does not even arrive within the first. */
const DEADLINES = ["50ms", "1s", "10s"];

async function seenBy(trial: Trial, { name, answer, change }: AnswerFault): Promise<Observation> {
  const faulty = { ...change, answer: instead(trial.isOwn, answer) };
  if (name !== "slow") return trial.call(faulty);
  let seen: Observation | undefined;
  for (const responseTimeout of DEADLINES) {
    seen = await trial.call({ ...faulty, network: { responseTimeout } });
    if (seen.requests.some(trial.isOwn)) break;
  }
  return seen as Observation;
}

interface Wrong {
  readonly message: string;
  readonly fix: string;
}

function judge(
  fault: AnswerFault,
  trial: Trial,
  { outcome: { error, output }, requests }: Observation,
  declared: StatusOutcome | undefined,
): Wrong | undefined {
  const { name, what } = fault;
  const when = `when the vendor answered its first request with ${what}`;
  if (declared !== undefined) {
    const outcome = error?.code ?? "ok";
    if (outcome === declared.outcome) return undefined;
    const message = `The scenarios say that ${name} is ${declared.outcome}, but ${when} it was ${told(error)}.`;
    return { message, fix: "Correct the action, or what the scenarios say under statuses." };
  }
  if (error === undefined) {
    if (fault.isSuccess === true && isDeepStrictEqual(output, trial.output)) return undefined;
    return {
      message: `It succeeded ${when}; its output is ${shortened(output)}.`,
      fix:
        `${fault.isSuccess === true ? NEEDED : "Let the error of ctx.request through instead of catching it"}. ` +
        `Where it is a success for good reason, say so in the scenarios: statuses: { ${JSON.stringify(name)}: { outcome: "ok", reason } }.`,
    };
  }
  if (error.code === "internal" || error.code === "output-invalid") {
    return {
      message: `It failed with ${error.code} ${when}: ${error.message}`,
      fix: `${NEEDED}, and throw nothing but what ctx.request throws, or a StepwireError.`,
    };
  }
  const [first] = requests.filter(trial.isOwn);
  const others = requests.filter((request) => first !== undefined && !isAlike(first, request));
  // Its error is of the parts that went well besides.
  if (error.code === "partial-success" && others.some(trial.isOwn)) return undefined;
  return wrongError(fault, error, when, first?.method !== "HEAD");
}

const NEEDED = "Say with expect of ctx.request what the answer has to hold";

function wrongError(
  { name, codes, status, words }: AnswerFault,
  error: ErrorJson,
  when: string,
  hasBody: boolean,
): Wrong | undefined {
  if (codes !== undefined && !codes.includes(error.code)) {
    return {
      message: `It failed with ${error.code}, not with ${codes.join(" or ")}, ${when}: ${error.message}`,
      fix:
        "Let the error of ctx.request through; where check makes its own, with this code. " +
        `Where another is right, say so in the scenarios: statuses: { ${JSON.stringify(name)}: { outcome: ${JSON.stringify(error.code)}, reason } }.`,
    };
  }
  if (status !== undefined && error.status !== status) {
    return {
      message: `Its error has ${error.status === undefined ? "no status" : `the status ${error.status}`} ${when}.`,
      fix: "Let the error of ctx.request through, or give its status to the error that is made of it.",
    };
  }
  if (error.code === "rate-limited" && !error.retryable) {
    return {
      message: `Its error says that it cannot be retried ${when}.`,
      fix: "Leave retryable out: that is what rate-limited means.",
    };
  }
  if (hasBody && words !== undefined && !`${error.message}${JSON.stringify(error.details)}`.includes(words)) {
    return {
      message: `The vendor's own words are lost ${when}: ${error.message}`,
      fix:
        "Keep the message of the error that ctx.request throws. Where check makes one, put the vendor's words into its message. " +
        "If they stand elsewhere in this vendor's answers, say how it says no with refusal of the scenarios.",
    };
  }
  return undefined;
}

const told = (error: ErrorJson | undefined): string =>
  error === undefined ? "a success" : `${error.code}: ${error.message}`;

function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`;
}
