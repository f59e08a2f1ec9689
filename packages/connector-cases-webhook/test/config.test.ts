import { runOnce, startLoopback } from "@stepwire/testkit";
import { describe, expect, it, onTestFinished } from "vitest";

import { casesWebhook } from "../src/index.ts";
import { BASE, CONFIG, ISSUE, NO_CONTENT, redmine, run, sent } from "./support.ts";

const CASE = { title: "T", description: "D" };
const PUSH = { ...CASE, comments: [{ comment: "c" }] };

describe("methods", () => {
  it.each(["post", "put", "patch"])("%s may create, update and comment", async (method) => {
    const upper = method.toUpperCase();
    const vendor = redmine({
      [`${upper} ${BASE}/issues.json`]: () => ISSUE,
      [`${upper} ${BASE}/issues/:file`]: () => NO_CONTENT,
      [`${upper} ${BASE}/issues/:id/notes.json`]: () => NO_CONTENT,
    });
    const config = { createIncidentMethod: method, updateIncidentMethod: method, createCommentMethod: method };
    expect((await run(PUSH, { config })).output).toMatchObject({ comments: [{ commentId: "1" }] });
    await run({ ...CASE, externalId: "1" }, { config });
    expect(sent(vendor)).toEqual([
      `${upper} /issues.json`,
      "GET /issues/1.json",
      `${upper} /issues/1/notes.json`,
      `${upper} /issues/1.json`,
      "GET /issues/1.json",
    ]);
  });

  it("are each request's own", async () => {
    const vendor = redmine({
      [`PUT ${BASE}/issues.json`]: () => ISSUE,
      [`PATCH ${BASE}/issues/:file`]: () => NO_CONTENT,
      [`POST ${BASE}/issues/:id/notes.json`]: () => NO_CONTENT,
    });
    const config = { createIncidentMethod: "put", updateIncidentMethod: "patch", createCommentMethod: "post" };
    await run(PUSH, { config });
    await run({ ...PUSH, externalId: "1" }, { config });
    const readAndComment = ["GET /issues/1.json", "POST /issues/1/notes.json"];
    expect(sent(vendor)).toEqual(["PUT /issues.json", ...readAndComment, "PATCH /issues/1.json", ...readAndComment]);
  });

  it("post may read a case back, with its body and the id in it", async () => {
    const vendor = redmine({ [`POST ${BASE}/find`]: () => ({ json: { issue: { subject: "found" } } }) });
    const config = {
      getIncidentMethod: "post",
      getIncidentUrl: `${BASE}/find`,
      getIncidentJson: '{"id":{{{external.system.id}}},"same":"#{{{external.system.ID}}}"}',
    };
    expect((await run(CASE, { config })).output).toMatchObject({ title: "found" });
    expect(vendor.calls[1]?.body).toEqual({ id: "1", same: "#1" });
  });

  it("get sends no body even if one is configured", async () => {
    const vendor = redmine();
    await run(CASE, { config: { getIncidentJson: '{"id":{{{external.system.id}}}}' } });
    expect(vendor.calls[1]).toMatchObject({ method: "GET", body: undefined });
  });

  it("are put for comments where Kibana stored null", async () => {
    const vendor = redmine();
    await run(PUSH, { config: { createCommentMethod: null } });
    expect(sent(vendor).at(-1)).toBe("PUT /issues/1/notes.json");
  });
});

