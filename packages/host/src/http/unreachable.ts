const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name is unknown",
  EAI_AGAIN: "its name could not be looked up",
  ECONNREFUSED: "it refuses connections",
  EHOSTUNREACH: "it cannot be reached",
  ENETUNREACH: "its network cannot be reached",
  ECONNRESET: "it closed the connection",
  EPIPE: "it closed the connection",
  ETIMEDOUT: "it does not answer",
};

/** What a code of Node's sockets says of the other side, or `undefined` for any other code. */
export const unreachableBecause = (code: string): string | undefined =>
  Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
