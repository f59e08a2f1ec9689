import * as z from "zod";

import { answerWith, read } from "../web-api/call.ts";
import { pick, record } from "../web-api/records.ts";
import { slack2Connection } from "./connection.ts";
import { page, PAGE_OUTPUT, pageOutput, raw } from "./fields.ts";

const found = answerWith({ members: z.array(record) });

export const listUsers = slack2Connection.action({
  summary: "Lists the users of the workspace, page by page",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({
    limit: z.number().int().min(1).max(1000).default(200).describe("Most users in an answer"),
    cursor: page,
    includeLocale: z.boolean().optional().describe("Whether the users' languages come along"),
    raw,
  }),
  output: answerWith({
    members: z
      .array(record)
      .describe(
        "The users: id, name, real_name, is_bot, is_admin, is_owner, deleted, locale, profile {email, display_name, real_name, title}",
      ),
    ...PAGE_OUTPUT,
  }),
  async run(ctx, { limit, cursor, includeLocale: include_locale, raw: isRaw }) {
    const list = await read(ctx, "users.list", { limit, cursor, include_locale }, found);
    if (isRaw === true) return list;
    return { ok: true as const, members: list.members.map(userOf), ...pageOutput(list) };
  },
});

const USER = ["id", "name", "real_name", "is_bot", "is_admin", "is_owner", "deleted", "locale"];
const PROFILE = ["email", "display_name", "real_name", "title"];

/** What is read of a user: whole profiles are mostly addresses of pictures. */
function userOf(user: Record<string, unknown>) {
  const { profile } = user;
  const isRecord = typeof profile === "object" && profile !== null;
  return { ...pick(user, USER), ...(isRecord ? { profile: pick(profile as Record<string, unknown>, PROFILE) } : {}) };
}
