import { StepwireError } from "@stepwire/core";
import { describe, expect, it } from "vitest";
import { createAllowList, parseAllowListEntry, parseTarget } from "../src/allow-list.ts";

const allows = (entries: string[], url: string): boolean => createAllowList(entries).check(new URL(url));
const failure = (run: () => unknown): StepwireError => {
  try {
    run();
  } catch (error) {
    if (StepwireError.is(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
};

/** Spellings that the URL parser turns into 127.0.0.1. */
const LOOPBACK = [
  ["0x7f.1", "2130706433", "0177.0.0.1", "127.1", "127.0.0.1.", "0x7f000001", "127.0.0.1%2e", "127。0。0。1"],
  ["①②⑦.⓪.⓪.①", "127.0.0.1\\@good.com"],
]
  .flat()
  .map((host) => `http://${host}/`);
LOOPBACK.push("http:127.0.0.1/", "http:/\\127.0.0.1/", "http://good.com@127.0.0.1/", "http://127.0\t.0.1/");

describe("check", () => {
  it.each<[string[], string, boolean]>([
    [["*"], "https://anything.example", true],
    [["*"], "http://[::1]:9", true],
    [[], "https://example.com", false],
    [["example.com"], "https://example.com/path?q", true],
    [["example.com"], "https://EXAMPLE.com:8443", true],
    [["EXAMPLE.Com"], "https://example.com", true],
    [["example.com"], "https://example.com.", true],
    [["example.com."], "https://example.com", true],
    [["example.com"], "https://example.com..", false],
    [["example.com"], "https://sub.example.com", false],
    [["example.com"], "https://badexample.com", false],
    [["example.com"], "https://example.com.evil.net", false],
    [["*.example.com"], "https://a.example.com", true],
    [["*.example.com"], "https://a.b.Example.com.", true],
    [["*.example.com"], "https://example.com", false],
    [["*.example.com"], "https://.example.com", false],
    [["*.example.com"], "https://badexample.com", false],
    [["*.example.com:8443"], "https://a.example.com:8443", true],
    [["*.example.com:8443"], "https://a.example.com", false],
    [["example.com:8443"], "https://example.com:8443", true],
    [["example.com:8443"], "https://example.com", false],
    [["example.com:443"], "https://example.com", true],
    [["example.com:80"], "https://example.com", false],
    [["example.com:80"], "http://example.com", true],
    [["127.0.0.1"], "http://127.0.0.1:9200", true],
    [["0x7f.1"], "http://127.0.0.1", true],
    [["::1"], "http://[::1]/", true],
    [["[::1]:8443"], "https://[0:0:0:0:0:0:0:1]:8443/", true],
    [["[::1]:8443"], "https://[::1]/", false],
    [["bücher.example"], "https://xn--bcher-kva.example", true],
    [["xn--bcher-kva.example"], "https://BÜCHER.example", true],
    [[" example.com "], "https://example.com", true],
  ])("%j and %s: %s", (entries, url, expected) => {
    expect(allows(entries, url)).toBe(expected);
  });

  it.each(LOOPBACK)("knows %j as 127.0.0.1", (url) => {
    expect(allows(["good.com"], url)).toBe(false);
    expect(allows(["127.0.0.1"], url)).toBe(true);
  });
});

describe("parseAllowListEntry", () => {
  it.each(
    [
      [
        "",
        "https://example.com",
        "example.com/path",
        "user@example.com",
        "a b",
        "**",
        "*example.com",
        "a.*.com",
        "*.*",
      ],
      [
        "*.127.0.0.1",
        "*.[::1]",
        "*:80",
        "example.com:0",
        "example.com:99999",
        "example.com:",
        ":80",
        "[::1",
        "a:b",
        "256.1.1.1",
      ],
      ["*.", "example.com?", "example.com#x", "exa\nmple.com", "a\\b", "{{x}}.com"],
    ].flat(),
  )("refuses %j", (entry) => {
    expect(parseAllowListEntry(entry)).toBeTypeOf("string");
    expect(failure(() => createAllowList([entry]))).toMatchObject({ code: "settings-invalid" });
  });
});

describe("lists", () => {
  it.each<[string[], string, number | undefined, boolean]>([
    [["*"], "localhost", 80, false],
    [["*.internal"], "db.internal", 80, false],
    [["*", "Localhost"], "localhost.", undefined, true],
    [["::1"], "0:0:0:0:0:0:0:1", undefined, true],
    [["localhost:9200"], "localhost", 9200, true],
    [["localhost:9200"], "localhost", 80, false],
    [["localhost:9200"], "localhost", undefined, true],
    [["*", "localhost:9200"], "localhost", undefined, false],
    [["*.internal", "db.internal:1"], "db.internal", undefined, false],
  ])("%j lists %s port %s: %s", (entries, host, port, expected) => {
    expect(createAllowList(entries).lists(host, port)).toBe(expected);
  });
});

describe("assertAllowed", () => {
  it("names host and setting, and nothing else of the URL", () => {
    const url = new URL("https://Hooks.example.com:8443/services/T000/secret?token=abc#frag");
    const error = failure(() => createAllowList(["example.com"]).assertAllowed(url, "the webhook"));
    expect(error.code).toBe("host-not-allowed");
    expect(error.message).toContain("hooks.example.com:8443 (the webhook)");
    expect(error.message).toContain("network.allowedHosts");
    expect(JSON.stringify(error)).not.toMatch(/services|secret|token|frag/);
    expect(() => createAllowList(["*.example.com"]).assertAllowed(url, "the webhook")).not.toThrow();
  });
});

describe("parseTarget", () => {
  it("takes absolute http and https URLs", () => {
    expect(parseTarget("https://Example.com/a b?c=d", "the url").href).toBe("https://example.com/a%20b?c=d");
  });

  it.each([
    ["ftp://s3cret-host/x?s3cret", "scheme"],
    ["javascript:s3cret()", "scheme"],
    ["admin:s3cret@host", "scheme"],
    ["file:///etc/s3cret", "scheme"],
    ["/s3cret/path?token=s3cret", "syntax"],
    ["s3cret.example.com", "syntax"],
    ["", "syntax"],
    ["https://", "no-host"],
    ["http:///path/s3cret", "no-host"],
    ["http:host", "no-host"],
    ["https://user:s3cret@host/", "credentials"],
    ["https://s3cret@host/", "credentials"],
    ["https://:s3cret@host/?s3cret", "credentials"],
    ["https://host/s3cret\n", "control-character"],
    ["https://ho\tst/s3cret", "control-character"],
    ["https://host/\u0000s3cret", "control-character"],
    ["https://256.1.1.1/s3cret", "syntax"],
    ["https://[::1%25lo]/s3cret", "syntax"],
    ["https://{{{s3cret}}}/x y", "host"],
    ["https://s3cret*.example/", "host"],
  ])("refuses %j without repeating it", (text, reason) => {
    const error = failure(() => parseTarget(text, "the create case URL"));
    expect(error).toMatchObject({ code: "url-invalid", details: { reason } });
    expect(error.message).toMatch(/^The create case URL /);
    expect(JSON.stringify(error)).not.toContain("s3cret");
  });
});
