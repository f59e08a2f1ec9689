import { describe, expect, test } from "vitest";
import { checkInputs } from "../src/index.ts";
import { planOf, run, told } from "./kit.ts";

const steps = "steps:\n  - { name: a, type: any, with: { v: '${{ inputs }}' } }\n";
const fields = `[
  { name: owner, type: string, required: true, description: "who cares" },
  { name: count, type: number, default: 3 },
  { name: urgent, type: boolean },
  { name: level, type: choice, options: [low, high], default: low },
  { name: tags, type: array, minItems: 1, maxItems: 2 },
]`;
const schema = `
  type: object
  required: [owner]
  properties:
    owner: { type: string, description: who cares }
    count: { type: number, default: 3 }
    urgent: { type: boolean }
    level: { type: string, enum: [low, high], default: low }
    tags: { type: array, minItems: 1, maxItems: 2, items: { type: [string, number, boolean] } }
`;
const places: [string, string][] = [
  ["fields at the top", `inputs: ${fields}\n${steps}`],
  ["a schema at the top", `inputs:${schema}${steps}`],
  [
    "fields in the trigger",
    `triggers:\n  - type: manual\n    inputs: ${fields.replaceAll("\n", "\n      ")}\n${steps}`,
  ],
  ["a schema in the trigger", `triggers:\n  - type: manual\n    inputs:${schema.replaceAll("\n", "\n    ")}\n${steps}`],
];

describe.each(places)("%s", (_where, text) => {
  test.each<[Record<string, unknown>, Record<string, unknown>, string[]]>([
    [{ owner: "ann" }, { owner: "ann", count: 3, level: "low" }, []],
    [
      { owner: "ann", count: "12", urgent: "true", tags: '["x"]' },
      { owner: "ann", count: 12, urgent: true, level: "low", tags: ["x"] },
      [],
    ],
    [{ owner: "12" }, { owner: "12", count: 3, level: "low" }, []],
    [{}, { count: 3, level: "low" }, ['Input "owner" is required.']],
    [{ owner: 5 }, { owner: 5, count: 3, level: "low" }, ['Input "owner" must be a text, not a number.']],
    [
      { owner: "a", count: "many" },
      { owner: "a", count: "many", level: "low" },
      ['Input "count" must be a number, not a text.'],
    ],
    [
      { owner: "a", level: "mid" },
      { owner: "a", count: 3, level: "mid" },
      ['Input "level" must be one of "low", "high".'],
    ],
    [
      { owner: "a", tags: [] },
      { owner: "a", count: 3, level: "low", tags: [] },
      ['Input "tags" must have at least 1 items.'],
    ],
    [
      { owner: "a", tags: [{}] },
      { owner: "a", count: 3, level: "low", tags: [{}] },
      ['Input "tags[0]" must be a text or a number or true or false, not a map.'],
    ],
    [
      { owner: "a", ownr: "b" },
      { owner: "a", ownr: "b", count: 3, level: "low" },
      ['The workflow has no input "ownr".'],
    ],
  ])("%j", async (given, inputs, messages) => {
    const checked = checkInputs(await planOf(text), given);
    expect(checked.inputs).toEqual(inputs);
    expect(checked.problems.map(({ message }) => message)).toEqual(messages);
  });
});

