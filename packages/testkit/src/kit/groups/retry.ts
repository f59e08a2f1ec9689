import type { Reply } from "../../loopback.ts";
import { instead } from "../instead.ts";
import type { Kit } from "../kit.ts";
import type { Report } from "../problem.ts";
import { isAlike, isRepeated } from "../request-likeness.ts";
import type { VendorAnswer, VendorRequest } from "../scenarios.ts";
import { trialsOf, type Trial } from "../trial.ts";

/** The host repeats at once: how long it waits is its own business. */
const AT_ONCE = { minDelay: "1ms", maxDelay: "1ms" };
/** For actions that wait by themselves. The host never has to. */
const STEP_MS = 5000;
const STEP = `${STEP_MS}ms`;

/** What is sent again: by the host, where that is safe, and by nobody else. */
export async function retry(kit: Kit, report: Report): Promise<void> {
  for (const subject of kit.subjects) {
    let isFirst = true;
    for await (const trial of trialsOf(kit, subject, AT_ONCE, report)) {
      if (trial.action.idempotency === "none") await checkUnsafe(trial, report);
      await checkRecovery(trial, report);
      if (typeof trial.action.idempotency !== "string") await checkKey(trial, trial.action.idempotency.header, report);
      if (isFirst) await checkBudget(trial, report);
      isFirst = false;
    }
  }
}

const UNCERTAIN: readonly (readonly [name: string, what: string, answer: VendorAnswer])[] = [
  ["reset", "the connection was cut after the request was received", (_, response) => void response.destroy()],
  ["500", "the vendor answered 500", () => ({ status: 500, json: { message: "Internal error" } })],
  ["503", "the vendor answered 503", () => ({ status: 503, json: { message: "Unavailable" } })],
];

/** A write whose fate is unknown is not sent a second time. */
async function checkUnsafe(trial: Trial, report: Report): Promise<void> {
  const { where, requests: usual } = trial;
  const write = usual.find(trial.isWrite);
  if (write === undefined) return report.notRun(`${where}: it has idempotency none, but its example writes nothing`);
  const expected = usual.filter((request) => isAlike(write, request)).length;
  for (const [name, what, answer] of UNCERTAIN) {
    const { requests, outcome } = await trial.call({ answer: instead(trial.isWrite, answer), timeout: STEP });
    report.checked();
    const sent = sendings(requests, trial.isWrite);
    const { method, url } = write;
    if (sent.same > 1 || sent.alike > expected) {
      const times = Math.max(sent.same, sent.alike - expected + 1);
      report.problem(
        `${where} ${name}`,
        `Its ${method} ${url.pathname} was sent ${times} times, though it has idempotency none, and ${what}: it may be done twice.`,
        "Send it once with ctx.request and let the error through: the host repeats what may be repeated. " +
          'If the vendor does not mind, say so with idempotency: "natural", or name the header of its keys: { header }.',
      );
    } else if (outcome.error?.code === "timeout") {
      report.problem(
        `${where} ${name}`,
        `It did not end within ${STEP_MS} ms when ${what} at ${method} ${url.pathname}.`,
        "Let the error of ctx.request through at once. To wait and to try again is for the host and the workflow.",
      );
    }
  }
}

/** How often the first request that is `wanted` was sent, and how many went to the same place. */
function sendings(requests: readonly VendorRequest[], wanted: (request: VendorRequest) => boolean) {
  const first = requests.find(wanted);
  if (first === undefined) return { same: 0, alike: 0 };
  return {
    same: requests.filter((request) => isRepeated(first, request)).length,
    alike: requests.filter((request) => isAlike(first, request)).length,
  };
}

const limited = (retryAfter: string): Reply => ({
  status: 429,
  headers: { "Retry-After": retryAfter },
  json: { message: "Too many requests" },
});
const PAST = "Mon, 01 Jan 2024 00:00:00 GMT";

const PASSING: readonly (readonly [name: string, what: string, reply: Reply])[] = [
  ["503", "503 once", { status: 503, json: { message: "Unavailable" } }],
  ["429", "429 once, with Retry-After: 0", limited("0")],
  ["429 with a date", "429 once, with a date in Retry-After that has passed", limited(PAST)],
];

