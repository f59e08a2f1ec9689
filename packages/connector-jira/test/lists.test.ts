import { describe, expect, it } from "vitest";

import { fixture } from "./recorded.ts";
import { playKind, run, runCloud, sent } from "./support.ts";

const project = (number: number) => ({ id: String(number), key: `P${number}`, name: `Project ${number}` });
const projects = (from: number, count: number) => Array.from({ length: count }, (_, index) => project(from + index));

describe("getProjects", () => {
  it("searches on Cloud, page by page", async () => {
    const vendor = playKind("cloud", {
      "GET /project/search": ({ url }) => {
        const { searchParams } = new URL(url);
        const startAt = Number(searchParams.get("startAt"));
        const values = projects(startAt, Math.min(Number(searchParams.get("maxResults")), 120 - startAt));
        return { json: { values, startAt, total: 120, isLast: startAt + values.length >= 120 } };
      },
    });
    const { output } = await runCloud("getProjects", { query: "pro", startAt: 10, maxResults: 200 });
    expect(output).toEqual({ values: projects(10, 110), startAt: 10, isLast: true });
    expect(sent(vendor)[0]).toBe("GET /project/search?query=pro&startAt=10&maxResults=50");
    expect(vendor.calls).toHaveLength(3);
  });

  it("stops at maxResults", async () => {
    playKind("cloud", { "GET /project/search": () => ({ json: { values: projects(0, 2), total: 7, isLast: false } }) });
    const { output } = await run("cloud", "getProjects", { maxResults: 2 });
    expect(output).toEqual({ values: projects(0, 2), startAt: 0, isLast: false });
  });

  it("does not run in circles", async () => {
    // The stand-in of Atlassian's document gives the same first page whatever is asked.
    const vendor = playKind("cloud", { "GET /project/search": () => ({ json: fixture("projects") }) });
    const { error } = await run("cloud", "getProjects", {});
    expect(error).toMatchObject({ code: "response-missing-field", details: { reason: "endless-pages" } });
    expect(vendor.calls).toHaveLength(2);
  });

  it("chooses here on Data Center, which gives out all projects at once", async () => {
    const all = [...projects(0, 5), { id: "9", key: "OPS", name: "Betrieb" }];
    const vendor = playKind("dataCenter", { "GET /project": () => ({ json: all }) });
    const some = await run("dataCenter", "getProjects", { query: "PROJECT", startAt: 1, maxResults: 2 });
    expect(some.output).toEqual({ values: projects(1, 2), startAt: 1, isLast: false });
    expect((await run("dataCenter", "getProjects", { query: "ops" })).output).toMatchObject({
      values: [{ key: "OPS" }],
      isLast: true,
    });
    expect(sent(vendor)).toEqual(["GET /project", "GET /project"]);
  });
});

/** Cloud puts the items under a name of their own, Data Center under `values`. */
const shapes = [
  ["cloud", "issueTypes", "fields"],
  ["dataCenter", "values", "values"],
] as const;
const type = (number: number) => ({ id: String(number), name: `Type ${number}`, subtask: false });
const field = (fieldId: string, more: object = {}) => ({
  fieldId,
  name: fieldId.toUpperCase(),
  required: false,
  ...more,
});
const TYPES = "GET /issue/createmeta/:project/issuetypes";
const FIELDS = "GET /issue/createmeta/:project/issuetypes/:type";

describe.each(shapes)("the metadata of %s", (kind, typesKey, fieldsKey) => {
  it("is read page by page", async () => {
    const vendor = playKind(kind, {
      [TYPES]: ({ url }) => {
        const startAt = Number(new URL(url).searchParams.get("startAt"));
        const found = [1, 2, 3].slice(startAt, startAt + 2).map(type);
        return { json: { [typesKey]: found, startAt, maxResults: 2, total: 3 } };
      },
    });
    const { output } = await run(kind, "getIssueTypes", {});
    expect(output).toEqual({ issueTypes: [type(1), type(2), type(3)] });
    expect(sent(vendor)).toEqual([
      "GET /issue/createmeta/ENG/issuetypes?startAt=0&maxResults=100",
      "GET /issue/createmeta/ENG/issuetypes?startAt=2&maxResults=100",
    ]);
  });

  it("gives Kibana's issueTypes as ids and names", async () => {
    playKind(kind, { [TYPES]: () => ({ json: { [typesKey]: [type(1)], total: 1 } }) });
    expect((await run(kind, "issueTypes", {})).output).toEqual([{ id: "1", name: "Type 1" }]);
  });

  it("gives Kibana's fieldsByIssueType as a map with defaults", async () => {
    const labels = field("labels", {
      required: true,
      schema: { type: "array" },
      allowedValues: ["a"],
      defaultValue: ["a"],
    });
    playKind(kind, { [FIELDS]: () => ({ json: { [fieldsKey]: [labels, field("summary")], total: 2 } }) });
    expect((await run(kind, "fieldsByIssueType", { id: "10001" })).output).toEqual({
      labels: { name: "LABELS", required: true, schema: { type: "array" }, allowedValues: ["a"], defaultValue: ["a"] },
      summary: { name: "SUMMARY", required: false, schema: {}, allowedValues: [], defaultValue: {} },
    });
  });

  it("gives Kibana's getFields: what all issue types have", async () => {
    const fields: Record<string, object[]> = {
      "1": [field("summary"), field("parent"), field("constructor")],
      "2": [field("summary"), field("labels")],
    };
    const vendor = playKind(kind, {
      [TYPES]: () => ({ json: { [typesKey]: [type(1), type(2)], total: 2 } }),
      [FIELDS]: ({ url }) => {
        const found = fields[new URL(url).pathname.split("/").at(-1) ?? ""] ?? [];
        return { json: { [fieldsKey]: found, total: found.length } };
      },
    });
    expect(Object.keys((await run(kind, "getFields", {})).output as object)).toEqual(["summary"]);
    expect(vendor.calls).toHaveLength(3);
  });
});

describe("the metadata", () => {
  it("is of any project that a step names", async () => {
    const vendor = playKind("cloud");
    expect((await runCloud("getIssueTypes", { projectKey: "OPS" })).output).toMatchObject({
      issueTypes: [{ id: "1", name: "Bug" }],
    });
    expect((await runCloud("getCreateMetadata", { projectKey: "OPS", issueTypeId: "1" })).output).toMatchObject({
      fields: [{ fieldId: "assignee", required: true }],
    });
    expect(sent(vendor).map((line) => line.replace(/\?.*/, ""))).toEqual([
      "GET /issue/createmeta/OPS/issuetypes",
      "GET /issue/createmeta/OPS/issuetypes/1",
    ]);
  });

  it("is an error where the answer is another one", async () => {
    for (const json of [{ projects: [] }, [], { issueTypes: [{ id: 1 }] }]) {
      playKind("cloud", { [TYPES]: () => ({ json }) });
      expect((await run("cloud", "getIssueTypes", {})).error?.code).toBe("response-missing-field");
    }
  });

  it("does not run in circles", async () => {
    playKind("cloud", { [TYPES]: () => ({ json: { issueTypes: [type(1)], total: 5 } }) });
    expect((await run("cloud", "issueTypes", {})).error).toMatchObject({ details: { reason: "endless-pages" } });
  });
});
