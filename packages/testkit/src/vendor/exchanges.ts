import { callExample } from "../kit/call.ts";
import { examplesOf, type Kit, type Subject } from "../kit/kit.ts";
import type { VendorRequest } from "../kit/scenarios.ts";

/** A request that an example sends, and what the example answers to it. */
export interface Exchange {
  readonly where: string;
  readonly request: VendorRequest;
  readonly status: number;
  /** `undefined` where the answer is not JSON. */
  readonly json: unknown;
}

/** Runs every example of a type and gives what it sent, and what it was answered. */
export async function exchangesOf(kit: Kit, subject: Subject): Promise<Exchange[]> {
  const exchanges: Exchange[] = [];
  for (const { action, example, where } of examplesOf(subject)) {
    await callExample(kit, subject, action, example, {
      answer: (usual) => async (request, response) => {
        const reply = await usual(request, response);
        if (reply !== undefined) exchanges.push({ where, request, status: reply.status ?? 200, json: reply.json });
        return reply;
      },
    });
  }
  return exchanges;
}