/** What passes is waited out, and the call succeeds. */
async function checkRecovery(trial: Trial, report: Report): Promise<void> {
  const { where, action, requests, scenarios } = trial;
  if (action.policies?.retry?.maxAttempts === 1)
    return report.notRun(`${where}: its policies let the host try once, so that nothing is repeated`);
  const isSafe = action.idempotency !== "none" || /^(?:GET|HEAD)$/.test(requests[0]?.method ?? "");
  for (const [name, what, reply] of PASSING) {
    const status = String(reply.status);
    if (status === "503" && !isSafe) continue;
    if (scenarios.statuses?.[status] !== undefined) {
      report.notRun(`${where}: the scenarios say what it makes of ${status}`);
      continue;
    }
    const { outcome, requests: sent } = await trial.call({
      answer: instead(trial.isOwn, () => reply, 1),
      timeout: STEP,
    });
    report.checked();
    if (outcome.error === undefined && sendings(sent, trial.isOwn).same > 1) continue;
    const end =
      outcome.error === undefined
        ? "went on without sending it again"
        : `failed with ${outcome.error.code}: ${outcome.error.message}`;
    report.problem(
      `${where} ${name}`,
      `Its first request was answered with ${what}, and it ${end}.`,
      "Let the host see it: do not catch the error of ctx.request, and do not let check say retryable: false for it. " +
        `Where this vendor's ${status} is for good, say so in the scenarios: statuses: { "${status}": { outcome, reason } }.`,
    );
  }
}

/** The key is the same in all attempts of a request, and another one in another run. */
async function checkKey(trial: Trial, header: string, report: Report): Promise<void> {
  const isKeyed = (request: VendorRequest) => trial.isOwn(request) && !/^(?:GET|HEAD)$/.test(request.method);
  const keyOf = (request: VendorRequest | undefined) => request?.headers[header.toLowerCase()];
  const usual = trial.requests.find(isKeyed);
  if (usual === undefined) return report.notRun(`${trial.where}: no request of its example bears the key ${header}`);
  const unavailable: Reply = { status: 503, json: { message: "Unavailable" } };
  const { requests } = await trial.call({ answer: instead(isKeyed, () => unavailable, 1), timeout: STEP });
  report.checked();
  const first = requests.find(isKeyed);
  const keys = requests.filter((request) => first !== undefined && isAlike(first, request)).map(keyOf);
  const fix = `Leave the header ${header} to the host, and the repeating too: it gives each request of a run its own key.`;
  if (!keys[0]) {
    report.problem(trial.where, `Its ${usual.method} ${usual.url.pathname} bears no ${header}.`, fix);
  } else if (keys.length > 1 && keys[0] !== keys[1]) {
    report.problem(
      trial.where,
      `Its ${usual.method} ${usual.url.pathname} was sent again with another ${header}.`,
      fix,
    );
  } else if (keys[0] === keyOf(usual)) {
    report.problem(trial.where, `Its ${header} is the same in two runs, so that the second would do nothing.`, fix);
  }
}

/** Who is asked to wait for longer than the step may take is told so at once. */
async function checkBudget(trial: Trial, report: Report): Promise<void> {
  const { where, scenarios } = trial;
  if (scenarios.statuses?.["429"] !== undefined) return;
  const { outcome } = await trial.call({ answer: instead(trial.isOwn, () => limited("60")), timeout: STEP });
  report.checked();
  const { error } = outcome;
  const { code, retryAfterMs = 0 } = error ?? {};
  // The host knows for the next request to the same place, too, and tells what is left of it.
  if (code === "rate-limited" && retryAfterMs <= 60_000 && retryAfterMs >= 60_000 - STEP_MS) return;
  const wish = `retryAfterMs ${error?.retryAfterMs ?? "missing"}`;
  report.problem(
    `${where} Retry-After`,
    `The vendor asked to wait for 60 s in a step of ${STEP_MS} ms, and it ${error === undefined ? "succeeded" : `failed with ${error.code}, ${wish}: ${error.message}`}. ` +
      "It is to fail at once, with rate-limited and retryAfterMs 60000.",
    "Let the error of ctx.request through; where check makes its own, leave retryAfterMs to the host unless the vendor says it elsewhere.",
  );
}