describe("templates", () => {
  it("know external.system.id in both spellings, and the title in the view URL", async () => {
    redmine({ [`GET ${BASE}/issues/:file`]: () => ({ json: { issue: { subject: "ENG-7 / a b" } } }) });
    const config = {
      updateIncidentUrl: `${BASE}/issues/{{{external.system.ID}}}.json`,
      updateIncidentJson: '{"id":{{{external.system.id}}},"t":{{{case.title}}},"d":{{{case.description}}}}',
      createCommentJson: '{"on":{{{external.system.id}}},"text":{{{case.comment}}}}',
      viewIncidentUrl: "https://view.example/browse/{{{external.system.title}}}?id={{external.system.id}}",
    };
    const { output } = await run({ ...PUSH, externalId: "5" }, { config });
    expect(output).toMatchObject({ url: "https://view.example/browse/ENG-7%20%2F%20a%20b?id=5" });
  });

  it("leave a query alone and tidy only the path, as far as Kibana does", async () => {
    const vendor = redmine({ [`POST ${BASE}/api/issues`]: () => ISSUE, [`GET ${BASE}/api/issues/:id`]: () => ISSUE });
    await run(CASE, {
      config: {
        createIncidentUrl: `${BASE}//api//issues/?next=http://a//b/`,
        getIncidentUrl: `${BASE}/api/issues/{{{external.system.id}}}/?q=a//b&x=%20`,
      },
    });
    expect(sent(vendor)).toEqual(["POST /api/issues?next=http://a//b/", "GET /api/issues/1?q=a//b&x=%20"]);
  });

  it.each([
    ["createIncidentJson", '{"t":{{{case.title}}}}', "case.description"],
    ["createIncidentJson", '{"d":{{{case.description}}}}', "case.title"],
    ["updateIncidentJson", '{"t":{{{case.title}}}}', "case.description"],
    ["createCommentJson", '{"text":"nothing"}', "case.comment"],
    ["createIncidentJson", '{"t":{{{case.title}}},"d":{{{case.description}}},}', "line 1, column"],
    ["createIncidentJson", '{"t":{{{case.title}}},"d":{{{case.description}}', "Line 1"],
    [
      "createIncidentJson",
      '{"t":{{{case.titel}}},"d":{{{case.description}}},"x":{{{case.title}}}}',
      "Did you mean case.title?",
    ],
    [
      "createIncidentJson",
      '{"t":{{{case.title}}},"d":{{{case.description}}},"x":{{{external.system.id}}}}',
      "external.system.id",
    ],
    ["updateIncidentJson", "{{#case.tags}}", "Line 1"],
    ["getIncidentUrl", `${BASE}/issues`, "external.system.id"],
    ["getIncidentUrl", `${BASE}/issues/{{{case.id}}}/{{{external.system.id}}}`, "case.id"],
    ["viewIncidentUrl", `${BASE}/all`, "external.system"],
    ["createIncidentUrl", `${BASE}/{{{case.id}}}`, "not a template"],
    ["createIncidentUrl", "cases.example/issues", "http or https URL"],
    ["updateIncidentUrl", "ftp://cases.example/{{{external.system.id}}}", "http or https URL"],
    ["getIncidentUrl", "https://{{{external.system.id}}}.example/x", "http or https URL"],
    ["viewIncidentUrl", "javascript:alert({{{external.system.id}}})", "http or https URL"],
  ])("are checked when the connector is made: %s = %s", async (key, text, named) => {
    const vendor = redmine();
    const { error } = await run(PUSH, { config: { [key]: text } });
    expect(error).toMatchObject({ code: "config-invalid" });
    expect(error?.message).toContain(`config.${key}`);
    expect(error?.message).toContain(named);
    expect(vendor.calls).toEqual([]);
  });
});

describe("settings that belong together", () => {
  it.each([
    [{ createCommentJson: null }, "config.createCommentJson"],
    [{ createCommentUrl: null }, "config.createCommentUrl"],
    [{ createCommentUrl: "", createCommentJson: "{}" }, "config.createCommentUrl"],
    [{ getIncidentMethod: "post" }, "config.getIncidentJson"],
    [{ createIncidentMethod: "delete" }, "config.createIncidentMethod"],
    [{ updateIncidentMethod: "PUT" }, "config.updateIncidentMethod"],
    [{ createIncidentResponseKey: "" }, "config.createIncidentResponseKey"],
    [{ getIncidentResponseExternalTitleKey: undefined }, "config.getIncidentResponseExternalTitleKey"],
    [{ createIncidentURL: "x" }, "Did you mean createIncidentUrl?"],
    [{ hasAuth: "false" }, "config.hasAuth"],
    [{ authType: "webhook-oauth2-client-credentials", hasAuth: true }, "config.authType"],
    [{ headers: { "X-A": "a\nb" } }, "config.headers"],
  ])("are refused half-made or wrong: %j", async (config, named) => {
    const { error } = await run(CASE, { config });
    expect(error).toMatchObject({ code: "config-invalid", message: expect.stringContaining(named) });
  });

  it("are all named at once", async () => {
    const { error } = await run(CASE, {
      config: { createIncidentUrl: "x", createIncidentJson: "{", viewIncidentUrl: BASE },
    });
    for (const key of ["createIncidentUrl", "createIncidentJson", "viewIncidentUrl"]) {
      expect(error?.message).toContain(`config.${key}`);
    }
  });
});

