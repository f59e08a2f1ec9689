import { expect, it } from "vitest";

import { NO_CONTENT, redmine, run, sent } from "./support.ts";

const CASE = { title: "Disk full", description: "d", comments: [{ comment: "one" }, { comment: "two" }] };
const WHOLE = ["POST /issues.json", "GET /issues/1.json", "PUT /issues/1/notes.json", "PUT /issues/1/notes.json"];

it.each([0, 1, 2, 3, 4])("a push that dies behind its request %i repeats none of those before", async (count) => {
  const parts = new Map<string, unknown>();
  const first = redmine();
  await run(CASE, { parts });
  expect(sent(first)).toEqual(WHOLE);
  // The run died when so many requests were answered and their results were kept; the date belongs to the second.
  const names = [...parts.keys()];
  const kept = names.slice(0, count < 2 ? count : count === 2 ? 3 : count + 1);
  const second = redmine();
  const { output } = await run(CASE, { parts: new Map(kept.map((name) => [name, parts.get(name)])) });
  expect(sent(second)).toEqual(WHOLE.slice(count));
  expect(output).toMatchObject({ id: "1", comments: [{ commentId: "1" }, { commentId: "2" }] });
});

it("keeps the dates of what was done before", async () => {
  const parts = new Map<string, unknown>();
  redmine();
  const first = await run(CASE, { parts });
  redmine();
  expect(await run(CASE, { parts })).toEqual(first);
});

it("does not take the parts of one update for those of another", async () => {
  const parts = new Map<string, unknown>();
  redmine();
  await run({ title: "a", description: "d", externalId: "1" }, { parts });
  const vendor = redmine();
  await run({ title: "a", description: "d", externalId: "2" }, { parts });
  expect(sent(vendor)).toEqual(["PUT /issues/2.json", "GET /issues/2.json"]);
});

it("says of every comment what became of it, and sends only the rest when it is tried again", async () => {
  const parts = new Map<string, unknown>();
  let failing = true;
  const routes = {
    "PUT https://cases.example/issues/:id/notes.json": ({ body }: { body: unknown }) =>
      failing && JSON.stringify(body).includes("two")
        ? { status: 422, json: { errors: ["Notes too dull"] } }
        : NO_CONTENT,
  };
  redmine(routes);
  const comments = ["one", "two", "three"].map((comment, index) => ({ comment, commentId: `c-${index}` }));
  const { error } = await run({ ...CASE, comments }, { parts });
  expect(error).toMatchObject({
    code: "partial-success",
    retryable: false,
    details: {
      externalId: "1",
      comments: [
        { commentId: "c-0", status: "done", pushedDate: expect.any(String) },
        { commentId: "c-1", status: "failed" },
        { commentId: "c-2", status: "not-done" },
      ],
    },
  });
  expect(error?.message).toContain("Notes too dull");
  failing = false;
  const vendor = redmine(routes);
  expect((await run({ ...CASE, comments }, { parts })).output).toMatchObject({ comments: [{}, {}, {}] });
  expect(vendor.calls.map(({ body }) => body)).toEqual([{ issue: { notes: "two" } }, { issue: { notes: "three" } }]);
});
