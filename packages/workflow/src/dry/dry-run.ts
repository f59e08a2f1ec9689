import { StepwireError, type ErrorJson } from "@stepwire/core";
import type { Condition } from "../condition.ts";
import type { RunRequest } from "../host.ts";
import { checkInputs, inputsOfCalled } from "../inputs.ts";
import { DEFAULT_LOOP_CAP, type ItemSource, type Plan, type Policy, type StepNode } from "../plan.ts";
import { requestInputs } from "../run/run.ts";
import { baseScope } from "../run/state.ts";
import { stepTypeOfBody } from "../steps/index.ts";
import type { DryPlace } from "../steps/step-type.ts";
import { readsFailure } from "../template/references.ts";
import { createScope, type Scope } from "../template/scope.ts";
import { NO_STUBS, stubOf, type Stubs } from "../stubs.ts";
import { pathSegment, setOwn } from "../values.ts";
import { Placeholder, type Tracker } from "./placeholder.ts";

/** An external step as it would be called, or one that calls a workflow which would refuse it. */
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
  /** A stub answers it: nothing is sent. */
  stubbed?: true;
}

/**
 * Goes through a plan without running anything and gives every external step that a run could reach, in order.
 * A condition that depends on the result of a step is taken both ways, and a loop over such a result runs once.
 */
export function* dryRun(
  plan: Plan,
  request: Omit<RunRequest, "signal">,
  { stubs = NO_STUBS }: { stubs?: Stubs } = {},
): Generator<DryStep> {
  const { inputs } = checkInputs(plan, requestInputs(request));
  yield* new DryRun(plan, request, inputs, stubs).steps(plan.steps, { path: "", locals: {}, when: [] });
}

class DryRun {
  readonly #tracker: Tracker = { touched: false };
  readonly #steps: Record<string, unknown> = {};
  readonly #variables: Record<string, unknown> = {};
  readonly #base: Scope;
  readonly #startedAt: number;

  readonly #plan: Plan;
  readonly #request: Omit<RunRequest, "signal">;
  readonly #stubs: Stubs;
  #ended = false;

  constructor(plan: Plan, request: Omit<RunRequest, "signal">, inputs: Record<string, unknown>, stubs: Stubs) {
    this.#plan = plan;
    this.#request = request;
    this.#stubs = stubs;
    this.#startedAt = request.startedAt;
    this.#base = baseScope(plan, request, inputs, this.#steps, this.#variables);
  }

  *steps(steps: readonly StepNode[], around: DryPlace): Generator<DryStep> {
    for (const node of steps) {
      if (this.#ended) return;
      yield* this.#step(node, around);
    }
  }

  *#step(node: StepNode, around: DryPlace): Generator<DryStep> {
    const segment = pathSegment(node.name);
    const path = around.path === "" ? segment : `${around.path}.${segment}`;
    const run = node.if === undefined ? true : this.#decide(node.if, around);
    if (run === false) return;
    const inner = { ...around, path, when: run === undefined ? [...around.when, node.if?.text ?? ""] : around.when };
    for (const one of this.#each(node.foreach, inner)) yield* this.#body(node, one);
    yield* this.#fallback(node.name, node.policy, inner);
  }

  *#body(node: StepNode, at: DryPlace): Generator<DryStep> {
    const { body } = node;
    yield* stepTypeOfBody(body).dry({
      node,
      body,
      at,
      variables: this.#variables,
      stub: stubOf(this.#stubs, node),
      scope: (place) => this.#scope(place),
      unknown: (path) => new Placeholder(path, this.#tracker),
      watch: (work) => {
        this.#tracker.touched = false;
        const value = work();
        return { value, isKnown: !this.#tracker.touched };
      },
      keep: (entry) => setOwn(this.#steps, node.name, entry),
      decide: (condition, place) => this.#decide(condition, place),
      steps: (steps, place) => this.steps(steps, place),
      each: (source, place, limit) => this.#each(source, place, limit),
      fallback: (policy, place) => this.#fallback(node.name, policy, place),
      workflow: (id, inputs, place) => this.#workflow(node, id, inputs, place),
      end: ({ when }) => {
        this.#ended ||= when.length === 0;
      },
    });
  }

  *#workflow(
    { name, type }: StepNode,
    workflowId: string,
    render: () => Record<string, unknown>,
    at: DryPlace,
  ): Generator<DryStep> {
    const plan = this.#plan.workflows.get(workflowId);
    if (plan === undefined) return;
    let inputs: Record<string, unknown>;
    this.#tracker.touched = false;
    try {
      const given = render();
      // What only a run knows may become what the workflow wants.
      inputs = this.#tracker.touched ? checkInputs(plan, given).inputs : inputsOfCalled(plan, given);
    } catch (error) {
      return yield { path: at.path, name, type, when: [...at.when], error: StepwireError.from(error).toJSON() };
    }
    const { runId: executionId, startedAt, parent } = this.#request;
    const depth = parent === undefined ? 0 : parent.depth + 1;
    const path = `${at.path}!workflow`;
    const request = {
      runId: `${executionId}/${path}`,
      startedAt,
      parent: { workflowId: this.#plan.name, executionId, depth },
    };
    const called = new DryRun(plan, request, inputs, this.#stubs);
    yield* called.steps(plan.steps, { path, locals: {}, when: at.when });
  }

  *#fallback(name: string, policy: Policy | undefined, around: DryPlace): Generator<DryStep> {
    if (policy?.fallback === undefined) return;
    const error = new Placeholder("error", this.#tracker);
    const when = [...around.when, `${name} fails`];
    yield* this.steps(policy.fallback, { path: `${around.path}!fallback`, locals: { ...around.locals, error }, when });
  }

  /** The places of a loop's items; just `at` without a loop. */
  *#each(source: ItemSource | undefined, at: DryPlace, limit = DEFAULT_LOOP_CAP.limit): Generator<DryPlace> {
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
  #decide(condition: Condition, at: DryPlace): boolean | undefined {
    this.#tracker.touched = false;
    try {
      const outcome = condition.test(this.#scope(at));
      // A dry run has no errors, though a run may.
      return this.#tracker.touched || readsFailure(condition.references) ? undefined : outcome;
    } catch {
      return undefined;
    }
  }

  #scope(at: DryPlace): Scope {
    return createScope({ ...this.#base, ...at.locals }, { now: () => this.#startedAt, random: () => 0.5 });
  }
}
