import { describe, expect, it } from "vitest";

import { answers, BASE, redmine, run, sent } from "./support.ts";

const CASE = { title: "T", description: "D" };
const CREATE = `POST ${BASE}/issues.json`;
const GET = `GET ${BASE}/issues/:file`;
const COMMENT = `PUT ${BASE}/issues/:id/notes.json`;

describe("a refused create", () => {
  // Redmine's own answers.
  it.each([
    [
      422,
      { json: { errors: ["Subject cannot be blank", "Project cannot be blank"] } },
      "Subject cannot be blank; Project cannot be blank",
    ],
    [404, { bytes: new Uint8Array(), headers: { "content-type": "application/json" } }, "from cases.example"],
    [
      401,
      { headers: { "content-type": "application/json", "WWW-Authenticate": 'Basic realm="Redmine API"' } },
      "from cases.example",
    ],
    [400, { text: "", headers: { "content-type": "text/html" } }, "from cases.example"],
  ])("%i keeps the vendor's words and is not repeated", async (status, reply, words) => {
    const vendor = redmine({ [CREATE]: () => ({ status, ...reply }) });
    const { error } = await run(CASE);
    expect(error).toMatchObject({
      code: "http-status",
      status,
      retryable: false,
      message: expect.stringContaining(words),
    });
    expect(sent(vendor)).toEqual(["POST /issues.json"]);
  });

  it.each([
    [503, "http-status"],
    [429, "rate-limited"],
  ])("%i may be tried again, since there is no case yet", async (status, code) => {
    redmine({ [CREATE]: () => ({ status, headers: { "Retry-After": "3" } }) });
    expect((await run(CASE)).error).toMatchObject({ code, retryable: true, retryAfterMs: 3000 });
  });
});

describe("a failure after the case was made", () => {
  it("while reading it back keeps its id and is not repeated, whatever the failure", async () => {
    for (const [reply, cause] of [
      [
        { status: 404, json: { errorMessages: ["Issue does not exist"] } },
        { code: "http-status", status: 404 },
      ],
      [{ status: 503 }, { code: "http-status", status: 503, retryable: true }],
      [{ status: 200, json: { issue: { id: 1 } } }, { code: "response-missing-field" }],
      [{ status: 200, text: "<html>", headers: { "content-type": "text/html" } }, { code: "unsupported-content-type" }],
    ] as const) {
      redmine({ [GET]: () => reply });
      const { error } = await run({ ...CASE, comments: [{ comment: "c" }] });
      expect(error).toMatchObject({
        code: "partial-success",
        retryable: false,
        details: {
          externalId: "1",
          done: ["create the case"],
          notDone: ["read the case back", "add comment 1"],
          cause,
        },
      });
      expect(error?.message).toContain("Case 1 exists");
      expect(error?.details).not.toHaveProperty("url");
    }
  });

  it("while adding comments says which are there and where the case is", async () => {
    let comments = 0;
    const vendor = redmine({
      [COMMENT]: () => {
        comments += 1;
        return comments === 2 ? { status: 422, json: { errors: ["Notes is too long"] } } : { status: 204 };
      },
    });
    const { error } = await run({ ...CASE, comments: [{ comment: "a" }, { comment: "b" }, { comment: "c" }] });
    expect(error).toMatchObject({
      code: "partial-success",
      status: 422,
      retryable: false,
      details: {
        externalId: "1",
        url: `${BASE}/issues/1`,
        done: ["create the case", "read the case back", "add comment 1"],
        notDone: ["add comment 2", "add comment 3"],
      },
    });
    expect(error?.message).toContain("Notes is too long");
    expect(sent(vendor)).toHaveLength(4);
  });

  it("holds for updates too", async () => {
    redmine({ [GET]: () => ({ status: 500 }) });
    expect((await run({ ...CASE, externalId: "42" })).error).toMatchObject({
      code: "partial-success",
      retryable: false,
      details: { externalId: "42", done: ["update the case"] },
    });
  });

  it("is masked like every other error", async () => {
    redmine({ [GET]: ({ headers }) => ({ status: 500, json: { message: `bad ${headers["authorization"]}` } }) });
    const { error } = await run(CASE, { config: { hasAuth: true }, secrets: { user: "jo", password: "pass-word-1" } });
    expect(error?.code).toBe("partial-success");
    const text = JSON.stringify(error);
    expect(text).not.toContain("pass-word-1");
    expect(text).not.toContain(Buffer.from("jo:pass-word-1").toString("base64"));
    expect(text).toContain("[masked]");
  });
});

