import { describe, expect, it } from "vitest";

import { casesWebhook } from "../src/index.ts";
import { BASE, CONFIG, ISSUE, redmine, run, sent, WITHOUT_COMMENTS } from "./support.ts";

const DATE = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const CASE = { title: "Disk full", description: "line1\nline2" };

describe("pushToService", () => {
  it("is what a step of the type runs, by its alias as well", () => {
    expect(casesWebhook).toMatchObject({
      id: "cases-webhook",
      aliases: [".cases-webhook"],
      defaultAction: "pushToService",
    });
  });

  it("creates a case, reads its title back and says where people see it", async () => {
    const vendor = redmine();
    expect(await run({ ...CASE, tags: ["phishing"] })).toEqual({
      output: { id: "1", title: "Disk full", url: `${BASE}/issues/1`, pushedDate: DATE },
    });
    expect(sent(vendor)).toEqual(["POST /issues.json", "GET /issues/1.json"]);
    expect(vendor.calls[0]).toMatchObject({
      headers: { "content-type": "application/json" },
      body: { issue: { project_id: "cases", subject: "Disk full", description: "line1\nline2", tags: ["phishing"] } },
    });
  });

  it("takes Kibana's form and sends the comments one by one, in order", async () => {
    const vendor = redmine();
    const { output } = await run({
      incident: {
        title: "Disk full",
        description: null,
        id: "kibana-1",
        severity: "high",
        status: "open",
        externalId: null,
        tags: null,
      },
      comments: [
        { comment: "first", commentId: "c-1" },
        { comment: "", commentId: "c-2" },
        { comment: 'the "second"\n\\', commentId: "c-3" },
      ],
    });
    expect(output).toEqual({
      id: "1",
      title: "Disk full",
      url: `${BASE}/issues/1`,
      pushedDate: DATE,
      comments: [
        { commentId: "c-1", pushedDate: DATE },
        { commentId: "c-3", pushedDate: DATE },
      ],
    });
    expect(sent(vendor).slice(2)).toEqual(["PUT /issues/1/notes.json", "PUT /issues/1/notes.json"]);
    expect(vendor.calls[0]?.body).toMatchObject({ issue: { description: "", tags: [] } });
    expect(vendor.calls.slice(2).map(({ body }) => body)).toEqual([
      { issue: { notes: "first" } },
      { issue: { notes: 'the "second"\n\\' } },
    ]);
  });

  it("takes the page's additional comments, after those of a list", async () => {
    const vendor = redmine();
    const { output } = await run({ ...CASE, additionalComments: "see the runbook", comments: [{ comment: "a" }] });
    expect(output).toMatchObject({ comments: [{ commentId: "1" }, { commentId: "2" }] });
    expect(vendor.calls.slice(2).map(({ body }) => body)).toEqual([
      { issue: { notes: "a" } },
      { issue: { notes: "see the runbook" } },
    ]);
  });

  it.each([{ ...CASE, externalId: "42" }, { incident: { ...CASE, externalId: "42" } }])(
    "updates where an external id is given (%#)",
    async (input) => {
      const vendor = redmine();
      const { output } = await run(input);
      expect(output).toMatchObject({ id: "42", title: "Disk full", url: `${BASE}/issues/42` });
      expect(sent(vendor)).toEqual(["PUT /issues/42.json", "GET /issues/42.json"]);
      expect(vendor.calls[0]?.body).toEqual({ issue: { subject: "Disk full", description: "line1\nline2" } });
    },
  );

  it.each([{ ...CASE, externalId: "" }, { ...CASE, externalId: " " }, { incident: { ...CASE, externalId: "" } }])(
    "refuses an empty external id, which would change the collection (%#)",
    async (input) => {
      const vendor = redmine();
      expect((await run(input)).error).toMatchObject({
        code: "params-invalid",
        message: expect.stringContaining("externalId"),
      });
      expect(vendor.calls).toEqual([]);
    },
  );

  it.each([
    [{ summary: "By its other name" }, "By its other name"],
    [{ title: "" }, ""],
  ])("takes %j", async (input, subject) => {
    const vendor = redmine();
    await run(input);
    expect(vendor.calls[0]?.body).toMatchObject({ issue: { subject } });
  });

  it.each([
    [{}, "title"],
    [{ title: "a", summary: "b" }, "summary"],
    [{ incident: CASE, title: "beside" }, "title"],
    [{ incident: CASE, externalId: "1" }, "externalId"],
    [{ incident: { description: "no title" } }, "incident.title"],
    [{ incident: { ...CASE, labls: [] } }, "labls"],
    [{ ...CASE, severity: "urgent" }, "severity"],
    [{ ...CASE, status: "done" }, "status"],
    [{ ...CASE, tags: "phishing" }, "tags"],
    [{ ...CASE, comments: [{ commentId: "1" }] }, "comments[0].comment"],
    [{ ...CASE, titel: "x" }, "titel"],
  ])("refuses %j before anything is sent", async (input, named) => {
    const vendor = redmine();
    expect((await run(input)).error).toMatchObject({ code: "params-invalid", message: expect.stringContaining(named) });
    expect(vendor.calls).toEqual([]);
  });

  it("refuses comments, before a case is made, where the connector does not say how to send them", async () => {
    const vendor = redmine();
    const bare = { createCommentUrl: null, createCommentJson: null, createCommentMethod: null };
    const { error } = await run({ ...CASE, comments: [{ comment: "a" }] }, { config: bare });
    expect(error).toMatchObject({ code: "params-invalid", message: expect.stringContaining("createCommentUrl") });
    expect(vendor.calls).toEqual([]);
    expect(WITHOUT_COMMENTS).not.toHaveProperty("createCommentUrl");
    // Comments with nothing in them ask for nothing.
    expect((await run({ ...CASE, comments: [{ comment: "" }] }, { config: bare })).output).toBeDefined();
  });
});

