import { StepwireError } from "@stepwire/core";
import { describe, expect, it } from "vitest";
import { combineMaskers, createMasker, unmaskedSecrets } from "../src/mask.ts";

const b64 = (text: string): string => Buffer.from(text).toString("base64");
const b64url = (text: string): string => Buffer.from(text).toString("base64url");

describe("what is masked", () => {
  const SECRET = `p@ss w/rd+"é\\~!>>>???ÿÿ`;
  const { text } = createMasker({ password: SECRET });
  it.each<[string, string]>([
    ["as it is", SECRET],
    ["base64", b64(SECRET)],
    ["base64 without padding", b64(SECRET).replace(/=+$/, "")],
    ["base64 for URLs", b64(SECRET).replaceAll("+", "-").replaceAll("/", "_")],
    ["base64 for URLs without padding", b64url(SECRET)],
    ["percent-encoded", encodeURIComponent(SECRET)],
    ["percent-encoded, lower case", encodeURIComponent(SECRET).replace(/%../g, (escape) => escape.toLowerCase())],
    ["percent-encoded, strictly", encodeURIComponent(SECRET).replaceAll("!", "%21")],
    ["form-encoded", new URLSearchParams({ x: SECRET }).toString().slice(2)],
    ["in JSON", JSON.stringify(SECRET).slice(1, -1)],
    ["in JSON with escaped slashes", JSON.stringify(SECRET).slice(1, -1).replaceAll("/", "\\/")],
    ["in JSON in ASCII", JSON.stringify(SECRET).slice(1, -1).replaceAll("é", "\\u00e9").replaceAll("ÿ", "\\u00ff")],
  ])("%s", (_how, form) => {
    expect(text(`before ${form}|after ${form}`)).toBe("before [masked]|after [masked]");
  });

  it("Basic credentials given as an extra value, as a pair or encoded", () => {
    for (const extra of ["admin:hunter2-hunter2", b64("admin:hunter2-hunter2")]) {
      const masker = createMasker({ user: "admin", password: "hunter2-hunter2" }, { extra: [extra] });
      const pair = b64("admin:hunter2-hunter2");
      expect(masker.text(`Authorization: Basic ${pair}`)).toBe("Authorization: Basic [masked]");
      expect(masker.text(`x ${b64url("admin:hunter2-hunter2")} y`)).toBe("x [masked] y");
      expect(masker.text(`admin:hunter2-hunter2`)).not.toContain("hunter2");
    }
  });

  it("every text below secrets, but not identifiers", () => {
    const masker = createMasker({
      user: "some-user-name",
      email: "someone@example.com",
      clientId: "client-id-1234",
      proxyUsername: "proxy-user-1",
      secretHeaders: { "X-Api-Key": "header-secret-1", user: "header-secret-2" },
      list: [{ deep: "list-secret-1" }],
      number: 1_234_567_890,
      nothing: null,
    });
    const all = "some-user-name someone@example.com client-id-1234 proxy-user-1 1234567890 X-Api-Key";
    expect(masker.text(all)).toBe(all);
    expect(masker.text("header-secret-1 header-secret-2 list-secret-1")).toBe("[masked] [masked] [masked]");
  });

  it("the token of a header without its scheme", () => {
    const { text: mask } = createMasker({ secretHeaders: { Authorization: "Bearer tok-123456789" } });
    expect(mask("token tok-123456789 is invalid")).toBe("token [masked] is invalid");
  });

  it("the parts of a URL that is a secret", () => {
    const url = "https://hooks.slack.com/services/T000/B000/XXXXsecret?token=query-token-1";
    const { text: mask } = createMasker({ webhookUrl: url });
    expect(mask(`POST ${url} failed`)).toBe("POST [masked] failed");
    expect(mask("no_service: /services/T000/B000/XXXXsecret")).toBe("no_service: [masked]");
    expect(mask("https://hooks.slack.com/services/T000/B000/XXXXsecret")).toBe("https://hooks.slack.com[masked]");
    expect(mask("token query-token-1")).toBe("token [masked]");
    expect(mask(encodeURIComponent(url))).toBe("[masked]");
    expect(mask("https://hooks.slack.com/ is up")).toBe("https://hooks.slack.com/ is up");
    const login = createMasker({ url: "https://bot:pass%2Fword-9@host.example/" });
    expect(login.text("pass%2Fword-9 pass/word-9 host.example")).toBe("[masked] [masked] host.example");
  });

  it("each long line of a key", () => {
    const lines = ["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj", "short"];
    const pem = ["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----", ""].join("\n");
    const { text: mask } = createMasker({ key: pem });
    expect(mask(pem)).toBe("[masked]");
    expect(mask(`at ${lines[1]} in a short line`)).toBe("at [masked] in a short line");
    expect(mask("-----BEGIN PRIVATE KEY----- expected")).toBe("-----BEGIN PRIVATE KEY----- expected");
    expect(mask(JSON.stringify({ pem }))).toBe('{"pem":"[masked]"}');
  });

  it("a value with spaces around it also without them", () => {
    expect(createMasker({ token: "  tok-12345678\n" }).text("<tok-12345678>")).toBe("<[masked]>");
  });

  it("the longest of nested secrets first", () => {
    const { text: mask } = createMasker({ a: "secret-12", b: "secret-1234", c: "xsecret-1234" });
    expect(mask("secret-1234 secret-12 xsecret-1234")).toBe("[masked] [masked] [masked]");
  });

  it("texts with characters that mean something in patterns and replacements", () => {
    const secret = "a.*+?^${}()|[]\\/-$&$1";
    expect(createMasker({ secret }).text(`<${secret}> axxxx`)).toBe("<[masked]> axxxx");
    expect(createMasker({ secret: "lone \ud800 half" }).text("lone \ud800 half!")).toBe("[masked]!");
  });
});

