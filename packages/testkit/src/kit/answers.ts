import type { Reply } from "../loopback.ts";
import type { Answers, VendorAnswer, VendorRequest } from "./scenarios.ts";

/** Answers an example's requests as its scenario says; the rest goes to `unexpected` and gets a 501. */
export function answering(answers: Answers, unexpected: (request: VendorRequest) => void): VendorAnswer {
  const counts = new Map<string, number>();
  return (request, response) => {
    const name = Object.keys(answers).find((route) => matches(route, request));
    const answer = name === undefined ? undefined : answers[name];
    if (name === undefined || answer === undefined) {
      unexpected(request);
      return { status: 501, text: `The scenario has no answer to ${request.method} ${request.url.pathname}` };
    }
    if (typeof answer === "function") return answer(request, response);
    if (!isList(answer)) return answer;
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return answer[Math.min(count, answer.length - 1)];
  };
}

const isList = (answer: Reply | readonly Reply[]): answer is readonly Reply[] => Array.isArray(answer);

/** Whether `POST /pages`, `GET /users/*` or `GET https://api.example.com/me?full=1` names a request. */
export function matches(route: string, { method, url }: Pick<VendorRequest, "method" | "url">): boolean {
  const [, wanted = "", origin = "", path = "", query] =
    /^([A-Z]+) (https?:\/\/[^/?]+)?(\/[^?]*)?(?:\?(.*))?$/.exec(route) ?? [];
  if (wanted !== method || (origin !== "" && origin !== url.origin)) return false;
  const pieces = (path === "" ? "/" : path).split("/");
  const given = url.pathname.split("/");
  if (pieces.length !== given.length || pieces.some((piece, index) => piece !== "*" && piece !== given[index]))
    return false;
  return [...new URLSearchParams(query)].every(([name, value]) => url.searchParams.getAll(name).includes(value));
}
