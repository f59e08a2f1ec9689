import { defineConnection, defineConnectorType, definePlugin } from "@stepwire/core";
import { z } from "zod";

const Page = z.object({
  id: z.string().describe("The page's id"),
  status: z.string().optional().describe("Its state"),
});

const connection = defineConnection({
  config: z.strictObject({ team: z.string().min(1).max(64).describe("Who is paged") }),
  secrets: z.strictObject({ token: z.string().min(8).max(256).describe("An API token") }),
  auth: [{ kind: "bearer", token: "token" }],
  hosts: ["api.pager.example"],
  baseUrl: () => "https://api.pager.example/v1",
  check: ({ data }) =>
    data?.ok === false ? { code: "http-status", message: `The pager says: ${data.error}` } : undefined,
  test: (ctx) => ctx.request({ method: "GET", path: "/me" }),
});

const page = connection.action({
  summary: "Pages whoever is on call",
  effect: "write",
  idempotency: "none",
  input: z.strictObject({
    text: z.string().min(1).max(500).describe("What to say"),
    urgent: z.boolean().default(false).describe("Wake them up"),
    tags: z.array(z.string().max(40).describe("A tag")).max(10).optional().describe("To find it by"),
  }),
  output: Page,
  async run(ctx, input) {
    const answer = await ctx.request({
      method: "POST",
      path: "/pages",
      json: { team: ctx.config.team, ...input },
      expect: Page,
    });
    ctx.log.info("paged", { id: answer.data.id });
    return answer.data;
  },
});

const getPage = connection.action({
  summary: "Says how a page stands",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({ id: z.string().min(1).max(64).describe("The page's id") }),
  output: Page,
  async run(ctx, { id }) {
    const answer = await ctx.request({ method: "GET", path: `/pages/${encodeURIComponent(id)}`, expect: Page });
    return answer.data;
  },
});

const findPages = connection.action({
  summary: "Finds pages by their text",
  effect: "read",
  idempotency: "natural",
  input: z.strictObject({ text: z.string().min(1).max(200).describe("What they say") }),
  output: z.object({ pages: z.array(Page).describe("Those found") }),
  async run(ctx, { text }) {
    const answer = await ctx.request({
      method: "POST",
      path: "/search",
      json: { text },
      expect: z.object({ pages: z.array(Page) }),
    });
    return { pages: answer.data.pages };
  },
});

export const pager = defineConnectorType({
  id: "acme/pager",
  title: "Pager",
  description: "Pages people",
  connection,
  actions: { page, getPage, findPages },
  defaultAction: "page",
});

export default definePlugin({ connectorTypes: [pager] });
