import { describe, expect, it } from "vitest";

import { formatPath, issuePath, nearest, parseDuration, parseSize } from "../src/index.ts";

describe("nearest", () => {
  const names = ["slack", "jira", "http", "cases-webhook", "createIncidentUrl"];
  it.each([
    ["slak", "slack"],
    ["SLACK", "slack"],
    ["jria", "jira"],
    ["jra", "jira"],
    ["htpp", "http"],
    ["cases_webhook", "cases-webhook"],
    ["createIncidentURI", "createIncidentUrl"],
    ["teams", undefined],
    ["", undefined],
    ["x", undefined],
  ])("%j most likely means %j", (name, meant) => {
    expect(nearest(name, names)).toBe(meant);
  });

  it("prefers the closest, then the first", () => {
    expect(nearest("abcd", ["abxx", "abcx", "abcy"])).toBe("abcx");
    expect(nearest("a", [])).toBeUndefined();
  });

  it("is quick on names nobody would write", () => {
    const long = "x".repeat(20_000);
    expect(nearest(long, ["y".repeat(3), "z".repeat(40_000), "slack"])).toBeUndefined();
  });
});

describe("parseDuration", () => {
  it.each([
    ["30s", 30_000],
    ["1h30m", 5_400_000],
    ["5ms", 5],
    ["1m5ms", 60_005],
    ["1w2d3h4m5s6ms", 788_645_006],
    ["0s", 0],
    ["007s", 7000],
    ["52w", 31_449_600_000],
  ])("%s is %i ms", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each([
    "",
    "30",
    "s",
    "30 s",
    " 30s",
    "30s ",
    "-1s",
    "1.5s",
    "1m1h",
    "1s1s",
    "30S",
    "1y",
    "1e3s",
    "99999999999999999w",
    "١s",
  ])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe("parseSize", () => {
  it.each([
    ["1b", 1],
    ["1kb", 1024],
    ["1.5 KB", 1536],
    ["10mb", 10_485_760],
    [" 2Gb ", 2_147_483_648],
    ["0mb", 0],
    ["0.3b", 0],
  ])("%j is %i bytes", (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(["", "10", "mb", "-1mb", "1tb", "1,5mb", ".5mb", "1e3kb", "1 m b", "99999999999gb"])("%j is none", (text) => {
    expect(parseSize(text)).toBeUndefined();
  });
});

it("writes paths as people read them", () => {
  expect(formatPath(["steps", 0, "with", "a-b", "odd key", "", 3])).toBe('steps[0].with.a-b["odd key"][""][3]');
  expect(formatPath([])).toBe("");
  expect(formatPath([0, "$x"])).toBe("[0].$x");
});

it("reads the path of an issue in both forms of Standard Schema", () => {
  const path = ["a", { key: "b" }, 0, { key: 1 }, Symbol("s")];
  expect(issuePath({ message: "m", path })).toEqual(["a", "b", 0, 1, "Symbol(s)"]);
  expect(issuePath({ message: "m" })).toEqual([]);
});
