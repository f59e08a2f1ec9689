/**
 * What may not be called, in every spelling and by every way that leads there, and what is dialled for it: as Node
 * itself tells, not as our code does.
 */
import { afterAll, beforeAll, expect, it } from "vitest";

import { ANSWERS } from "./forbidden-targets/answers.ts";
import { CONNECTOR_ROWS } from "./forbidden-targets/connectors.ts";
import { LISTING } from "./forbidden-targets/listing.ts";
import { LITERALS } from "./forbidden-targets/literals.ts";
import { PROXIES } from "./forbidden-targets/proxies.ts";
import { REDIRECTED } from "./forbidden-targets/redirects.ts";
import { SPELLINGS } from "./forbidden-targets/spellings.ts";
import { TOKEN_ROWS } from "./forbidden-targets/tokens.ts";
import { startTraps, type Traps } from "./forbidden-targets/traps.ts";

const ROWS = [LITERALS, SPELLINGS, LISTING, ANSWERS, REDIRECTED, PROXIES, CONNECTOR_ROWS, TOKEN_ROWS].flat();

let traps: Traps;
beforeAll(async () => {
  traps = await startTraps();
});
afterAll(() => traps.close());

it.each(ROWS)("$name", async (row) => {
  const { error, accepted, ...outcome } = await traps.run(row);
  const { code, dialled, asked = [], received = dialled.length === 0 ? [] : outcome.received } = row;
  expect(outcome, error?.stack ?? "").toEqual({ code, dialled, asked, received });
  // Nothing came in but what Node was seen to dial.
  expect(accepted.length).toBeLessThanOrEqual(dialled.length);
  if (error === undefined) return;
  expect(error.message).toContain(row.names ?? "");
  const told = `${error.stack} ${JSON.stringify(error)}`;
  expect(told).not.toContain("CANARY");
});

it("has a row of its own for each kind", () => {
  const names = ROWS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(60);
});
