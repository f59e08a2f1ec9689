import type { Reason } from "../files/reasons.ts";

/** The envelope's keys of a connector's `config` or `secrets`, as they were given. */
export type Fields = Record<string, unknown>;
export type Side = "config" | "secrets";

/** Takes note of something wrong with a key; `reason` tells cases apart for programs. */
export type Report = (side: Side, key: string, reason: Reason, message: string, hint?: string) => void;

/** Kibana stores what is absent as null or as an empty text. */
export const isGiven = (value: unknown) => value !== undefined && value !== null && value !== "";
