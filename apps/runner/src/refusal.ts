import { StepwireError, type ErrorCode, type Finding } from "@stepwire/core";

type Extra = Pick<Finding, "hint" | "file" | "line" | "column">;

/** An error that refuses the whole command, with what to do and the place it is about, where there is one. */
export function refusal(code: ErrorCode, message: string, extra: Extra = {}): StepwireError {
  return new StepwireError(code, message, { details: { refusal: extra } });
}

export function usage(message: string, hint?: string, place: Omit<Extra, "hint"> = {}): StepwireError {
  return refusal("usage-invalid", message, hint === undefined ? place : { ...place, hint });
}

/** A problem that the library found, as a refusal. */
export function problemRefusal(problem: { code: ErrorCode; message: string; hint?: string }): StepwireError {
  return refusal(problem.code, problem.message, problem.hint === undefined ? {} : { hint: problem.hint });
}

/** What a thrown error says, as the finding of a refused command. */
export function findingOf({ code, message, details }: StepwireError): Finding {
  return { code, severity: "error", message, ...(details?.["refusal"] as Extra | undefined) };
}
