/** What templates and conditions can read, by the first name of the path. */
export const ROOTS = {
  inputs: "The workflow's inputs, with their defaults.",
  event: "What the run was started with: the file of `--event`. Empty without one.",
  consts: "The workflow's `consts`.",
  variables: "What `data.set` steps have set, by name.",
  steps: "Steps that have run, by name.",
  execution: "This run.",
  workflow: "This workflow.",
  parent: "The run that called this one; nothing where none did.",
  now: "The time, once for each step. A date.",
  foreach: "In a loop over a list: the innermost one's item.",
  while: "In a `while` loop: the innermost one's iteration.",
  error: "In `fallback` steps and the conditions of `on-failure`: what went wrong.",
  kibanaUrl: "Empty: there is no Kibana.",
} as const;

/** `steps.<name>`. */
export const STEP_FIELDS = {
  input: "What the step was given, rendered.",
  output: "What it gave.",
  error: "What went wrong, where the last execution failed.",
  item: "Of a `foreach` step: the item of its current iteration; the last one's afterwards.",
  items: "Of a `foreach` step: its list.",
  index: "Of a `foreach` step: the place of the item, from 0.",
  total: "Of a `foreach` step: how many items there are.",
  iteration: "Of a `while` step: which iteration it is, from 0.",
} as const;

/** `foreach`. */
export const FOREACH_FIELDS = {
  item: "The item.",
  items: "The whole list.",
  index: "Its place, from 0.",
  total: "How many items there are.",
} as const;

/** `while`. */
export const WHILE_FIELDS = { iteration: "Which iteration it is, from 0." } as const;

/** `error` and `steps.<name>.error`. */
export const ERROR_FIELDS = {
  type: "Kibana's name for the kind of error.",
  message: "What was wrong, and what to do.",
  code: "One of a fixed list, for conditions that shall stay right.",
  retryable: "Whether trying again later can help.",
  retryAfterMs: "How long the other system asks to wait, in milliseconds, where it does.",
  status: "The HTTP status, where one was received.",
  details: "Facts: the other system's own words, what was done, limits.",
} as const;

/** `execution`. */
export const EXECUTION_FIELDS = {
  id: "The run's own id.",
  isTestRun: "False.",
  startedAt: "When it began. A date.",
  url: "Empty: no page shows it.",
  executedBy: "Empty: there are no users.",
  triggeredBy: "`alert` where the event has alerts, else `manual`.",
} as const;

/** `workflow`. */
export const WORKFLOW_FIELDS = {
  id: "Its name, or the id that a program gave.",
  name: "Its name.",
  enabled: "Whether it may run.",
  spaceId: "`default`.",
} as const;

/** `parent`. */
export const PARENT_FIELDS = {
  workflowId: "The name of the workflow that called.",
  executionId: "The id of its run.",
  depth: "How deep the caller stands: 0 where nothing called it.",
} as const;
