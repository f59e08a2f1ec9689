import * as z from "zod";

import { answerWith, METADATA, metadataOf, read } from "../web-api/call.ts";
import { record } from "../web-api/records.ts";
import { slack2Connection } from "./connection.ts";
import { raw } from "./fields.ts";

const found = answerWith({ user: record });

export const getUserByEmail = slack2Connection.action({
  summary: "Finds a user by email address, which fails where there is none",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({
    email: z
      .string()
      .max(320)
      .regex(/^[^\s@]+@[^\s@]+$/, "is no email address")
      .describe("The user's email address"),
    raw,
  }),
  output: z.looseObject({
    id: z.string().nullish().catch(undefined).describe("The user's id, such as U012ABCDEF"),
    name: z.string().nullish().catch(undefined).describe("The user name"),
    real_name: z.string().nullish().catch(undefined).describe("The name people call the user by"),
    deleted: z.boolean().nullish().catch(undefined).describe("Whether the account is switched off"),
    profile: record.nullish().catch(undefined).describe("The profile: email, title, status and the like"),
    ...METADATA,
  }),
  async run(ctx, { email, raw: isRaw }) {
    const lookup = await read(ctx, "users.lookupByEmail", { email }, found);
    return isRaw === true ? lookup : { ...lookup.user, ...metadataOf(lookup) };
  },
});
