import { debianRig, orSkip } from "@stepwire/test-rig";
import { runOnce } from "@stepwire/testkit";
import { afterAll, describe, expect, it } from "vitest";

import { http } from "../src/index.ts";

const rig = await orSkip("http against httpbin", debianRig());
const url = (await rig?.plainTarget()) ?? "";
afterAll(async () => rig?.close());

/** What httpbin says it received. */
interface Seen {
  method: string;
  args: Record<string, unknown>;
  headers: Record<string, string>;
  data: string;
  json: unknown;
  form: object;
  files: object;
  url: string;
}
const direct = async (input: object) => runOnce(http, { input: { url, ...input } });
const seen = async (input: object): Promise<Seen> => {
  const { output, error } = await direct({ path: "/anything", ...input });
  expect(error).toBeUndefined();
  return (output as { data: Seen }).data;
};

describe.runIf(rig !== undefined)("httpbin", () => {
  it.each(["GET", "POST", "PUT", "PATCH", "DELETE"])("receives %s with its path, query and headers", async (method) => {
    const request = {
      method,
      path: "/anything/a%2Fb/c d?own=1",
      query: { x: "ä&=?/ +", n: 5 },
      headers: { "X-Step": "é" },
    };
    expect(await seen(request)).toMatchObject({
      method,
      args: { own: "1", x: "ä&=?/ +", n: "5" },
      url: expect.stringMatching(/\/anything\/a(%2F|\/)b\/c(%20| )d\?/),
    });
  });

  it("receives objects, lists and texts as they were given", async () => {
    const object = { a: ['"', "\\", "☃", "{{x}}", null, 1.5], "": {} };
    expect(await seen({ method: "POST", body: object })).toMatchObject({ json: object });
    expect(await seen({ method: "PUT", body: [1, [2]] })).toMatchObject({ json: [1, [2]] });
    expect(await seen({ method: "PATCH", body: '{"a": 1}' })).toMatchObject({ data: '{"a": 1}', json: { a: 1 } });
    expect(await seen({ method: "POST", body: "a\r\nü", headers: { "Content-Type": "text/plain" } })).toMatchObject({
      data: "a\r\nü",
    });
  });

  it("reads the form", async () => {
    const form_data = {
      field: { content: 'say "hi"\nü' },
      file: { content: "a;b\n1;2\n", filename: "ü.csv", content_type: "text/csv" },
    };
    expect(await seen({ method: "POST", form_data })).toMatchObject({
      form: { field: 'say "hi"\nü' },
      files: { file: "a;b\n1;2\n" },
    });
  });

  it("answers with compressed and binary bodies", async () => {
    for (const path of ["/gzip", "/deflate", "/brotli"]) {
      expect((await direct({ path })).output, path).toMatchObject({ status: 200, data: { method: "GET" } });
    }
    const { output } = await direct({ path: "/image/png" });
    const { data, headers } = output as { data: string; headers: Record<string, string> };
    expect(headers["content-type"]).toBe("image/png");
    expect(Buffer.from(data, "base64").subarray(1, 4).toString()).toBe("PNG");
    expect((await direct({ path: "/encoding/utf8" })).output).toMatchObject({
      data: expect.any(String),
    });
  });

  it("follows redirects as it is told", async () => {
    expect((await direct({ path: "/redirect/3" })).output).toMatchObject({ status: 200 });
    expect((await direct({ path: "/redirect/3", fetcher: { max_redirects: 2 } })).error?.code).toBe("redirect");
    expect((await direct({ path: "/redirect/3", fetcher: { follow_redirects: false } })).error).toMatchObject({
      code: "http-status",
      status: 302,
      details: { headers: { location: expect.stringContaining("/relative-redirect/2") } },
    });
    const post = { method: "POST", body: { a: 1 }, path: "/redirect-to?url=/anything&status_code=307" };
    expect((await direct(post)).error?.code).toBe("redirect");
    expect(await seen({ ...post, fetcher: { follow_redirects: true } })).toMatchObject({
      method: "POST",
      json: { a: 1 },
    });
  });

  it.each([400, 401, 403, 404, 409, 418, 422])("says %i", async (status) => {
    expect((await direct({ path: `/status/${status}` })).error).toMatchObject({
      code: "http-status",
      status,
      retryable: false,
    });
  });

  it("lets in who has the right credentials", async () => {
    const call = async (path: string, secrets: object, config: object = {}) =>
      runOnce(http, { config: { url, ...config }, secrets: { ...secrets }, input: { path } });
    const basic = { user: "jo", password: "pass-word-1" };
    expect((await call("/basic-auth/jo/pass-word-1", basic)).output).toMatchObject({ data: { authenticated: true } });
    expect((await call("/basic-auth/jo/other", basic)).error).toMatchObject({ status: 401 });
    const bearer = { secretHeaders: { Authorization: "Bearer token-of-1" } };
    const { output } = await call("/bearer", bearer, { hasAuth: false });
    expect(output).toMatchObject({ status: 200, data: { authenticated: true, token: "[masked]" } });
  });

  it("is given up when it is slow, and when it sends more than is wanted", async () => {
    const slow = await runOnce(http, {
      input: { url, path: "/delay/5" },
      network: { responseTimeout: "200ms" },
      timeout: "500ms",
    });
    expect(slow.error).toMatchObject({ code: "timeout", retryable: true });
    const { error } = await direct({ path: "/bytes/5000", fetcher: { max_content_length: 4999 } });
    expect(error).toMatchObject({ code: "step-output-too-large" });
  });
});
