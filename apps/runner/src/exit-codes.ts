/** What the command's exit code says. */
export const EXIT = {
  /** Done, or nothing of severity error was found. */
  done: 0,
  /** It ran and failed. */
  failed: 1,
  /** Refused before anything ran: usage, files, workflow, connector. */
  refused: 2,
  /** Cancelled, or out of time. */
  stopped: 3,
  /** A fault of Stepwire itself. */
  fault: 4,
} as const;
