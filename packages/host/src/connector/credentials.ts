import type { AnyConnectorType, AuthKind } from "@stepwire/core";

import type { Credentials } from "../http/client.ts";
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
  for (const field of missingFields(kind, read)) {
    problems.push({ code: "secrets-invalid", path: ["secrets", field], message: `${field} is missing.` });
  }
  const text = (field: string) => String(read(field));
  switch (kind.kind) {
    case "basic": {
      const pair = `${text(kind.user)}:${text(kind.password)}`;
      return { ...NONE, authHeaders: { Authorization: `Basic ${Buffer.from(pair).toString("base64")}` } };
    }
    case "bearer":
      return { ...NONE, authHeaders: { Authorization: `Bearer ${text(kind.token)}` } };
    case "apiKey":
      return kind.in === "header"
        ? { ...NONE, secretHeaders: { [kind.name]: text(kind.value) } }
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