describe("inputs", () => {
  test("problems say where and what to do; what nobody declares is a warning", async () => {
    const { problems } = checkInputs(await planOf(`inputs: ${fields}\n${steps}`), { ownr: "b" });
    expect(problems).toEqual([
      {
        code: "params-invalid",
        rule: "unknownInputKey",
        severity: "warning",
        path: "inputs.ownr",
        message: 'The workflow has no input "ownr".',
        hint: 'Did you mean "owner"?',
      },
      {
        code: "params-invalid",
        rule: "missingRequiredInput",
        severity: "error",
        path: "inputs.owner",
        message: 'Input "owner" is required.',
        hint: "Give it: who cares",
      },
    ]);
  });

  test("a default can be a template over consts and other inputs", async () => {
    const text = `consts: { team: ops }
inputs:
  - { name: owner, type: string }
  - { name: channel, type: string, default: "{{ consts.team }}-{{ inputs.owner }}" }
  - { name: n, type: number, default: "\${{ consts.team | size }}" }
${steps}`;
    expect(checkInputs(await planOf(text), { owner: "ann" }).inputs).toEqual({
      owner: "ann",
      channel: "ops-ann",
      n: 3,
    });
  });

  test("a run has them with defaults, from the request or the trigger, and is refused if they are wrong", async () => {
    const text = `inputs: ${fields}\n${steps}`;
    const own = await run(text, undefined, { inputs: { owner: "ann" }, event: { inputs: { owner: "bob" } } });
    expect(own.host.calls[0]?.input).toEqual({ v: { owner: "ann", count: 3, level: "low" } });
    const trigger = await run(text, undefined, { event: { inputs: { owner: "bob" } } });
    expect(trigger.host.calls[0]?.input).toEqual({ v: { owner: "bob", count: 3, level: "low" } });
    const wrong = await run(text);
    expect(wrong.result).toMatchObject({
      status: "failed",
      error: { code: "params-invalid", message: 'Input "owner" is required.' },
    });
    expect(wrong.host.calls).toEqual([]);
  });

  test("__proto__ is a name like any other", async () => {
    const given = JSON.parse('{"__proto__": {"owner": "x"}}') as Record<string, unknown>;
    const { inputs, problems } = checkInputs(await planOf(`inputs: ${fields}\n${steps}`), given);
    expect(Object.hasOwn(inputs, "__proto__")).toBe(true);
    expect(problems.map(({ rule }) => rule)).toEqual(["unknownInputKey", "missingRequiredInput"]);
  });

  test.each<[string, string[]]>([
    [
      "inputs: [{ name: a, type: strng }]\n",
      ['1:27 "type" must be one of string, number, boolean, choice, array, object.'],
    ],
    ["inputs: [{ name: a }]\n", ['1:10 "type" must be one of string, number, boolean, choice, array, object.']],
    ["inputs: [{ name: a, type: choice }]\n", ['1:10 An input of type choice has no "options".']],
    [
      "inputs: [{ name: a, type: number, default: x }]\n",
      ['1:44 The default of input "a" must be a number, not a text.'],
    ],
    ["inputs: [{ name: a, type: string, requird: true }]\n", ['1:35 "requird" is not a key of an input.']],
    ["inputs: [{ name: a, type: string }, { name: a, type: string }]\n", ['1:45 Two inputs are called "a".']],
    ["inputs: text\n", ['1:9 "inputs" must be a list of fields or a JSON Schema, not a text.']],
    ["inputs: { owner: { type: string } }\n", ['1:11 "owner" is not a key of "inputs" as a JSON Schema.']],
    [
      "inputs: { properties: { a: { type: string } }, required: [b] }\n",
      ['1:59 There is no input "b" to be required.'],
    ],
    [
      "inputs: { properties: { a: { type: number, default: x } } }\n",
      ['1:53 The default of input "a" must be a number, not a text.'],
    ],
    [
      "inputs: [{ name: a, type: string, default: '{{ x | nope }}' }]\n",
      ['1:52 This template cannot be used: There is no filter "nope".'],
    ],
    [
      "inputs: []\ntriggers: [{ type: manual, inputs: [] }]\n",
      ["1:1 (warning) These inputs are not used; those of the manual trigger are."],
    ],
  ])("%s", async (text, expected) => expect(await told(`${text}steps: [{ name: s, type: any }]\n`)).toEqual(expected));
});

test("what is not checked of a JSON Schema is told", async () => {
  expect(
    await told(
      `inputs:\n  type: object\n  properties:\n    a: { type: integer, multipleOf: 2, format: x }\n    b: { typ: string, items: { anyOf: [] } }\nsteps:\n  - { name: a, type: console, with: { message: x } }\n`,
    ),
  ).toEqual([
    '4:25 (warning) "multipleOf" of a JSON Schema is not checked here.',
    '5:10 (warning) "typ" of a JSON Schema is not checked here.',
    '5:32 (warning) "anyOf" of a JSON Schema is not checked here.',
  ]);
});
