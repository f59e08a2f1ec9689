import type { ErrorCode } from "@stepwire/core";
import type { Rig, RigServerKind } from "@stepwire/test-rig";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { call, type CallOptions } from "./call.ts";
import { CELLS, PLACES, type Cell, type Mode } from "./cells.ts";
import { KINDS } from "./kinds.ts";
import { observe, type Observer } from "./observe.ts";

/** Servers that a mode lets through, and those it refuses. */
const MEANING: Record<Mode, { accepts: RigServerKind[]; refuses: Partial<Record<RigServerKind, ErrorCode>> }> = {
  full: {
    accepts: ["good"],
    refuses: { "wrong-host": "tls-hostname", untrusted: "tls-untrusted", expired: "tls-expired" },
  },
  certificate: { accepts: ["wrong-host"], refuses: { untrusted: "tls-untrusted", expired: "tls-expired" } },
  none: { accepts: ["untrusted", "expired"], refuses: {} },
};

/** The rig's requests can be seen only where its servers are in this process. */
const isVisible = (rig: Rig): boolean => rig.name === "Node";

/**
 * Registers one test for each cell: auth kind, mode, route. `start` is called once for all of them; where it cannot
 * start anything, each test is skipped with the reason.
 */
export function describeTable(start: () => Promise<Rig | { readonly missing: readonly string[] }>): void {
  describe("envelope table", () => {
    let started: Awaited<ReturnType<typeof start>>;
    let observer: Observer;
    beforeAll(async () => {
      started = await start();
      observer = observe();
    });
    afterAll(async () => {
      observer?.stop();
      if (started !== undefined && !("missing" in started)) await started.close();
    });

    // `$name` would be cut at 40 characters.
    it.for(CELLS.map((cell) => [cell.name, cell] as const))("%s", async ([, cell], { skip }) => {
      if ("missing" in started) return skip(`missing: ${started.missing.join(", ")}`);
      await prove(started, cell, observer);
    });
  });
}

async function prove(rig: Rig, cell: Cell, observer: Observer): Promise<void> {
  const { accepts, refuses } = MEANING[cell.mode];
  for (const server of accepts) await proveAccepted(rig, cell, server, observer);
  for (const [server, code] of Object.entries(refuses)) {
    await proveRefused(rig, cell, { server: server as RigServerKind, trusted: true, code }, observer);
  }
  // The authority and the mode hold for the token endpoint too.
  if (KINDS[cell.kind].token && cell.mode !== "none") {
    const refusal = { server: accepts[0]!, trusted: false, code: "tls-untrusted" } as const;
    await proveRefused(rig, cell, refusal, observer);
  }
  // The mode and the authorities of the target are not the proxy's: its own certificate is checked all the same.
  const trusted = cell.mode !== "none";
  const isShared = PLACES[cell.kind] === "ssl" && trusted;
  if (cell.route.startsWith("https proxy") && !isShared) {
    const refusal = { server: accepts[0]!, trusted, proxyTrusted: false, code: "proxy-connection" } as const;
    await proveRefused(rig, cell, refusal, observer);
  }
}

async function proveAccepted(rig: Rig, cell: Cell, server: RigServerKind, observer: Observer): Promise<void> {
  const kind = KINDS[cell.kind];
  const { error, ...outcome } = await call(rig, cell, observer, { server, trusted: cell.mode !== "none" });
  expect(error?.message, `call to ${server}`).toBeUndefined();
  const echo = rig.readEcho(JSON.parse(observer.answer()));
  expect(echo.method).toBe("GET");
  // Among others, no `proxy-authorization`.
  kind.arrived(echo);
  // This also proves that a request would be seen where none may come.
  if (isVisible(rig)) expect(outcome.requests, `requests at ${server}`).toHaveLength(1);
  await outcome.proveRoute();
}

interface Refusal extends CallOptions {
  readonly code: ErrorCode;
}

async function proveRefused(rig: Rig, cell: Cell, { code, ...options }: Refusal, observer: Observer): Promise<void> {
  const { error, ...outcome } = await call(rig, cell, observer, options);
  expect(error?.code, `call to ${options.server}: ${error?.message ?? "it succeeded"}`).toBe(code);
  // No failure of a certificate is tried again.
  expect(error?.details?.["attempts"], `attempts at ${options.server}`).toBeUndefined();
  expect(outcome.requests, `requests at ${options.server}`).toEqual([]);
  await outcome.proveRoute();
}
