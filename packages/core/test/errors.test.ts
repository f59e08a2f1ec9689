import { describe, expect, it, vi } from "vitest";

import { ERROR_CODES, StepwireError, type ErrorCode } from "../src/index.ts";

/** Another copy of this package, as a second version of it beside the first would be. */
async function otherCopy(): Promise<typeof import("../src/index.ts")> {
  vi.resetModules();
  return import("../src/index.ts");
}

describe("the table of codes", () => {
  it.each(Object.entries(ERROR_CODES))("%s is spelt and described like the others", (code, info) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(info.type).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(info.summary).toMatch(/^[A-Z].+\.$/);
    expect(typeof info.retryable).toBe("boolean");
  });

  it("holds every code that was ever published", () => {
    // Added to, never renamed or taken away: a line of this list may not be changed.
    const published: ErrorCode[] = [
      ...(["usage-invalid", "config-invalid", "secrets-invalid", "settings-invalid", "params-invalid"] as const),
      ...(["output-invalid", "workflow-invalid", "yaml-invalid", "template-error", "unknown-step-type"] as const),
      ...(["connector-not-found", "connector-ambiguous", "connector-type-mismatch", "plugin-conflict"] as const),
      ...(["plugin-invalid", "contract-unsupported", "run-not-found", "host-not-allowed"] as const),
      ...(["private-address-blocked", "url-invalid", "redirect", "connection", "timeout", "cancelled"] as const),
      ...(["interrupted", "tls-untrusted", "tls-hostname", "tls-expired", "tls-client-certificate"] as const),
      ...(["proxy-auth", "proxy-connection", "http-status", "rate-limited", "response-invalid-json"] as const),
      ...(["unsupported-content-type", "response-missing-field", "response-too-large", "json-invalid"] as const),
      ...(["partial-success", "step-output-too-large", "internal"] as const),
    ];
    expect(Object.keys(ERROR_CODES)).toEqual(expect.arrayContaining(published));
    expect(new Set(published).size).toBe(published.length);
  });

  it("says that later can help only where it can", () => {
    const retryable = Object.entries(ERROR_CODES).flatMap(([code, info]) => (info.retryable ? [code] : []));
    expect(retryable.toSorted()).toEqual(["connection", "proxy-connection", "rate-limited", "timeout"]);
  });
});

describe("StepwireError", () => {
  it("takes type and retryable from the table unless it is told otherwise", () => {
    expect(new StepwireError("timeout", "m")).toMatchObject({
      type: "TimeoutError",
      retryable: true,
      name: "StepwireError",
    });
    expect(new StepwireError("timeout", "m", { type: "Other", retryable: false })).toMatchObject({
      type: "Other",
      retryable: false,
    });
  });

  it("is an Error with a stack", () => {
    const error = new StepwireError("internal", "the words");
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toBe("the words");
    expect(error.stack).toContain("errors.test");
    expect(String(error)).toBe("StepwireError: the words");
  });

  it("is plain data as JSON, with what is given and nothing else", () => {
    const bare = { code: "internal", type: "InternalError", message: "m", retryable: false };
    expect(JSON.parse(JSON.stringify(new StepwireError("internal", "m")))).toEqual(bare);
    const full = { retryAfterMs: 0, status: 500, details: { a: [1] } };
    expect(JSON.parse(JSON.stringify(new StepwireError("internal", "m", full)))).toEqual({ ...bare, ...full });
  });

  it("is known across copies of the package, and nothing else is", async () => {
    const other = await otherCopy();
    expect(other.StepwireError).not.toBe(StepwireError);
    expect(StepwireError.is(new other.StepwireError("internal", "m"))).toBe(true);
    expect(other.StepwireError.is(new StepwireError("internal", "m"))).toBe(true);
    for (const value of [new Error("m"), { code: "internal" }, null, undefined, "text", Object.create(null)]) {
      expect(StepwireError.is(value)).toBe(false);
    }
  });
});

describe("StepwireError.from", () => {
  it("leaves its own kind alone", () => {
    const error = new StepwireError("redirect", "m");
    expect(StepwireError.from(error)).toBe(error);
  });

  it("makes internal of errors, and cancelled of an abort", () => {
    expect(StepwireError.from(new RangeError("too far"))).toMatchObject({
      code: "internal",
      message: "too far",
      details: { reason: "thrown", name: "RangeError" },
    });
    expect(StepwireError.from(new TypeError(""))).toMatchObject({ message: "TypeError" });
    expect(StepwireError.from(AbortSignal.abort().reason)).toMatchObject({ code: "cancelled" });
  });

  it.each([
    ["text", "text"],
    [undefined, "undefined"],
    [null, "null"],
    [5, "5"],
    [Symbol("s"), "Symbol(s)"],
    [{ toString: () => "words" }, "words"],
    [Object.create(null), "an object"],
    [
      {
        toString() {
          throw new Error("no words");
        },
      },
      "an object",
    ],
  ])("makes internal of anything else (%#)", (value, words) => {
    const error = StepwireError.from(value);
    expect(error.code).toBe("internal");
    expect(error.message).toContain(words);
  });
});