describe("authentication and headers", () => {
  const secrets = {
    user: "connector",
    password: "connector-pass",
    secretHeaders: { "X-Redmine-API-Key": "key-of-redmine" },
  };

  it("go with each of the four requests", async () => {
    const vendor = redmine();
    const config = { hasAuth: true, headers: { "X-Tenant": "acme", "content-type": "application/vnd.api+json" } };
    await run(PUSH, { config, secrets });
    await run({ ...CASE, externalId: "1" }, { config, secrets });
    expect(vendor.calls).toHaveLength(5);
    for (const { headers } of vendor.calls) {
      expect(headers).toMatchObject({
        authorization: `Basic ${Buffer.from("connector:connector-pass").toString("base64")}`,
        "x-tenant": "acme",
        "x-redmine-api-key": "key-of-redmine",
      });
    }
    expect(vendor.calls[0]?.headers["content-type"]).toBe("application/vnd.api+json");
  });

  it("are basic unless the config says otherwise", async () => {
    const { error } = await run(CASE, { config: { hasAuth: undefined } });
    expect(error).toMatchObject({ code: "secrets-invalid", message: expect.stringContaining("secrets.password") });
  });

  it("may be a secret header alone", async () => {
    const vendor = redmine();
    await run(CASE, { secrets: { secretHeaders: secrets.secretHeaders } });
    expect(vendor.calls[0]?.headers).toMatchObject({ "x-redmine-api-key": "key-of-redmine" });
    expect(vendor.calls[0]?.headers).not.toHaveProperty("authorization");
  });
});

it("sends to network.baseUrl instead of the create URL's origin, and links to where people see the case", async () => {
  const server = await startLoopback(({ method }) => (method === "PUT" ? NO_CONTENT : ISSUE));
  onTestFinished(() => server.close());
  const { output } = await run(PUSH, { network: { baseUrl: `${server.url}/gateway/` } });
  expect(output).toMatchObject({ url: `${BASE}/issues/1` });
  expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /gateway/issues.json",
    "GET /gateway/issues/1.json",
    "PUT /gateway/issues/1/notes.json",
  ]);
  expect(CONFIG.createIncidentUrl).toContain(BASE);
});

describe("hosts that the settings do not allow", () => {
  const network = { allowedHosts: ["cases.example"] };
  const elsewhere = "https://elsewhere.example/1";

  it.each(["createIncidentUrl", "getIncidentUrl", "updateIncidentUrl", "createCommentUrl"])(
    "are refused in %s before anything is sent",
    async (key) => {
      const url = key === "createIncidentUrl" ? elsewhere : `${elsewhere}/{{{external.system.id}}}`;
      const vendor = redmine({});
      const { error } = await runOnce(casesWebhook, { input: CASE, config: { ...CONFIG, [key]: url }, network });
      expect(error?.message).toContain("elsewhere.example");
      expect(vendor.calls).toEqual([]);
    },
  );

  it("may stand in the view URL, which is never called", async () => {
    redmine({ [`POST ${BASE}/issues.json`]: () => ISSUE, [`GET ${BASE}/issues/1.json`]: () => ISSUE });
    const config = { ...CONFIG, viewIncidentUrl: `${elsewhere}/{{{external.system.id}}}` };
    const { output } = await runOnce(casesWebhook, { input: CASE, config, network });
    expect(output).toMatchObject({ url: `${elsewhere}/1` });
  });
});
