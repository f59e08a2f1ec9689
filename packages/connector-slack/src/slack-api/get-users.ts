import * as z from "zod";

import { answerWith } from "../web-api/call.ts";
import { record } from "../web-api/records.ts";
import { wholeList } from "../web-api/whole-list.ts";
import { slackApiConnection } from "./connection.ts";

const page = answerWith({ members: z.array(record) });

export const getUsers = slackApiConnection.action({
  summary: "Lists the users of the workspace, all of them",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({
    limit: z.number().int().min(1).max(1000).default(200).describe("Users per page; every page is read, at most 50"),
  }),
  output: answerWith({
    members: z.array(record).describe("The users: id, name, real_name, deleted and whatever else Slack says"),
  }),
  async run(ctx, given) {
    const list = { expect: page, itemsOf: ({ members }: z.output<typeof page>) => members };
    const { items, metadata } = await wholeList(ctx, "users.list", given, list);
    return { ok: true as const, members: items, ...metadata };
  },
});
