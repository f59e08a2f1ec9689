import type { ErrorCode } from "@stepwire/core";

import type { Reply } from "../loopback.ts";
import type { Change } from "./call.ts";
import type { TypeScenarios, VendorAnswer } from "./scenarios.ts";

/** A wrong answer, and what a call has to make of it. */
export interface AnswerFault {
  /** What the scenarios call it under `statuses`. */
  readonly name: string;
  /** Goes on from "answered with". */
  readonly what: string;
  readonly answer: VendorAnswer;
  /** Any of these; without them any that does not blame the connector. */
  readonly codes?: readonly ErrorCode[];
  readonly status?: number;
  /** What the vendor says, which the error has to say too. */
  readonly words?: string;
  /** A success in name. An action that needs nothing of the body may have its usual output nevertheless. */
  readonly isSuccess?: true;
  readonly needsBody?: true;
  readonly change?: Pick<Change, "network" | "maxOutputBytes">;
}

const STATUSES = [400, 401, 403, 404, 409, 422, 429, 500, 503];

/** Those that everybody must expect, and the further statuses that the scenarios speak of. */
export function answerFaults({ refusal }: TypeScenarios, further: readonly number[]): AnswerFault[] {
  const statuses = [...STATUSES, ...further.filter((status) => !STATUSES.includes(status))];
  return [...statuses.map((status) => refused(status, refusal)), ...BODIES];
}

function refused(status: number, refusal: TypeScenarios["refusal"]): AnswerFault {
  const words = `refused-by-the-vendor-${status}`;
  const body: Reply = refusal?.(words, status) ?? { json: { message: words } };
  return {
    name: String(status),
    what: `${status} and ${JSON.stringify(words)}`,
    answer: () => ({ ...body, status }),
    codes: [status === 429 ? "rate-limited" : "http-status"],
    status,
    words,
  };
}

const PAGE = "<!doctype html><html><head><title>502</title></head><body><h1>Bad gateway</h1></body></html>";
const JSON_HEADERS = { "Content-Type": "application/json" };
const LIMIT_BYTES = 64 * 1024;

const BODIES: readonly AnswerFault[] = [
  {
    name: "html",
    what: "502 and the HTML page of a gateway",
    answer: () => ({ status: 502, headers: { "Content-Type": "text/html" }, text: PAGE }),
    codes: ["http-status"],
    status: 502,
  },
  {
    name: "truncated",
    what: "200 and JSON that is cut off",
    answer: () => ({ headers: JSON_HEADERS, text: '{"id": "1", "items": [{"id"' }),
    codes: ["response-invalid-json"],
    isSuccess: true,
    needsBody: true,
  },
  {
    name: "empty",
    what: "200 and an empty body",
    answer: () => ({ headers: JSON_HEADERS, bytes: new Uint8Array() }),
    isSuccess: true,
    needsBody: true,
  },
  {
    name: "oversize",
    what: `200 and more than the ${LIMIT_BYTES} bytes that may be read`,
    answer: () => ({ json: { padding: "x".repeat(LIMIT_BYTES) } }),
    codes: ["response-too-large", "step-output-too-large"],
    needsBody: true,
    change: { network: { maxResponseContentLength: "64kb" }, maxOutputBytes: LIMIT_BYTES },
  },
  {
    name: "slow",
    what: "200 and a body that drips without end",
    answer: (_request, response) => {
      response.writeHead(200, JSON_HEADERS);
      const timer = setInterval(() => response.write(" "), 10);
      response.once("close", () => clearInterval(timer));
    },
    codes: ["timeout"],
    needsBody: true,
  },
];
