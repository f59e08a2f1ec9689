import { ROUTES, type Route } from "@stepwire/test-rig";

/**
 * What the table has cells for. Without anything of vitest, so that `scripts/envelope-table.mjs` can ask which cells
 * there should be instead of believing the report it reads.
 */

export const MODES = ["full", "certificate", "none"] as const;
export type Mode = (typeof MODES)[number];

/** Where a connector's trust is configured. */
export type Place = "connector" | "customHostSettings" | "ssl";

/** Auth kinds, and where the mode and the authorities of their cells come from. All three places are in use. */
export const PLACES = {
  none: "connector",
  basic: "connector",
  "CRT + key": "connector",
  "CRT + encrypted key + passphrase": "customHostSettings",
  "PFX + passphrase": "connector",
  "PFX without passphrase": "ssl",
  "secret header": "customHostSettings",
  "secret query parameter": "ssl",
  "OAuth 2 client credentials": "connector",
  // Types without Kibana's keys have no trust of their own.
  bearer: "customHostSettings",
  "API key in a header": "ssl",
  "API key in the query": "customHostSettings",
  custom: "ssl",
} as const satisfies Record<string, Place>;
export type KindName = keyof typeof PLACES;
const KIND_NAMES = Object.keys(PLACES) as KindName[];

export interface Cell {
  /** Also that of the cell's test. */
  readonly name: string;
  readonly kind: KindName;
  readonly mode: Mode;
  readonly route: Route;
}

export const CELLS: readonly Cell[] = KIND_NAMES.flatMap((kind) =>
  MODES.flatMap((mode) => ROUTES.map((route) => ({ name: `${kind} | ${mode} | ${route}`, kind, mode, route }))),
);
