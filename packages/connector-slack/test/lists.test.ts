import { describe, expect, it } from "vitest";

import { fixture, recorded } from "./recorded.ts";
import { formOf, play, run2, runApi } from "./support.ts";

const channel = (name: string) => ({ id: `C0${name.toUpperCase()}`, name });
const page = (next: string, ...channels: object[]) => ({
  json: { ok: true, channels, response_metadata: { next_cursor: next } },
});
const forms = (calls: readonly { body: unknown }[]) => calls.map(({ body }) => formOf(body));

describe.each([
  ["getChannels", "conversations.list", "channels", { types: "public_channel", exclude_archived: "false" }],
  ["getUsers", "users.list", "members", {}],
] as const)("%s", (action, method, key, defaults) => {
  it("follows the list to its end", async () => {
    const [first, second] = [`${method}.page1`, `${method}.page2`];
    const vendor = play(method, recorded(first), recorded(second));
    const items = [first, second].flatMap((name) => fixture(name)[key]);
    expect(await runApi(action, {})).toEqual({
      output: { ok: true, [key]: items, response_metadata: { next_cursor: "" } },
    });
    const { next_cursor: cursor } = fixture(first)["response_metadata"] as Record<string, string>;
    expect(forms(vendor.calls)).toEqual([
      { ...defaults, limit: "200" },
      { ...defaults, limit: "200", cursor },
    ]);
  });

  it("ends with an error where the list comes back to a cursor it gave before", async () => {
    const answers = ["a", "b", "a"].map((next) => ({
      json: { ok: true, [key]: [{ id: "X1" }], response_metadata: { next_cursor: next } },
    }));
    const vendor = play(method, ...answers);
    const { error } = await runApi(action, {});
    expect(error).toMatchObject({ code: "response-too-large", details: { reason: "cursor-repeated", cursor: "a" } });
    expect(vendor.calls).toHaveLength(3);
  });

  it("ends with an error behind the fiftieth page, rather than leave out the rest", async () => {
    let pages = 0;
    const answers = Array.from({ length: 60 }, () => ({
      json: { ok: true, [key]: [{ id: "X1" }], response_metadata: { next_cursor: `c${(pages += 1)}` } },
    }));
    const vendor = play(method, ...answers);
    const { error } = await runApi(action, { limit: 1 });
    expect(error).toMatchObject({ code: "response-too-large", details: { reason: "too-many-pages" } });
    expect(error?.message).toContain("more than 50 pages of 1.");
    expect(vendor.calls).toHaveLength(50);
  });

  it("is one page where Slack gives no cursor", async () => {
    play(method, { json: { ok: true, [key]: [] } });
    expect(await runApi(action, {})).toEqual({ output: { ok: true, [key]: [] } });
  });
});

it("getChannels asks for the kinds and channels that are wanted", async () => {
  const vendor = play("conversations.list", page(""));
  await runApi("getChannels", { types: "private_channel,mpim", exclude_archived: true, limit: 50 });
  expect(forms(vendor.calls)).toEqual([{ types: "private_channel,mpim", exclude_archived: "true", limit: "50" }]);
});

it("takes an answer larger than the limit for single objects", async () => {
  const channels = Array.from({ length: 1000 }, (_, index) => ({ id: `C${index}`, purpose: "x".repeat(2000) }));
  play("conversations.list", page("", ...channels));
  expect(await run2("listChannels", {})).toMatchObject({ output: { hasMore: false } });
});