describe("what the case says", () => {
  const template =
    '{"s":{{{case.title}}},"t":{{{case.description}}},"sev":{{{case.severity}}},"st":{{{case.status}}},"id":{{{case.id}}},"tags":{{{case.tags}}},"labels":{{{case.labels}}}}';
  const create = async (input: object, createIncidentJson = template) => {
    const vendor = redmine();
    const outcome = await run(input, { config: { createIncidentJson } });
    return { body: vendor.calls[0]?.body, error: outcome.error };
  };

  it("reaches every variable, with nothing for what is absent", async () => {
    const full = { ...CASE, severity: "critical", status: "in-progress", caseId: "k-1", tags: ["a"], labels: ["b"] };
    expect((await create(full)).body).toEqual({
      s: "Disk full",
      t: "line1\nline2",
      sev: "critical",
      st: "in-progress",
      id: "k-1",
      tags: ["a"],
      labels: ["b"],
    });
    expect((await create({ title: "T" })).body).toEqual({
      s: "T",
      t: "",
      sev: "",
      st: "",
      id: "",
      tags: [],
      labels: [],
    });
  });

  it("feeds labels into tags where there are no tags", async () => {
    expect((await create({ ...CASE, labels: ["x", "y"] })).body).toMatchObject({
      tags: ["x", "y"],
      labels: ["x", "y"],
    });
    expect((await create({ incident: { ...CASE, labels: ["x"], tags: null } })).body).toMatchObject({ tags: ["x"] });
  });

  it.each([
    '"quoted"',
    "back\\slash",
    "two\nlines\r\n",
    "emoji 😀",
    "{{case.id}} {{{x}}}",
    '","admin":true,"x":"',
    "\u2028</script>",
  ])("carries the title %j intact, bare and behind a prefix", async (title) => {
    const prefixed =
      '{"a":{{{case.title}}},"b":"[SIEM] {{{case.title}}}","c":"{{case.title}}","d":{{{case.description}}}}';
    expect((await create({ title, description: "d" }, prefixed)).body).toEqual({
      a: title,
      b: `[SIEM] ${title}`,
      c: title,
      d: "d",
    });
  });
});

