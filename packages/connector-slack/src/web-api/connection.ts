import * as z from "zod";

import { answer, read, type Caller } from "./call.ts";
import { check } from "./check.ts";

/** What every connection with a token has in common. */
export const WEB_API = {
  secrets: z.strictObject({
    token: z
      .string()
      .min(1)
      .max(4096)
      .regex(/^[\x21-\x7e]*$/, "the token has a blank or another character that no token has; copy it again")
      .describe("The token of an app: of its bot (xoxb-…) or of a user (xoxp-…)"),
  }),
  auth: [{ kind: "bearer", token: "token" }],
  baseUrl: () => "https://slack.com/api",
  hosts: ["slack.com", "slack-gov.com"],
  check,
  test: async (ctx: Caller) => read(ctx, "auth.test", {}, answer),
} as const;
