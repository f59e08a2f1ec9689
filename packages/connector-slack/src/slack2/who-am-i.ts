import * as z from "zod";

import { answer, answerWith, metadataOf, read } from "../web-api/call.ts";
import { pick } from "../web-api/records.ts";
import { slack2Connection } from "./connection.ts";
import { raw } from "./fields.ts";

const IDENTITY = ["url", "team", "user", "team_id", "user_id", "bot_id", "enterprise_id", "is_enterprise_install"];

export const whoAmI = slack2Connection.action({
  summary: "Says whose token it is, and of which workspace",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({ raw }),
  output: answerWith({
    url: z.string().nullish().describe("The workspace's address"),
    team: z.string().nullish().describe("The workspace's name"),
    team_id: z.string().nullish().describe("The workspace's id"),
    user: z.string().nullish().describe("The name of the token's user"),
    user_id: z.string().nullish().describe("The id of the token's user"),
    bot_id: z.string().nullish().describe("The bot's id, where it is a bot's token"),
    enterprise_id: z.string().nullish().describe("The organisation's id, where there is one"),
    is_enterprise_install: z.boolean().nullish().describe("Whether the app is installed for the whole organisation"),
  }),
  async run(ctx, { raw: isRaw }) {
    const identity = await read(ctx, "auth.test", {}, answer);
    return isRaw === true ? identity : { ok: identity.ok, ...pick(identity, IDENTITY), ...metadataOf(identity) };
  },
});
