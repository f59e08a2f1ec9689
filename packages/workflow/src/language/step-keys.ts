import { CONDITION, described, DURATION, SIZE, STEPS, TEXT } from "../steps/editor.ts";
import type { Keys } from "./keys.ts";

/** What every step may have, whatever its type. */
export const STEP_KEYS = {
  name: described(TEXT, "The step's own name; others read its result as `steps.<name>`."),
  type: described(TEXT, "What it does."),
  id: { description: "Kibana's own id of the step; it has no effect." },
  "max-step-size": described(SIZE, "How large its output may be, as JSON, in place of what the settings say."),
} satisfies Keys;

export const RETRY_STRATEGIES = ["fixed", "exponential"] as const;

/** What counts for `retry` where it does not say. */
export const RETRY_DEFAULTS = { strategy: "fixed", multiplier: 2, jitter: false } as const;

/** What `delay` is for the exponential strategy where none is given; the fixed one then does not pause. */
export const DEFAULT_EXPONENTIAL_DELAY_MS = 1000;

/** `retry` of `on-failure`. */
export const RETRY_KEYS = {
  "max-attempts": { type: "integer", minimum: 1, description: "How often to try again after the first time." },
  delay: described(
    DURATION,
    `How long to wait before trying again. None for fixed, ${DEFAULT_EXPONENTIAL_DELAY_MS / 1000}s for exponential if left out.`,
  ),
  strategy: {
    enum: RETRY_STRATEGIES,
    default: RETRY_DEFAULTS.strategy,
    description: "Whether every pause is the same, or each is `multiplier` times the one before.",
  },
  multiplier: {
    type: "number",
    minimum: 1,
    default: RETRY_DEFAULTS.multiplier,
    description: "How much longer each pause is, for exponential.",
  },
  "max-delay": described(DURATION, "The longest pause."),
  jitter: {
    type: "boolean",
    default: RETRY_DEFAULTS.jitter,
    description: "Makes each pause a random part of itself.",
  },
  condition: described(CONDITION, "Whether to try again; it may read `error`. Always if left out."),
} satisfies Keys;

/** `on-failure`. */
export const POLICY_KEYS = {
  retry: {
    type: "object",
    required: ["max-attempts"],
    properties: RETRY_KEYS,
    additionalProperties: false,
    description: "Tries again.",
  },
  fallback: described(STEPS, "Steps to run once no retry is left; they may read `error`."),
  continue: {
    ...CONDITION,
    default: false,
    description: "Whether to go on with the next step; it may read `error`.",
  },
} satisfies Keys;
