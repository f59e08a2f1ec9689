import type { Reply } from "@stepwire/testkit";
import { describe, expect, it } from "vitest";

import { REFUSALS } from "../src/index.ts";
import { check } from "../src/check.ts";
import { fixture } from "./recorded.ts";
import { playKind, run, SECRETS } from "./support.ts";

const issue = { issueType: "Task", summary: "Review the alert" };
const refusedWith = async (reply: Reply) => {
  playKind("cloud", { "POST /issue": () => reply });
  return (await run("cloud", "createIssue", issue)).error;
};

describe("Jira's refusals", () => {
  it("keep the names of the fields", async () => {
    // https://developer.atlassian.com/cloud/jira/platform/rest/v3/, create issue, 400
    const errors = { project: "project is required", summary: "You must specify a summary of the issue." };
    const error = await refusedWith({ status: 400, json: { errorMessages: ["Field 'priority' is required"], errors } });
    expect(error).toMatchObject({ code: "http-status", status: 400, retryable: false });
    expect(error?.message).toBe(
      "[400] Bad Request: Field 'priority' is required; project: project is required; summary: You must specify a summary of the issue. Correct what it names; getCreateMetadata lists the fields that an issue type takes.",
    );
    expect(error?.details).toMatchObject({ errorMessages: ["Field 'priority' is required"], errors });
  });

  it("keep what the stand-in of Atlassian's document says", async () => {
    const error = await refusedWith({ status: 400, json: fixture("refused") });
    expect(error?.message).toContain("Field 'priority' is required");
  });

  it("are readable where only a field is named", async () => {
    // github.com/atlassian/atlascode/issues/1481
    const errors = { description: "Operation value must be a string" };
    const error = await refusedWith({ status: 400, json: { errorMessages: [], errors } });
    expect(error?.message).toContain("[400] Bad Request: description: Operation value must be a string. Correct");
    expect(error?.details).not.toHaveProperty("errorMessages");
  });

  it("are readable where a login page comes, and say which credentials are meant", async () => {
    const page =
      "<html><head><title>Unauthorized (401)</title><style>p{}</style></head><body><h1>Unauthorized</h1><p>Basic authentication with passwords is deprecated.</p></body></html>";
    const error = await refusedWith({
      status: 401,
      text: page,
      headers: { "content-type": "text/html;charset=UTF-8" },
    });
    expect(error).toMatchObject({ status: 401, retryable: false });
    expect(error?.message).toBe(
      `[401] Unauthorized: Unauthorized Basic authentication with passwords is deprecated. ${REFUSALS[401]?.advice}`,
    );
    for (const name of ["secrets.email", "secrets.apiToken", "secrets.personalAccessToken"])
      expect(error?.message).toContain(name);
    expect(JSON.stringify(error)).not.toContain("<");
  });

  it.each([
    [
      "Client must be authenticated to access this resource.",
      "Client must be authenticated to access this resource. Check",
    ],
    [
      { message: "Client must be authenticated to access this resource.", "status-code": 401 },
      "authenticated to access",
    ],
    [{ error: "Unauthorized", errors: null, errorMessages: null }, "[401] Unauthorized: Unauthorized. Check"],
    [{ errorMessages: [{ text: 1 }] }, '{"text":1}'],
    [{ errors: ["a", "b"] }, "[401] Unauthorized: a; b. Check secrets"],
    [[], "Jira does not accept the credentials."],
    [null, "Jira does not accept the credentials."],
  ])("are readable whatever the body is (%#)", async (body, words) => {
    const reply = typeof body === "string" ? { text: body } : { json: body };
    expect((await refusedWith({ status: 401, ...reply }))?.message).toContain(words);
  });

  it("name the captcha that keeps right credentials out", async () => {
    for (const headers of [
      { "X-Seraph-LoginReason": "AUTHENTICATION_DENIED" },
      { "X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=https://tools.example/login.jsp" },
    ]) {
      const error = await refusedWith({ status: 401, headers });
      expect(error?.message).toContain("Jira wants a captcha");
      expect(error?.message).not.toContain("Check secrets");
    }
    const wrong = await refusedWith({ status: 401, headers: { "X-Seraph-LoginReason": "AUTHENTICATED_FAILED" } });
    expect(wrong?.message).toContain("Check secrets.email");
  });

  it("say that what is not found may only be hidden", async () => {
    expect((await refusedWith({ status: 404 }))?.message).toContain("the account may not see it");
    const errorMessages = ["Issue does not exist or you do not have permission to see it."];
    const error = await refusedWith({ status: 404, json: { errorMessages, errors: {} } });
    expect(error?.message).toContain(errorMessages[0]);
  });

  it("never show the token, its Basic form or its encodings", async () => {
    const pair = Buffer.from(`${SECRETS.email}:${SECRETS.apiToken}`).toString("base64");
    const error = await refusedWith({
      status: 403,
      json: { errorMessages: [`no: Basic ${pair}, ${SECRETS.apiToken}`], errors: { email: SECRETS.email } },
    });
    const text = JSON.stringify(error);
    expect(text).not.toContain(SECRETS.apiToken);
    expect(text).not.toContain(pair);
    expect(text).toContain(SECRETS.email);
  });

  it("are bounded", async () => {
    const errors = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`field${index}`, "x".repeat(5000)]));
    const error = await refusedWith({ status: 400, json: { errorMessages: [], errors } });
    const kept = error?.details?.["errors"];
    expect(typeof kept === "object" && kept !== null && Object.keys(kept)).toHaveLength(20);
    expect(error?.message.length).toBeLessThan(2500);
    expect(JSON.stringify(error).length).toBeLessThan(25_000);
  });

  it("have a meaning and an advice for every status in the table", () => {
    for (const [status, { meaning, advice }] of Object.entries(REFUSALS)) {
      const refusal = check({ status: Number(status), statusText: "", headers: {}, data: null });
      expect(refusal).toMatchObject({ meaning, advice });
    }
    expect(check({ status: 418, statusText: "", headers: {}, data: null })?.meaning).toBe("Jira refused the request.");
  });
});

describe("Jira's rate limit", () => {
  it("is rate-limited with its reason and the time it asks for", async () => {
    // developer.atlassian.com/cloud/jira/platform/rate-limiting
    const headers = { "Retry-After": "120", "RateLimit-Reason": "jira-burst-based" };
    const error = await refusedWith({
      status: 429,
      json: { errorMessages: ["Rate limit exceeded."], errors: {} },
      headers,
    });
    expect(error).toMatchObject({ code: "rate-limited", status: 429, retryable: true, retryAfterMs: 120_000 });
    expect(error?.message).toContain("Rate limit exceeded. Its reason: jira-burst-based.");
  });
});
