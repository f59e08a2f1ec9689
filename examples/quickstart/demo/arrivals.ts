import { isDeepStrictEqual } from "node:util";

import type { ReceivedRequest } from "../stand-ins/index.ts";
import type { Arrival } from "./scenarios.ts";

/** Says what is wrong when no accepted request carried the value; `undefined` when one did. */
export function findMissing(arrival: Arrival, requests: readonly ReceivedRequest[]): string | undefined {
  const { system, method, path, field, value } = arrival;
  const found = requests
    .filter((request) => request.method === method && path.test(request.path) && request.status < 300)
    .map((request) => valueAt(request.body, field));
  if (found.some((candidate) => isDeepStrictEqual(candidate, value))) return undefined;
  const got = found.length === 0 ? "no such request was accepted" : `it got ${found.map(show).join(" and ")}`;
  return `${system}: ${field.join(".")} should be ${show(value)}, but ${got}.`;
}

function valueAt(body: string, field: readonly string[]): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  for (const key of field) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
