import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach } from "vitest";

import { Worker } from "./crew.ts";
import { installProbe } from "./probe.ts";
import { startStub, type Effect } from "./stub.ts";

type Stub = Awaited<ReturnType<typeof startStub>>;

/** Makes a project with these files, the system that it calls, and workers for it; all of it ends with the test. */
export type SetUp = (
  files: Record<string, string>,
  delayMs?: (effect: Effect) => number,
) => Promise<{ stub: Stub; start: () => Promise<Worker> }>;

/** @param module whose `open` makes the engine. */
export function sceneOf(module: string): SetUp {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });

  return async (files, delayMs) => {
    const stub = await startStub(delayMs);
    const folder = mkdtempSync(path.join(tmpdir(), "stepwire-conformance-"));
    cleanups.push(
      () => rmSync(folder, { recursive: true, force: true }),
      () => stub.close(),
    );
    writeFileSync(
      path.join(folder, "package.json"),
      JSON.stringify({ name: "p", dependencies: { "stepwire-connector-probe": "*" } }),
    );
    const connectors = { connectors: [{ name: "probe", type: "probe/probe", config: { url: stub.url } }] };
    writeFileSync(path.join(folder, "connectors.yaml"), JSON.stringify(connectors));
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
    installProbe(folder);
    const start = async (): Promise<Worker> => {
      const worker = await Worker.start(folder, module);
      cleanups.push(() => worker.kill());
      return worker;
    };
    return { stub, start };
  };
}

/** A step of the probe; its name is its action. */
export const one = (step: string, rest = ""): string =>
  `  - { name: ${step}, type: probe/probe.${step}, connector-id: probe, with: { run: r, step: ${step} }${rest} }\n`;
/** What arrived, in order. */
export const sent = (effects: readonly Effect[]): string[] => effects.map(({ kind, step }) => `${kind} ${step}`);
