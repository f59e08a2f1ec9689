/** The README's workflow as a reader would write it, with values that mean something to Slack. */
import { readFileSync } from "node:fs";

import type { StepTypeInfo } from "@stepwire/workflow";
import { dryRun, planWorkflow, readWorkflow } from "@stepwire/workflow";
import { expect, it } from "vitest";

import { recorded } from "./recorded.ts";
import { play, runApi } from "./support.ts";

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const WORKFLOW = /```yaml notify\.yaml\n([\s\S]*?)```/.exec(README)?.[1] ?? "";

const anything = (type: string): StepTypeInfo => ({
  type,
  kind: "action",
  title: type,
  connector: "required",
  effect: "write",
  repeatable: false,
  validate: async (value) => ({ value }),
  inputSchema: {},
});
const catalog = { stepType: async (type: string) => anything(type), connector: async () => undefined };

/** The parameters of the workflow's first step for an event. */
async function inputFor(event: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { plan } = await planWorkflow(readWorkflow(WORKFLOW, "notify.yaml"), catalog);
  const [first] = plan === undefined ? [] : [...dryRun(plan, { runId: "r", startedAt: 0, event })];
  return first?.input ?? {};
}

/** What Slack makes of a text without links: it replaces the three entities, and no others. */
const shown = (text: string) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

it.each([
  "a<b && c>d",
  "<!channel> <@U1> <https://evil.example|click>",
  "&lt; is not <",
  `"quotes" and 'more'`,
  "plain",
])("a value %j is shown as it is, and calls nobody", async (title) => {
  const vendor = play("chat.postMessage", recorded("chat.postMessage"));
  await runApi("postMessage", await inputFor({ title, host: "web 1" }));
  const { text = "" } = (vendor.calls[0]?.body ?? {}) as { text?: string };
  const [, value = "", link] = /^\*(.*)\* on (.*)$/.exec(text) ?? [];
  expect(value).not.toMatch(/[<>]/);
  expect(shown(value)).toBe(title);
  // What the workflow itself writes keeps its meaning.
  expect(link).toBe("<https://inventory.example.com/web+1|its host>");
});

it("escape would show entities that Slack does not know", async () => {
  const filter = /\| replace: "&".*?"&gt;"/;
  expect(WORKFLOW).toMatch(filter);
  const { plan } = await planWorkflow(readWorkflow(WORKFLOW.replace(filter, "| escape"), "notify.yaml"), catalog);
  const [first] = [...dryRun(plan!, { runId: "r", startedAt: 0, event: { title: 'a "b"', host: "h" } })];
  expect(shown(String(first?.input?.["text"]))).toContain("&#34;b&#34;");
});
