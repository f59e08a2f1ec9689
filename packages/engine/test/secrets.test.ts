import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

import { makeProject, openEngine, probe, submissionOf, World } from "./kit.ts";

const SECRET = 'pa"ss wörd/+&Zq7-0123456789';

/** How it may look in a text. */
const FORMS = [
  SECRET,
  JSON.stringify(SECRET).slice(1, -1),
  JSON.stringify(JSON.stringify(SECRET)).slice(3, -3),
  encodeURIComponent(SECRET),
  Buffer.from(SECRET).toString("base64"),
  Buffer.from(`user:${SECRET}`).toString("base64"),
  Buffer.from(SECRET).toString("hex"),
];

test("no file of the runs holds a secret in any form, whoever said it", async () => {
  const echo = (step: string): string =>
    `{ name: ${step}, type: probe.${step}, connector-id: probe, with: { step: ${step}, note: "{{ event.said }}" }, on-failure: { continue: true } }`;
  const at = await makeProject({
    "connectors.yaml": JSON.stringify({
      connectors: [{ name: "probe", type: "probe", config: {}, secrets: { token: SECRET } }],
    }),
    "w.yaml": `name: w
inputs: { properties: { said: { type: string } } }
steps:
  - ${probe("keyed", "first", { rest: ", on-failure: { continue: true }" })}
  - ${echo("read")}
  - ${echo("parts")}
  - ${echo("none")}
  - { name: set, type: data.set, with: { v: "{{ event.said }}{{ inputs.said }}{{ steps.first.error.message }}" } }
  - { name: loop, type: foreach, foreach: "\${{ event.list }}", steps: [${probe("keyed", "put", { step: "{{ foreach.item | slice: 0, 3 }}", note: "{{ foreach.item }}" })}] }
  - { name: start, type: workflow.executeAsync, with: { workflow-id: other, inputs: { said: "{{ steps.read.output.all }}" } } }
  - { name: end, type: workflow.output, with: { v: "{{ variables.v }}", all: "\${{ steps.parts.output }}", e: "{{ steps.none.error.message }}" } }
`,
    "other.yaml": `name: other\ninputs: { properties: { said: { type: string } } }\nsteps:\n  - { name: say, type: console, with: { message: "{{ inputs.said }}" } }\n`,
  });
  const data = path.join(at.folder, "data");
  const engine = openEngine(at.project, data);
  at.world.current = new World(({ step }) =>
    step === "first" || step === "none"
      ? { status: 400, body: { error: `bad ${FORMS.join(" ")}` } }
      : { body: { all: FORMS.join(" "), [SECRET]: SECRET } },
  );
  const said = FORMS.join(" ");
  const submission = await submissionOf(at.project, at.folder, {
    event: { said, list: FORMS },
    inputs: { said },
  });
  const { result } = await engine.submit(submission);
  expect(await result).toMatchObject({ status: "completed" });
  expect(at.world.current.effects.some(({ step }) => step === "parts/c")).toBe(true);
  // Both as they are while it runs and as they are left.
  for (const close of [false, true]) {
    if (close) await engine.close();
    for (const name of readdirSync(data, { recursive: true }).map(String)) {
      const file = path.join(data, name);
      if (statSync(file).isDirectory()) continue;
      const bytes = readFileSync(file);
      for (const form of FORMS)
        expect(bytes.includes(form) ? `${name}: ${form}: ${around(bytes, form)}` : "nothing").toBe("nothing");
    }
  }
});

function around(bytes: Buffer, text: string): string {
  const at = bytes.indexOf(text);
  return bytes.subarray(Math.max(0, at - 200), at + 60).toString("latin1");
}

test("a secret that stands in a workflow, against all advice, is shown nowhere", async () => {
  const at = await makeProject({
    "connectors.yaml": JSON.stringify({
      connectors: [{ name: "probe", type: "probe", config: {}, secrets: { token: SECRET } }],
    }),
    "w.yaml": `name: w
consts: { t: ${JSON.stringify(SECRET)} }
steps:
  - ${probe("keyed", "first", { note: "{{ consts.t }}" })}
  - { name: each, type: foreach, foreach: '["{{ consts.t | url_encode }}"]', steps: [${probe("keyed", "put", { note: "{{ foreach.item }}" })}] }
  - { name: which, type: switch, expression: "{{ consts.t }}", cases: [{ match: a, steps: [{ name: c, type: console, with: { message: c } }] }] }
  - { name: start, type: workflow.executeAsync, with: { workflow-id: other, inputs: { said: "{{ consts.t | base64_encode }}" } } }
  - { name: end, type: workflow.fail, with: { message: "{{ consts.t }}" } }
`,
    "other.yaml": `name: other
inputs: { properties: { said: { type: string } } }
steps:
  - { name: end, type: workflow.output, with: { v: "{{ inputs.said }}" } }
`,
  });
  const data = path.join(at.folder, "data");
  const engine = openEngine(at.project, data);
  const { result } = await engine.submit(await submissionOf(at.project, at.folder));
  expect(await result).toMatchObject({ status: "failed", error: { message: "[masked]" } });
  const shown = await Promise.all((await engine.list()).map(({ runId }) => engine.get(runId)));
  await engine.close();
  expect(shown.map(({ outputs }) => outputs)).toEqual([{ v: "[masked]" }, { message: "[masked]" }]);
  // As it is, and in JSON.
  const text = `${JSON.stringify(shown)} ${JSON.stringify(await result)}`;
  for (const form of FORMS) {
    expect(text).not.toContain(form);
    expect(text).not.toContain(JSON.stringify(form).slice(1, -1));
  }
});