describe("listChannels", () => {
  it("gives one page, what is read of its channels, and where the next one starts", async () => {
    const vendor = play("conversations.list", recorded("conversations.list.page1"));
    const { output } = await run2("listChannels", {});
    expect(output).toEqual({
      ok: true,
      source: "conversations.list",
      channels: [
        { id: "C000000001", name: "general", is_private: false, is_archived: false, is_member: false },
        { id: "C000000002", name: "random", is_private: false, is_archived: false, is_member: false },
      ],
      nextCursor: "CAFD3BBB44",
      hasMore: true,
      response_metadata: { next_cursor: "CAFD3BBB44" },
    });
    expect(forms(vendor.calls)).toEqual([{ types: "public_channel", exclude_archived: "true", limit: "1000" }]);
  });

  it("asks for the page, kinds and channels that are wanted", async () => {
    const vendor = play("conversations.list", page(""));
    await run2("listChannels", { types: ["im", "mpim"], excludeArchived: false, limit: 5, cursor: "abc" });
    await run2("listChannels", { types: [] });
    expect(forms(vendor.calls)).toEqual([
      { types: "im,mpim", exclude_archived: "false", limit: "5", cursor: "abc" },
      { types: "public_channel", exclude_archived: "true", limit: "1000" },
    ]);
  });
});

it("listUsers gives one page and what is read of its users", async () => {
  const vendor = play("users.list", recorded("users.list.page1"));
  const { output } = await run2("listUsers", { limit: 2, cursor: "abc", includeLocale: true });
  expect(output).toMatchObject({ ok: true, nextCursor: "U625F76900", hasMore: true });
  expect((output as { members: unknown[] }).members[1]).toEqual({
    id: "U75A57B5A5",
    name: "developer",
    real_name: "Developer",
    is_admin: false,
    is_bot: false,
    deleted: false,
    profile: { email: "dev@example.com", display_name: "developer", real_name: "Developer", title: "" },
  });
  expect(forms(vendor.calls)).toEqual([{ limit: "2", cursor: "abc", include_locale: "true" }]);
});

describe("resolveChannelId", () => {
  const first = page("next", { id: "D1" }, channel("alerts-prod"), channel("random"));
  const second = page("", channel("alerts"), channel("ops"));

  it.each(["alerts", "#alerts", " #Alerts ", "ALERTS"])("finds %j, whole, on a later page", async (name) => {
    const vendor = play("conversations.list", first, second);
    expect(await run2("resolveChannelId", { name })).toEqual({
      output: { ok: true, found: true, id: "C0ALERTS", name: "alerts", source: "conversations.list", pagesFetched: 2 },
    });
    const asked = { types: "public_channel", exclude_archived: "true", limit: "1000" };
    expect(forms(vendor.calls)).toEqual([asked, { ...asked, cursor: "next" }]);
  });

  it("finds a part of a name with contains, and says where more would be", async () => {
    play("conversations.list", first, second);
    expect(await run2("resolveChannelId", { name: "alerts", match: "contains" })).toMatchObject({
      output: { found: true, id: "C0ALERTS-PROD", name: "alerts-prod", pagesFetched: 1, nextCursor: "next" },
    });
  });

  it("finds nothing without failing, at the end of the list", async () => {
    play("conversations.list", first, second);
    expect(await run2("resolveChannelId", { name: "#Nowhere" })).toEqual({
      output: { ok: true, found: false, name: "nowhere", source: "conversations.list", pagesFetched: 2 },
    });
  });

  it("stops at maxPages and says where to go on", async () => {
    const vendor = play("conversations.list", first, second);
    expect(await run2("resolveChannelId", { name: "ops", maxPages: 1 })).toMatchObject({
      output: { found: false, pagesFetched: 1, nextCursor: "next" },
    });
    await run2("resolveChannelId", { name: "ops", cursor: "next", types: ["private_channel"], excludeArchived: false });
    expect(forms(vendor.calls)[1]).toEqual({
      types: "private_channel",
      exclude_archived: "false",
      limit: "1000",
      cursor: "next",
    });
  });

  it("looks on behind an empty page, and ends where the list does not", async () => {
    play("conversations.list", page("a"), second);
    expect(await run2("resolveChannelId", { name: "ops" })).toMatchObject({ output: { found: true } });
    play("conversations.list", page("a"), page("a"));
    const { error } = await run2("resolveChannelId", { name: "ops" });
    expect(error).toMatchObject({ code: "response-too-large", details: { reason: "cursor-repeated" } });
  });
});
