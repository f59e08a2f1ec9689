import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeProject, openEngine, probe, submissionOf, World } from "./kit.ts";

const COUNT = 120;

/** Its answers are too much for a small disk. */
const LONG = `steps:
  - { name: each, type: foreach, foreach: "\${{ event.list }}", steps: [${probe("keyed", "put", { step: "{{ event.name }}{{ foreach.item }}" })}] }
  - { name: end, type: workflow.output, with: { last: "{{ steps.put.output.n }}" } }
`;

/** A disk of its own needs the rights of root, on Linux. */
function mount(folder: string, options: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const probeFolder = mkdtempSync(path.join(tmpdir(), "stepwire-disk-"));
const canMount = mount(probeFolder, "size=1m");
if (canMount) execFileSync("umount", [probeFolder]);
rmSync(probeFolder, { recursive: true });

describe.skipIf(!canMount)("a disk that is full (skipped where none can be mounted)", () => {
  const disk = mkdtempSync(path.join(tmpdir(), "stepwire-disk-"));
  beforeAll(() => void mount(disk, "size=1m"));
  afterAll(() => {
    execFileSync("umount", ["--lazy", disk]);
    rmSync(disk, { recursive: true });
  });

  test("ends the runs that cannot be written, of which nothing is lost that was done", async () => {
    const at = await makeProject({ "w.yaml": LONG });
    const data = path.join(disk, "data");
    const world = new World(({ step, times }) => ({ body: { n: step, filler: `${times}`.padEnd(12_000, "x") } }));
    at.world.current = world;
    const engine = openEngine(at.project, data);
    const list = Array.from({ length: COUNT }, (_, n) => n);
    const submissions = await Promise.all(
      ["a", "b"].map((name) => submissionOf(at.project, at.folder, { event: { list, name } })),
    );
    const runs = await Promise.all(submissions.map((submission) => engine.submit(submission)));
    for (const { result } of runs) {
      const { status, error } = await result;
      expect(status).toBe("failed");
      expect(error).toMatchObject({ code: "storage", details: { reason: "full" } });
      expect(error?.message).toContain("resume the run");
    }
    // It stopped there: what cannot be kept is not done.
    expect(world.effects.length).toBeLessThan(2 * COUNT);

    execFileSync("mount", ["-o", "remount,size=16m", disk]);
    expect((await engine.list()).map(({ status }) => status)).toEqual(["interrupted", "interrupted"]);
    for (const { runId } of runs) {
      const resumed = await engine.resume(runId);
      if ("status" in resumed) throw new Error("refused");
      expect(await resumed.result).toMatchObject({ status: "completed", outputs: { last: expect.any(String) } });
    }
    await engine.close();
    const sent = new Map<string, Set<string | undefined>>();
    for (const { step, key } of world.effects) sent.set(step, (sent.get(step) ?? new Set()).add(key));
    expect(sent.size).toBe(2 * COUNT);
    expect([...sent.values()].filter((keys) => keys.size > 1)).toEqual([]);
    // Of each run only the step whose answer could not be written was sent again.
    expect(world.effects.length).toBeLessThanOrEqual(2 * COUNT + 2);
  });

  test("is told where not even the files can be made", async () => {
    const folder = path.join(disk, "small");
    mkdirSync(folder);
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(path.join(disk, "filler"), Buffer.alloc(bavail * bsize));
    const at = await makeProject({ "w.yaml": LONG });
    expect(() => openEngine(at.project, folder)).toThrow(
      expect.objectContaining({ code: "storage", details: { reason: "full" } }),
    );
  });
});
