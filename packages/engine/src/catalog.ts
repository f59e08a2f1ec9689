import { nearest, StepwireError, type AnySchema, type Finding } from "@stepwire/core";
import { assertReachable, checkInput, parseTarget, stepOf, type Project } from "@stepwire/host";
import {
  BUILT_IN_STEP_TYPES,
  type Catalog,
  type ParamProblem,
  type Problem,
  type StepTypeInfo,
} from "@stepwire/workflow";

/**
 * What a project has installed and configured, as the planner asks for it. Packages are imported when a workflow names
 * one of their types, connectors are resolved when it names them.
 */
export class ProjectCatalog implements Catalog {
  readonly #project: Project;
  readonly #findings = new Map<string, readonly Finding[]>();
  readonly workflow: NonNullable<Catalog["workflow"]>;

  /** @param workflow finds the workflows that a workflow calls. */
  constructor(project: Project, workflow: NonNullable<Catalog["workflow"]>) {
    this.#project = project;
    this.workflow = workflow;
  }

  /** What is wrong with the connectors that were asked for, at their places in the connectors file. */
  get connectorFindings(): Finding[] {
    return [...this.#findings.values()].flat();
  }

  async stepType(type: string): Promise<StepTypeInfo | Problem> {
    const { registry } = this.#project;
    const resolved = registry.resolve(type);
    if ("code" in resolved) return resolved.code === "unknown-step-type" ? maybeBuiltIn(type, resolved) : resolved;
    try {
      if (resolved.kind === "step") {
        const step = stepOf(await registry.load(resolved.plugin), resolved.step.type);
        return {
          ...describe(type, "step", step.summary, step.input, resolved.step.input),
          connector: "none",
          effect: step.effect,
          repeatable: step.effect === "read",
        };
      }
      const connectorType = await this.#project.connectorType(resolved.type.id);
      const action = connectorType.actions[resolved.action];
      if (action === undefined)
        throw new StepwireError("plugin-invalid", `${resolved.type.id} has no action ${resolved.action}.`);
      const optional = resolved.type.optional;
      return {
        ...describe(
          type,
          "action",
          `${resolved.type.title}: ${action.summary}`,
          action.input,
          resolved.type.actions[resolved.action]?.input ?? {},
        ),
        connector: optional ? "optional" : "required",
        effect: action.effect,
        repeatable: action.effect === "read" || action.idempotency !== "none",
        ...(optional ? { check: (known, given, hasConnector) => this.#checkAddress(known, given, hasConnector) } : {}),
      };
    } catch (error) {
      const { code, message } = StepwireError.from(error);
      return { code, message, hint: "See stepwire doctor." };
    }
  }

  async connector(reference: string, stepType: string): Promise<Problem | undefined> {
    const found = this.#project.findConnector(reference);
    if ("problem" in found) return found.problem;
    const { entry } = found;
    const wanted = this.#project.registry.resolve(stepType);
    if ("code" in wanted) return wanted;
    const actual = this.#project.registry.connectorType(entry.type);
    if ("code" in actual) {
      return {
        ...actual,
        message: `The connector ${JSON.stringify(entry.name)} is of the type ${entry.type}. ${actual.message}`,
      };
    }
    if (wanted.kind === "action" && wanted.type.id !== actual.type.id)
      return mismatch(entry.name, actual.type.id, stepType);
    if (this.#findings.has(entry.id)) return undefined;
    try {
      this.#findings.set(entry.id, await this.#project.checkConnector(entry));
      return undefined;
    } catch (error) {
      // Its package cannot be imported.
      const { code, message } = StepwireError.from(error);
      return { code, message, hint: "See stepwire doctor." };
    }
  }

  /** For types that work without a connector: there must be something to call, and it must be allowed. */
  #checkAddress(known: Record<string, unknown>, given: ReadonlySet<string>, hasConnector: boolean): ParamProblem[] {
    if (!given.has("url")) {
      if (hasConnector) return [];
      const close = nearest(
        "url",
        [...given].filter((key) => key !== "body" && key !== "path"),
      );
      const hint =
        close === undefined
          ? "Write url in with, or name a connector with connector-id."
          : `Did you mean url instead of ${close}?`;
      return [{ path: [], code: "params-invalid", message: "There is neither a url nor a connector to call.", hint }];
    }
    const { url } = known;
    // What is no http or https URL at all is told by the action's own schema.
    if (typeof url !== "string" || !/^https?:\/\//i.test(url)) return [];
    try {
      assertReachable(parseTarget(url, "url"), "url", this.#project.reach);
      return [];
    } catch (error) {
      const { code, message } = StepwireError.from(error);
      return [{ path: ["url"], code, message }];
    }
  }
}

/** Packages know nothing of the built-in steps, which may be what a misspelt type meant. */
function maybeBuiltIn(type: string, problem: Problem): Problem {
  if (problem.hint?.startsWith("Did you mean") === true) return problem;
  const close = nearest(type, Object.keys(BUILT_IN_STEP_TYPES));
  return close === undefined ? problem : { ...problem, hint: `Did you mean ${close}?` };
}

/** The part before the dot must name the connector's own type, or an alias of it. */
export function mismatch(connectorName: string, connectorType: string, stepType: string): Problem {
  return {
    code: "connector-type-mismatch",
    message: `The connector ${JSON.stringify(connectorName)} is of the type ${connectorType}; the step is of the type ${stepType}.`,
    hint: `Use a connector of the step's type, or a step of the type ${connectorType}.`,
  };
}

function describe(
  type: string,
  kind: "action" | "step",
  title: string,
  schema: AnySchema,
  inputSchema: Record<string, unknown>,
) {
  return { type, kind, title, inputSchema, validate: (value: unknown) => checkInput(schema, value) };
}