describe("short values", () => {
  it("are not masked but listed", () => {
    const secrets = { user: "me", password: "1234567", token: "12345678", secretHeaders: { a: "x", b: "" } };
    expect(createMasker(secrets).text("1234567 x")).toBe("1234567 x");
    expect(createMasker(secrets).text("12345678")).toBe("[masked]");
    expect(unmaskedSecrets(secrets)).toEqual([["password"], ["secretHeaders", "a"]]);
  });
});

describe("value", () => {
  const masker = createMasker({ token: "tok-12345678" });
  it("masks texts and keys at any depth", () => {
    const data = { a: [{ "key tok-12345678": 1 }, "x tok-12345678", null, 2, true], b: { c: "fine" } };
    expect(masker.value(data)).toEqual({ a: [{ "key [masked]": 1 }, "x [masked]", null, 2, true], b: { c: "fine" } });
    expect(masker.value(data).b).toBe(data.b);
    expect(data.a[1]).toBe("x tok-12345678");
  });

  it("gives the same value back when there is nothing to mask", () => {
    const data = { a: [1, { b: "fine" }], bytes: new Uint8Array([1]), date: new Date(0) };
    expect(masker.value(data)).toBe(data);
    expect(createMasker({}).value(data)).toBe(data);
    expect(masker.value(undefined)).toBeUndefined();
  });

  it("keeps prototype keys as data", () => {
    const data = JSON.parse('{"__proto__": {"t": "tok-12345678"}, "constructor": "tok-12345678"}') as object;
    const masked = masker.value(data);
    expect(JSON.stringify(masked)).toBe('{"__proto__":{"t":"[masked]"},"constructor":"[masked]"}');
    expect(Object.getPrototypeOf(masked)).toBe(Object.prototype);
  });

  it("does not fall over data nested without end", () => {
    const data = JSON.parse(`${"[".repeat(100_000)}"tok-12345678"${"]".repeat(100_000)}`) as unknown;
    let place = masker.value(data);
    while (Array.isArray(place)) [place] = place as unknown[];
    expect(place).toBe("[masked]");
  });
});

describe("error", () => {
  it("is copied with everything masked and nothing lost", () => {
    const error = new StepwireError("http-status", "401: bad token tok-12345678", {
      status: 401,
      retryable: true,
      retryAfterMs: 5,
      type: "Custom",
      details: { body: "tok-12345678", reason: "x" },
    });
    const masked = createMasker({ token: "tok-12345678" }).error(error);
    expect(StepwireError.is(masked)).toBe(true);
    expect(masked.toJSON()).toEqual({
      code: "http-status",
      type: "Custom",
      message: "401: bad token [masked]",
      retryable: true,
      retryAfterMs: 5,
      status: 401,
      details: { body: "[masked]", reason: "x" },
    });
    expect(masked.stack).not.toContain("tok-12345678");
    expect(masked.stack).toContain("mask.test.ts");
    expect(createMasker({}).error(error)).toBe(error);
  });
});

describe("add and combine", () => {
  it("masks what was added from then on, and forgets the oldest of many", () => {
    const masker = createMasker({});
    masker.add("access-token-0");
    expect(masker.text("access-token-0")).toBe("[masked]");
    masker.add("short");
    expect(masker.text("short")).toBe("short");
    for (let index = 1; index <= 100; index += 1) masker.add(`access-token-${index}`);
    expect(masker.text("access-token-100|")).toBe("[masked]|");
    expect(masker.text("access-token-0|")).toBe("access-token-0|");
  });

  it("combines maskers without cutting a long secret of one by a short one of another", () => {
    const first = createMasker({ a: "abcdefgh" });
    const second = createMasker({ b: "abcdefgh-and-more" });
    const both = combineMaskers(first, second);
    expect(both.text("abcdefgh abcdefgh-and-more")).toBe("[masked] [masked]");
    second.add("later-token");
    both.add("own-token-1");
    expect(both.text("later-token own-token-1")).toBe("[masked] [masked]");
    expect(first.text("own-token-1 abcdefgh-and-more")).toBe("own-token-1 [masked]-and-more");
  });
});
