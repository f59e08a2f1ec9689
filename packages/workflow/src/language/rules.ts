/** What can be wrong with a workflow. */
interface RuleEntry {
  /** Of the findings that have it. */
  readonly severities: readonly ("error" | "warning")[];
  readonly meaning: string;
}

/** The rules of findings about workflows. Names are Kibana's where it has the rule. */
export const RULES = {
  yamlSyntaxError: { severities: ["error"], meaning: "The file is not YAML, or has a key twice." },
  schemaViolation: {
    severities: ["error", "warning"],
    meaning: "A key or a value is not one that can stand there, or one is missing. A warning where it has no effect.",
  },
  invalidStepProperty: { severities: ["error"], meaning: "A key of a step stands in the wrong place." },
  duplicateStepName: { severities: ["error"], meaning: "Two steps have the same name." },
  graphBuildError: { severities: ["error"], meaning: "A step stands where steps of its type cannot stand." },
  placeholder: { severities: ["error"], meaning: "A placeholder of a published template has no value." },
  literalSecret: { severities: ["warning"], meaning: "A text looks like a secret, which belongs into a connector." },
  stepNotHere: {
    severities: ["warning"],
    meaning: "Only Kibana can run this step. `validate` goes on, `run` refuses the workflow.",
  },
  connectorNotFound: { severities: ["error"], meaning: "The connector is missing, or cannot be used for the step." },
  liquidSyntaxError: { severities: ["error"], meaning: "A template cannot be parsed." },
  invalidIfConditionSyntax: {
    severities: ["error", "warning"],
    meaning: "A condition cannot be parsed. A warning where it can, and will hardly mean what it says.",
  },
  invalidEqualityOperator: { severities: ["error"], meaning: "A condition has `==`, which KQL does not know." },
  invalidInequalityOperator: { severities: ["error"], meaning: "A condition has `!=`, which KQL does not know." },
  invalidAssignmentOperator: { severities: ["error"], meaning: "A condition has `=`, which KQL does not know." },
  invalidTriggerCondition: { severities: ["error"], meaning: "The condition of a trigger cannot be parsed." },
  invalidForeachParameter: { severities: ["error"], meaning: "What `foreach` gives is no list." },
  invalidParallelMode: { severities: ["error"], meaning: "A parallel step has both kinds of branches, or none." },
  parallelFanOutExceedsLimit: { severities: ["warning"], meaning: "The list of a parallel step is too long." },
  unboundedParallelFanOut: {
    severities: ["warning"],
    meaning: "A parallel step over a list does not say how many items may run at once.",
  },
  unknownVariableType: { severities: ["warning"], meaning: "A template or condition reads a root that there is not." },
  invalidVariablePath: {
    severities: ["error", "warning"],
    meaning:
      "It reads a name that there is not. An error for `consts` and declared `inputs`, a warning where a run may have it.",
  },
  invalidVariableReference: {
    severities: ["error"],
    meaning: "It reads a step that there is not, or that has no result yet.",
  },
  invalidDefaultValue: { severities: ["error"], meaning: "The default of an input is not what the input may be." },
  missingRequiredInput: { severities: ["error"], meaning: "An input is required and not given." },
  invalidInputType: { severities: ["error"], meaning: "An input is not what the workflow declares." },
  unknownInputKey: { severities: ["warning"], meaning: "An input is given that the workflow does not declare." },
  invalidWorkflowOutput: { severities: ["error"], meaning: "An output is not what the workflow declares." },
  targetWorkflowNotFound: {
    severities: ["error"],
    meaning: "The workflow that a step calls is not there, or cannot be called.",
  },
} as const satisfies Readonly<Record<string, RuleEntry>>;

export type Rule = keyof typeof RULES;
