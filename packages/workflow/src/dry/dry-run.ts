import { StepwireError, type ErrorJson } from "@stepwire/core";
import type { Condition } from "../condition.ts";
import type { RunRequest } from "../host.ts";
import { checkInputs } from "../inputs.ts";
import { DEFAULT_LOOP_CAP, type ItemSource, type Plan, type Policy, type StepNode } from "../plan.ts";
import { renderConnectorId, renderMap } from "../run/leaf.ts";
import { requestInputs } from "../run/run.ts";
import { baseScope } from "../run/state.ts";
import { createScope, type Scope } from "../template/scope.ts";
import { pathSegment, setOwn } from "../values.ts";
import { Placeholder, type Tracker } from "./placeholder.ts";

/** An external step as it would be called. */
export interface DryStep {
  path: string;
  name: string;
  type: string;
  connectorId?: string;
  /** The rendered `with`; what only a run knows shows as `<steps.create.output.key>`. */
  input?: Record<string, unknown>;
  /** Why it cannot be rendered. */
  error?: ErrorJson;
  /** Conditions that only a run can decide, and failures, on which it depends. */
  when: string[];
}

interface Around {
  path: string;
  locals: Scope;
  when: readonly string[];
}

/**
 * Goes through a plan without running anything and gives every external step that a run could reach, in order.
 * A condition that depends on the result of a step is taken both ways, and a loop over such a result runs once.
 */
export function* dryRun(plan: Plan, request: Omit<RunRequest, "signal">): Generator<DryStep> {
  const { inputs } = checkInputs(plan, requestInputs(request));
  yield* new DryRun(plan, request, inputs).steps(plan.steps, { path: "", locals: {}, when: [] });
}

class DryRun {
  readonly #tracker: Tracker = { touched: false };
  readonly #steps: Record<string, unknown> = {};
  readonly #variables: Record<string, unknown> = {};
  readonly #base: Scope;
  readonly #startedAt: number;

  constructor(plan: Plan, request: Omit<RunRequest, "signal">, inputs: Record<string, unknown>) {
    this.#startedAt = request.startedAt;
    this.#base = baseScope(plan, request, inputs, this.#steps, this.#variables);
  }

  *steps(steps: readonly StepNode[], around: Around): Generator<DryStep> {
    for (const node of steps) yield* this.#step(node, around);
  }

  *#step(node: StepNode, around: Around): Generator<DryStep> {
    const segment = pathSegment(node.name);
    const path = around.path === "" ? segment : `${around.path}.${segment}`;
    const run = node.if === undefined ? true : this.#decide(node.if, around);
    if (run === false) return;
    const inner = { ...around, path, when: run === undefined ? [...around.when, node.if?.text ?? ""] : around.when };
    for (const one of this.#each(node.foreach, inner)) yield* this.#body(node, one);
    if (node.policy !== undefined) yield* this.#fallback(node.name, node.policy, path, inner);
  }

  *#body(node: StepNode, at: Around): Generator<DryStep> {
    const { body } = node;
    switch (body.kind) {
      case "if": {
        const taken = this.#decide(body.condition, at);
        const text = body.condition.text;
        const when = (extra: string): Around => (taken === undefined ? { ...at, when: [...at.when, extra] } : at);
        setOwn(this.#steps, node.name, {});
        if (taken !== false) yield* this.steps(body.steps, when(text));
        if (taken !== true) yield* this.steps(body.else, when(`not (${text})`));
        return;
      }
      case "foreach":
        for (const one of this.#each(body.items, at, body.cap.limit)) {
          setOwn(this.#steps, node.name, one.locals["foreach"]);
          yield* this.steps(body.steps, one);
        }
        if (body.iterationPolicy !== undefined) yield* this.#fallback(node.name, body.iterationPolicy, at.path, at);
        return;
      case "external":
        yield this.#external(node, body, at);
        return;
      case "console":
        return this.#note(node, at, () => ({ output: new Placeholder(`steps.${node.name}.output`, this.#tracker) }));
      case "set":
        return this.#note(node, at, (scope) => {
          this.#tracker.touched = false;
          const values = renderMap(body.values, scope);
          for (const key of Object.keys(values)) {
            const value = this.#tracker.touched ? new Placeholder(`variables.${key}`, this.#tracker) : values[key];
            setOwn(this.#variables, key, value);
          }
          return { output: values };
        });
    }
  }

  #external(node: StepNode, body: Extract<StepNode["body"], { kind: "external" }>, at: Around): DryStep {
    const step: DryStep = { path: at.path, name: node.name, type: node.type, when: [...at.when] };
    const scope = this.#scope(at);
    const entry: Record<string, unknown> = { output: new Placeholder(`steps.${node.name}.output`, this.#tracker) };
    try {
      step.input = renderMap(body.with, scope);
      entry["input"] = step.input;
      const connectorId = renderConnectorId(node, body, scope);
      if (connectorId !== undefined) step.connectorId = connectorId;
    } catch (error) {
      step.error = StepwireError.from(error).toJSON();
    }
    setOwn(this.#steps, node.name, entry);
    return step;
  }

  #note(node: StepNode, at: Around, entry: (scope: Scope) => Record<string, unknown>): void {
    try {
      setOwn(this.#steps, node.name, entry(this.#scope(at)));
    } catch {
      // What cannot be rendered is told when the step really runs; nothing is sent by it.
      setOwn(this.#steps, node.name, { output: new Placeholder(`steps.${node.name}.output`, this.#tracker) });
    }
  }

  *#fallback(name: string, policy: Policy, path: string, around: Around): Generator<DryStep> {
    if (policy.fallback === undefined) return;
    const error = new Placeholder("error", this.#tracker);
    const when = [...around.when, `${name} fails`];
    yield* this.steps(policy.fallback, { path: `${path}!fallback`, locals: { ...around.locals, error }, when });
  }

  /** The places of a loop's items; just `at` without a loop. */
  *#each(source: ItemSource | undefined, at: Around, limit = DEFAULT_LOOP_CAP.limit): Generator<Around> {
    if (source === undefined) return yield at;
    let items: unknown[] | undefined;
    this.#tracker.touched = false;
    try {
      items = source.items(this.#scope(at));
    } catch {
      items = undefined;
    }
    if (items === undefined || this.#tracker.touched) {
      const foreach = new Placeholder("foreach", this.#tracker);
      return yield {
        ...at,
        path: `${at.path}[0]`,
        locals: { ...at.locals, foreach },
        when: [...at.when, `each of ${source.text}`],
      };
    }
    for (const [index, item] of items.slice(0, limit).entries()) {
      const foreach = { item, index, total: items.length, items };
      yield { ...at, path: `${at.path}[${index}]`, locals: { ...at.locals, foreach } };
    }
  }

  /** The outcome of a condition, or `undefined` where only a run can tell. */
  #decide(condition: Condition, at: Around): boolean | undefined {
    this.#tracker.touched = false;
    try {
      const outcome = condition.test(this.#scope(at));
      return this.#tracker.touched || this.#readsFailure(condition) ? undefined : outcome;
    } catch {
      return undefined;
    }
  }

  /** Whether a condition asks for the error of a step, which a dry run cannot have. */
  #readsFailure(condition: Condition): boolean {
    return condition.references.some(({ keys }) => keys[0] === "steps" && keys[2] === "error");
  }

  #scope(at: Around): Scope {
    return createScope({ ...this.#base, ...at.locals }, { now: () => this.#startedAt, random: () => 0.5 });
  }
}
