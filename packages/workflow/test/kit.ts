import { nearest, type Finding, type JsonSchema } from "@stepwire/core";
import { expect } from "vitest";
import { z } from "zod";
import {
  planWorkflow,
  readWorkflow,
  runPlan,
  type Catalog,
  type Plan,
  type RunRequest,
  type RunResult,
  type StepCall,
  type StepTypeInfo,
} from "../src/index.ts";
import { FakeHost, START } from "./fake-host.ts";

function stepType(type: string, schema: z.ZodType, more: Partial<StepTypeInfo> = {}): StepTypeInfo {
  return {
    type,
    kind: "action",
    title: type,
    connector: "required",
    effect: "write",
    repeatable: false,
    validate: async (value) => await schema["~standard"].validate(value),
    inputSchema: z.toJSONSchema(schema) as JsonSchema,
    ...more,
  };
}

export const types: Record<string, StepTypeInfo> = {
  slack: stepType("slack", z.strictObject({ message: z.string().min(1), channel: z.string().optional() })),
  jira: stepType(
    "jira",
    z.strictObject({
      projectKey: z.string(),
      summary: z.string().max(20),
      labels: z.array(z.string()).optional(),
      fields: z.strictObject({ priority: z.enum(["low", "high"]), due: z.string().optional() }).optional(),
    }),
  ),
  http: stepType(
    "http",
    z.strictObject({ url: z.string().optional(), body: z.unknown().optional(), path: z.string().optional() }),
    {
      connector: "optional",
      check: (_known, given, hasConnector) =>
        given.has("url") || hasConnector
          ? []
          : [{ path: [], code: "params-invalid", message: "url is needed without a connector" }],
    },
  ),
  any: stepType("any", z.record(z.string(), z.unknown()), { connector: "none", kind: "step" }),
};

export const catalog: Catalog = {
  async stepType(type) {
    const found = Object.hasOwn(types, type) ? types[type] : undefined;
    if (found !== undefined) return found;
    const guess = nearest(type, Object.keys(types));
    const hint = guess === undefined ? {} : { hint: `Did you mean "${guess}"?` };
    return { code: "unknown-step-type", message: `No package provides "${type}".`, ...hint };
  },
  async connector(reference) {
    if (reference === "twice") return { code: "connector-ambiguous", message: "Two connectors are called twice." };
    return reference === "alerts"
      ? undefined
      : { code: "connector-not-found", message: `No connector "${reference}".` };
  },
};

/** The catalog with workflows, each under its name. */
export function withWorkflows(workflows: Record<string, string>): Catalog {
  const all: Catalog = {
    ...catalog,
    async workflow(name) {
      const text = Object.hasOwn(workflows, name) ? workflows[name] : undefined;
      if (text === undefined) return { code: "workflow-invalid", message: `There is no workflow "${name}".` };
      return planWorkflow(readWorkflow(text, `${name}.yaml`), all);
    },
  };
  return all;
}

export async function findingsOf(text: string, from = catalog): Promise<Finding[]> {
  return (await planWorkflow(readWorkflow(text, "flow.yaml"), from)).findings;
}

/** `line:column rule message`, short enough to compare. */
export async function told(text: string, from = catalog): Promise<string[]> {
  return (await findingsOf(text, from)).map(
    ({ line, column, severity, message }) =>
      `${line}:${column}${severity === "warning" ? " (warning)" : ""} ${message}`,
  );
}

export async function planOf(text: string, from = catalog): Promise<Plan> {
  const { plan, findings } = await planWorkflow(readWorkflow(text, "flow.yaml"), from);
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  if (plan === undefined) throw new Error("no plan");
  return plan;
}

export interface Ran {
  result: RunResult;
  host: FakeHost;
}

export async function run(
  text: string,
  handler?: (call: StepCall, host: FakeHost) => unknown,
  request: Partial<RunRequest> = {},
  host = new FakeHost(handler),
  from = catalog,
): Promise<Ran> {
  const plan = await planOf(text, from);
  const full = { runId: "run-1", startedAt: START, signal: new AbortController().signal, ...request };
  const result = await host.drive(runPlan(plan, full, host));
  return { result, host };
}

/** What one step of type `any` gets as its input. */
export async function inputOf(yaml: string, request: Partial<RunRequest> = {}, before = ""): Promise<unknown> {
  const { result, host } = await run(
    `${before}\nsteps:\n  - name: probe\n    type: any\n    with:\n      value: ${yaml}\n`,
    undefined,
    request,
  );
  expect(result).toEqual({ status: "completed" });
  return host.calls[0]?.input["value"];
}