describe("an id of the other system", () => {
  const create = async (id: unknown) => {
    const vendor = redmine({
      [CREATE]: () => ({ status: 201, json: { issue: { id } } }),
      [`GET ${BASE}/*`]: () => ({ json: { issue: { subject: "T" } } }),
      [`PUT ${BASE}/*`]: () => ({ status: 204 }),
    });
    return { vendor, outcome: await run({ ...CASE, comments: [{ comment: "c" }] }) };
  };

  it.each([
    ["a/b", "a%2Fb"],
    ["a?b=1", "a%3Fb%3D1"],
    ["a#b", "a%23b"],
    ["../admin", "..%2Fadmin"],
    ["a b&c", "a%20b%26c"],
    ["%2e%2e", "%252e%252e"],
    ["\\..\\x", "%5C..%5Cx"],
    ["ü😀", "%C3%BC%F0%9F%98%80"],
  ])("%j stays one segment of the path", async (id, segment) => {
    const { vendor, outcome } = await create(id);
    expect(outcome.output).toMatchObject({ id, url: `${BASE}/issues/${segment}` });
    expect(sent(vendor).slice(1)).toEqual([`GET /issues/${segment}.json`, `PUT /issues/${segment}/notes.json`]);
  });

  it.each(["..", ".", "a\nb", "a\u0000b", "\ud800"])("%j is refused, and the case's id is not lost", async (id) => {
    const { vendor, outcome } = await create(id);
    expect(outcome.error).toMatchObject({ code: "partial-success", details: { cause: { code: "template-error" } } });
    expect(outcome.error?.details?.["externalId"]).toBe(JSON.parse(JSON.stringify(id)));
    expect(sent(vendor)).toEqual(["POST /issues.json"]);
  });

  it.each(["..", ".", "a\nb"])("%j as a parameter is refused before anything is sent", async (externalId) => {
    const vendor = redmine();
    for (const [action, input] of [
      ["updateCase", { ...CASE, externalId }],
      ["getCase", { externalId }],
      ["addComment", { externalId, comment: "c" }],
    ] as const) {
      expect((await run(input, { action })).error?.code).toBe("template-error");
    }
    expect(vendor.calls).toEqual([]);
  });
});

describe("Redmine's recorded answers", () => {
  const reply = (name: string) => {
    const { status, contentType, body } = answers[name] ?? { status: 0, contentType: null, body: null };
    // An empty body keeps its type: a client that parses by type alone would fail over it.
    return {
      status,
      ...(contentType === null ? {} : { headers: { "content-type": contentType } }),
      ...(body === null ? {} : { text: JSON.stringify(body) }),
    };
  };

  it.each([
    ["blankSubject", "[422] Unprocessable Entity: Subject cannot be blank"],
    ["longSubject", "[422] Unprocessable Entity: Subject is too long (maximum is 255 characters)"],
    ["unknownTag", "[422] Unprocessable Entity: Tags is not included in the list"],
    ["unknownId", "[404] Not Found from cases.example"],
    ["unauthorized", "[401] Unauthorized from cases.example"],
    ["brokenJson", "[400] Bad Request from cases.example"],
  ])("%s is told in its own words", async (name, message) => {
    redmine({ [CREATE]: () => reply(name) });
    const { error } = await run(CASE);
    expect(error).toMatchObject({ code: "http-status", status: answers[name]?.status, retryable: false, message });
  });

  it("an update answers with nothing at all", async () => {
    redmine({ [`PUT ${BASE}/issues/:file`]: () => reply("updated") });
    expect((await run({ ...CASE, externalId: "1" })).output).toMatchObject({ id: "1", title: "Disk full" });
  });
});
