import type { AnyConnectorType, AuthKind } from "@stepwire/core";

import type { Reason } from "../files/reasons.ts";
import type { Credentials } from "../http/client.ts";
import { headerProblem } from "../http/headers.ts";
import type { Problem } from "./problem.ts";

type Fields = Record<string, unknown>;

const NONE: Credentials = { authHeaders: {}, configHeaders: {}, secretHeaders: {}, secretQuery: {} };

/** The credentials of a type that says itself how they are placed: the first of its kinds whose fields are all there. */
export function placeCredentials(
  type: AnyConnectorType,
  config: Fields,
  secrets: Fields,
  problems: Problem[],
): Credentials {
  const read = (field: string) => secrets[field] ?? config[field];
  const kinds: readonly AuthKind[] = type.connection.def.auth;
  const kind = kinds.find((candidate) => missingFields(candidate, read).length === 0) ?? kinds[0];
  if (kind === undefined) return NONE;
  const missing = missingFields(kind, read);
  const report = (field: string, reason: Reason, message: string) => {
    const side = Object.hasOwn(config, field) && !Object.hasOwn(secrets, field) ? "config" : "secrets";
    problems.push({ code: `${side}-invalid`, path: [side, field], message, details: { reason } });
  };
  for (const field of missing) report(field, "missing", `${field} is missing.`);
  if (missing.length > 0) return NONE;
  const text = (field: string) => String(read(field));
  /** What goes into a header as it is must fit into one; found now, not when the first request fails. */
  const header = (field: string, name: string, value: string) => {
    const problem = headerProblem(name, value);
    if (problem !== undefined) report(field, "header", `${field} cannot be sent: ${problem}.`);
    return value;
  };
  switch (kind.kind) {
    case "basic": {
      if (text(kind.user).includes(":"))
        report(kind.user, "colon", `${kind.user} holds a colon, which cannot be used with basic authentication.`);
      const pair = `${text(kind.user)}:${text(kind.password)}`;
      return { ...NONE, authHeaders: { Authorization: `Basic ${Buffer.from(pair).toString("base64")}` } };
    }
    case "bearer":
      return {
        ...NONE,
        authHeaders: { Authorization: header(kind.token, "Authorization", `Bearer ${text(kind.token)}`) },
      };
    case "apiKey":
      return kind.in === "header"
        ? { ...NONE, secretHeaders: { [kind.name]: header(kind.value, kind.name, text(kind.value)) } }
        : { ...NONE, secretQuery: { [kind.name]: text(kind.value) } };
    case "custom":
      return { ...NONE, place: (request) => kind.place(request, secrets) };
    case "none":
    case "envelope":
      return NONE;
  }
}

function missingFields(kind: AuthKind, read: (field: string) => unknown): string[] {
  const fields =
    kind.kind === "basic"
      ? [kind.user, kind.password]
      : kind.kind === "bearer"
        ? [kind.token]
        : kind.kind === "apiKey"
          ? [kind.value]
          : [];
  return fields.filter((field) => typeof read(field) !== "string" || read(field) === "");
}