describe("keys of answers", () => {
  const create = async (json: unknown, createIncidentResponseKey: string) => {
    redmine({ [`POST ${BASE}/issues.json`]: () => ({ status: 201, json }) });
    return run(CASE, { config: { createIncidentResponseKey } });
  };

  it.each([
    ["id", { id: "A-1" }, "A-1"],
    ["issue.id", { issue: { id: 7 } }, "7"],
    ["items[0].key", { items: [{ key: "K" }] }, "K"],
    ["items.0.key", { items: [{ key: "K" }] }, "K"],
    ["[0].id", [{ id: 3 }], "3"],
    ["a.b", { "a.b": "flat", a: { b: "nested" } }, "flat"],
    ['a["b.c"].d', { a: { "b.c": { d: "q" } } }, "q"],
    ["id", { id: 0 }, "0"],
  ])("%s finds the id in %j", async (key, json, id) => {
    expect((await create(json, key)).output).toMatchObject({ id });
  });

  it.each([
    ["id", { id: null }, "null"],
    ["id", { id: {} }, "structure"],
    ["id", { id: [1] }, "structure"],
    ["id", { id: "" }, "empty"],
    ["id", { id: " \t" }, "empty"],
    ["id", { key: 1 }, "has no id"],
    ["constructor.name", {}, "has no"],
    ["__proto__", {}, "has no"],
    ["a.length", { a: "text" }, "has no"],
  ])("%s finds no id in %j, says so and is not repeated", async (key, json, named) => {
    const { error } = await create(json, key);
    expect(error).toMatchObject({
      code: "response-missing-field",
      retryable: false,
      message: expect.stringContaining(named),
    });
    // Whoever tries again would make a second one.
    expect(error?.message).toContain("The case was made all the same");
    expect(error?.details?.["answer"]).toBe(JSON.stringify(json));
  });

  it("are read to the last digit", async () => {
    const text = '{"id": 12345678901234567890, "n": 1.5, "big": 1e400}';
    redmine({
      [`POST ${BASE}/issues.json`]: () => ({ status: 201, text, headers: { "content-type": "application/json" } }),
    });
    expect((await run(CASE, { config: { createIncidentResponseKey: "id" } })).output).toMatchObject({
      id: "12345678901234567890",
    });
  });

  it("names what the answer does have, without its values", async () => {
    const { error } = await create({ issue: { number: 5, title: "private words" } }, "issue.id");
    expect(error?.message).toContain("issue.{number, title}");
    expect(error?.message).not.toContain("private words");
  });

  it.each([
    [{ text: "<html>", headers: { "content-type": "text/html" } }, "unsupported-content-type"],
    [{ text: "{", headers: { "content-type": "application/json" } }, "response-invalid-json"],
    [{ status: 204 }, "response-missing-field"],
    [{ text: "", headers: { "content-type": "application/json" } }, "response-missing-field"],
  ])("a created case whose answer is %j is an error that is not repeated", async (reply, code) => {
    redmine({ [`POST ${BASE}/issues.json`]: () => reply });
    expect((await run(CASE)).error).toMatchObject({ code, retryable: false });
  });

  it.each(["application/json", "application/vnd.api+json", "application/hal+json;charset=UTF-8", "text/json"])(
    "takes %s for JSON",
    async (type) => {
      redmine({ [`POST ${BASE}/issues.json`]: () => ({ ...ISSUE, headers: { "content-type": type } }) });
      expect((await run(CASE)).output).toMatchObject({ id: "1" });
    },
  );
});

