import type { Observation } from "../call.ts";
import { answerFaults } from "../answer-faults.ts";
import { instead } from "../instead.ts";
import type { Report } from "../problem.ts";
import { isAlike } from "../request-likeness.ts";
import type { VendorRequest } from "../scenarios.ts";
import type { Trial } from "../trial.ts";

/** What the scenarios call it under `statuses`. */
export const LATER = "later";
/** A long example has not more to show than its first few requests. */
const MOST = 6;

/** What an action makes of a refusal of a request that is not its first, which is often the one that matters. */
export async function laterAnswers(trial: Trial, report: Report): Promise<void> {
  const refusal = answerFaults(trial.subject.scenarios, []).find(({ name }) => name === "422");
  if (refusal === undefined) return;
  for (const later of laterOf(trial.requests)) {
    const seen = await trial.call({
      answer: instead((request) => trial.isOwn(request) && isAlike(request, later), refusal.answer),
    });
    report.checked();
    judge(trial, later, seen, refusal.what, report);
  }
}

/** The first request to each further place. */
export function laterOf([first, ...rest]: readonly VendorRequest[]): VendorRequest[] {
  const places: VendorRequest[] = first === undefined ? [] : [first];
  for (const request of rest) if (!places.some((place) => isAlike(place, request))) places.push(request);
  return places.slice(1, MOST);
}

function judge(
  { where, scenarios }: Trial,
  { method, url }: VendorRequest,
  { outcome: { error, output } }: Observation,
  what: string,
  report: Report,
): void {
  const declared = scenarios.statuses?.[LATER];
  const when = `when the vendor answered ${method} ${url.pathname}, which is not its first request, with ${what}`;
  const place = `${where} ${LATER}`;
  if (declared !== undefined && (error?.code ?? "ok") === declared.outcome) return;
  if (error?.code === "internal" || error?.code === "output-invalid") {
    report.problem(
      place,
      `It failed with ${error.code} ${when}: ${error.message}`,
      "Throw nothing but what ctx.request throws, or a StepwireError.",
    );
  } else if (declared !== undefined && declared.outcome !== "ok") {
    report.problem(
      place,
      `The scenarios say ${declared.outcome}, but ${when} it was ${error === undefined ? "a success" : error.code}.`,
      "Correct the action, or what the scenarios say under statuses.",
    );
  } else if (declared === undefined && error === undefined) {
    report.problem(
      place,
      `It succeeded ${when}; its output is ${(JSON.stringify(output) ?? "nothing").slice(0, 200)}.`,
      "Let the error of ctx.request through, or tell with partialSuccess() what was done before. Where it may fail without " +
        `harm, say so in the scenarios: statuses: { ${LATER}: { outcome: "ok", reason } }.`,
    );
  }
}
