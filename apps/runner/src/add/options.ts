import { COMMON } from "../args.ts";

export const ADD_OPTIONS = {
  ...COMMON,
  name: { type: "string" },
  id: { type: "string" },
  preset: { type: "string" },
  set: { type: "string", multiple: true },
  secret: { type: "string", multiple: true },
  yes: { type: "boolean", short: "y" },
  test: { type: "boolean" },
  "no-test": { type: "boolean" },
  params: { type: "string" },
} as const;
