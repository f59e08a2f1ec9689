import { expect, test } from "vitest";
import { BUILT_IN_STEP_TYPES, workflowSchema } from "../src/index.ts";
import { types } from "./kit.ts";

test("offers the installed step types, their params and the connectors", () => {
  const schema = workflowSchema(Object.values(types), ["alerts"]) as {
    $defs: Record<
      string,
      {
        properties: Record<string, unknown>;
        allOf: { if: unknown; then: { properties: Record<string, unknown> } }[];
        $id?: string;
      }
    >;
  };
  const step = schema.$defs["step"];
  const { oneOf } = (step?.properties ?? {})["type"] as { oneOf: { const: string }[] };
  expect(oneOf.map((type) => type.const)).toEqual([...Object.keys(types), ...Object.keys(BUILT_IN_STEP_TYPES)]);
  const slack = step?.allOf[0];
  expect(slack?.if).toEqual({ properties: { type: { const: "slack" } } });
  expect(slack?.then.properties["connector-id"]).toMatchObject({
    anyOf: [{ enum: ["alerts"] }, { type: "string", minLength: 1 }],
  });
  expect(slack?.then.properties["with"]).toEqual({ $ref: "#/$defs/with:slack" });
  expect(schema.$defs["with:slack"]?.$id).toBe("urn:stepwire:step:slack");
  expect(step?.allOf[3]?.then.properties["connector-id"]).toBeUndefined();
});

test("lets a template stand for any value", () => {
  const { $defs } = workflowSchema([
    {
      type: "acme/x",
      title: "X",
      connector: "none",
      inputSchema: {
        type: "object",
        properties: {
          n: { type: "number", description: "how many" },
          text: { type: "string" },
          list: { type: "array", items: { type: "boolean" } },
        },
        additionalProperties: false,
      },
    },
  ]) as { $defs: Record<string, unknown> };
  const template = { type: "string", pattern: String.raw`\{[{%]` };
  expect($defs["with:acme/x"]).toEqual({
    $id: "urn:stepwire:step:acme%2Fx",
    type: "object",
    additionalProperties: false,
    properties: {
      n: { description: "how many", anyOf: [{ type: "number" }, template] },
      text: { type: "string" },
      list: { anyOf: [{ type: "array", items: { anyOf: [{ type: "boolean" }, template] } }, template] },
    },
  });
  expect(JSON.stringify($defs["step"])).toContain("#/$defs/with:acme~1x");
});
