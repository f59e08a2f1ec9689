import type { Ctx } from "@stepwire/core";
import * as z from "zod";

export type Caller = Pick<Ctx, "request">;

/** What an answer may say about itself. A message that was sent is not to fail over it, so that little is asked of it. */
export const METADATA = {
  warning: z.string().nullish().catch(undefined).describe("Slack's warnings about the call, separated by commas"),
  response_metadata: z
    .looseObject({
      next_cursor: z.string().nullish().catch(undefined).describe("Where the next page starts; empty on the last one"),
      warnings: z.array(z.string()).nullish().catch(undefined).describe("Slack's warnings about the call"),
      messages: z.array(z.string()).nullish().catch(undefined).describe("The same in words"),
    })
    .nullish()
    .catch(undefined)
    .describe("What Slack says about its answer"),
};

export const OK = z.literal(true).describe("Always true: a no of Slack's is an error");

/** Every answer that `check` lets through. */
export const answer = z.looseObject({ ok: OK, ...METADATA });

/** An answer with these fields besides. */
export const answerWith = <Fields extends z.core.$ZodLooseShape>(fields: Fields) =>
  z.looseObject({ ok: OK, ...fields, ...METADATA });

/** The part of an answer that goes along with whatever is made of it. */
export function metadataOf({ warning, response_metadata }: z.output<typeof answer>) {
  return {
    ...(warning === undefined ? {} : { warning }),
    ...(response_metadata === undefined ? {} : { response_metadata }),
  };
}

/** Answers become the step's output, and lists can be large. */
const READING = { accept: "json", limit: "step-output" } as const;

export type Arguments = Record<string, string | number | boolean | undefined>;

/**
 * Calls a method that reads. They take forms only; as POST, since Slack takes either, and what is asked for is then in
 * no gateway's log of addresses.
 */
export async function read<S extends typeof answer>(
  ctx: Caller,
  method: string,
  given: Arguments,
  expect: S,
): Promise<z.output<S>> {
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  const form = Object.fromEntries(set.map(([name, value]) => [name, String(value)]));
  const { data } = await ctx.request({ method: "POST", path: method, form, ...READING, expect });
  // The very type that was expected, under zod's name for it.
  return data as z.output<S>;
}

/** Calls a method that takes JSON. Slack warns of JSON that does not name its charset. */
export async function send<S extends typeof answer>(ctx: Caller, method: string, json: object, expect: S) {
  const headers = { "Content-Type": "application/json; charset=utf-8" };
  return (await ctx.request({ method: "POST", path: method, json, headers, ...READING, expect })).data;
}
