import type { Change } from "./call.ts";
import type { VendorReply, VendorRequest } from "./scenarios.ts";
import type { Trial } from "./trial.ts";

/** An answer of the vendor's, and what it was to. */
export interface Recorded {
  readonly request: VendorRequest;
  readonly reply: VendorReply;
}

/** What the vendor answers, one by one, while nothing disturbs the example. */
export async function recordedBy({ call, isOwn }: Trial): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  await call({
    answer: (usual) => async (request, response) => {
      const reply = await usual(request, response);
      if (isOwn(request)) recorded.push({ request, reply });
      return reply;
    },
  });
  return recorded;
}

/** Answers as ever, but for what `change` makes of the answer to the request of that number. */
export function changed(
  { isOwn }: Trial,
  change: (reply: VendorReply, index: number) => VendorReply,
): NonNullable<Change["answer"]> {
  return (usual) => {
    let count = 0;
    return async (request, response) => {
      if (!isOwn(request)) return usual(request, response);
      const index = count;
      count += 1;
      return change(await usual(request, response), index);
    };
  };
}
