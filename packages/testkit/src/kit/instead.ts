import type { Change } from "./call.ts";
import { isAlike } from "./request-likeness.ts";
import type { VendorAnswer, VendorRequest } from "./scenarios.ts";

/**
 * Answers the first request that is `wanted`, and all others to the same place, in another way; `times` of them unless
 * all.
 */
export function instead(
  wanted: (request: VendorRequest) => boolean,
  answer: VendorAnswer,
  times = Number.POSITIVE_INFINITY,
): NonNullable<Change["answer"]> {
  return (usual) => {
    let first: VendorRequest | undefined;
    let count = 0;
    return (request, response) => {
      if (first === undefined && wanted(request)) first = request;
      if (first === undefined || !isAlike(first, request) || count >= times) return usual(request, response);
      count += 1;
      return answer(request, response);
    };
  };
}