describe("an update's answer", () => {
  it.each([
    [{ status: 204 }],
    [{ status: 204, headers: { "content-type": "text/html" } }],
    [{ status: 200 }],
    [{ status: 202, text: "", headers: { "content-type": "text/plain" } }],
    [{ status: 200, text: "updated" }],
    [{ status: 200, json: [] }],
  ])("may be anything under 2xx, since nothing is needed of it: %j", async (reply) => {
    redmine({ [`PUT ${BASE}/issues/:file`]: () => reply });
    expect((await run({ ...CASE, externalId: "42" })).output).toMatchObject({ id: "42" });
  });

  const LOGIN = {
    status: 200,
    text: "<html>Please sign in</html>",
    headers: { "content-type": "text/html; charset=utf-8" },
  };
  it("is no web page, which asks to log in", async () => {
    redmine({ [`PUT ${BASE}/issues/:file`]: () => LOGIN });
    expect((await run({ ...CASE, externalId: "42" })).error).toMatchObject({ code: "unsupported-content-type" });
  });

  it("neither is a comment's", async () => {
    redmine({ [`PUT ${BASE}/issues/:id/notes.json`]: () => LOGIN });
    const { error } = await run({ ...CASE, comments: [{ comment: "c", commentId: "c-1" }] });
    expect(error).toMatchObject({
      code: "partial-success",
      details: { comments: [{ commentId: "c-1", status: "failed" }], cause: { code: "unsupported-content-type" } },
    });
  });
});

describe("the other actions", () => {
  it("createCase, updateCase, getCase and addComment do their part alone", async () => {
    const vendor = redmine();
    expect((await run(CASE, { action: "createCase" })).output).toMatchObject({ id: "1", title: "Disk full" });
    expect((await run({ ...CASE, externalId: "5" }, { action: "updateCase" })).output).toMatchObject({ id: "5" });
    expect((await run({ externalId: "6" }, { action: "getCase" })).output).toEqual({
      id: "6",
      title: "Disk full",
      url: `${BASE}/issues/6`,
    });
    expect((await run({ externalId: "7", comment: "hi" }, { action: "addComment" })).output).toEqual({
      commentId: "1",
      pushedDate: DATE,
    });
    expect(sent(vendor)).toEqual([
      "POST /issues.json",
      "GET /issues/1.json",
      "PUT /issues/5.json",
      "GET /issues/5.json",
      "GET /issues/6.json",
      "PUT /issues/7/notes.json",
    ]);
  });

  it.each(["updateCase", "getCase", "addComment"])("%s needs an external id", async (action) => {
    const rest = action === "addComment" ? { comment: "c" } : action === "updateCase" ? CASE : {};
    for (const input of [rest, { ...rest, externalId: "" }]) {
      expect((await run(input, { action })).error).toMatchObject({
        code: "params-invalid",
        message: expect.stringContaining("externalId"),
      });
    }
  });

  it.each([
    ["updateCase", CASE, "PUT /issues/a%2Fb.json"],
    ["getCase", {}, "GET /issues/a%2Fb.json"],
    ["addComment", { comment: "c" }, "PUT /issues/a%2Fb/notes.json"],
  ])("%s keeps an id one segment of the address", async (action, input, request) => {
    const vendor = redmine();
    expect((await run({ ...input, externalId: "a/b" }, { action })).error).toBeUndefined();
    expect(sent(vendor)[0]).toBe(request);
  });

  it.each([
    ["createCase", CASE, 1],
    ["updateCase", { ...CASE, externalId: "1" }, 1],
    ["addComment", { externalId: "1", comment: "c" }, 1],
    ["getCase", { externalId: "1" }, 2],
  ])("%s is sent again after a failure of the server only where it reads", async (action, input, calls) => {
    const vendor = redmine();
    vendor.use({ [`ALL ${BASE}/*`]: () => (vendor.calls.length > 1 ? { ...ISSUE, status: 200 } : { status: 502 }) });
    const { error } = await run(input, { action });
    expect(error?.status).toBe(calls === 1 ? 502 : undefined);
    expect(vendor.calls).toHaveLength(calls);
  });

  it("addComment needs a connector that says how", async () => {
    const config = { createCommentUrl: null, createCommentJson: null };
    expect((await run({ externalId: "1", comment: "c" }, { action: "addComment", config })).error?.code).toBe(
      "params-invalid",
    );
    expect(CONFIG.createCommentUrl).toBeDefined();
  });
});
