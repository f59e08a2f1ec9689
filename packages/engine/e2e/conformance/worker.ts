/**
 * A process that keeps and runs runs, and does what it is told over IPC. An engine that is to be held to the suite has
 * a module that exports `open(project)`.
 */
import { Project } from "@stepwire/host";

import { checkFile } from "../../src/check-file.ts";
import type { Engine, Handle } from "../../src/engine.ts";
import { FileSources } from "../../src/sources.ts";

export type Order =
  | { op: "submit"; id: number; file: string; event: Record<string, unknown> }
  | { op: "resume"; id: number; runId: string; takeOver?: boolean }
  | { op: "retry"; id: number; runId: string; from?: string }
  | { op: "cancel" | "get"; id: number; runId: string }
  | { op: "list"; id: number }
  | { op: "close"; id: number };

export type Told =
  | { id: number; answer: unknown }
  | { id: number; error: { code?: string; message: string } }
  | { over: string; result: unknown };

const [folder = ".", module = ""] = process.argv.slice(2);
const { open } = (await import(module)) as { open: (project: Project) => Engine };
const project = await Project.open({ project: folder });
const engine = open(project);
const plans = new Map<string, ReturnType<typeof checkFile>>();

const tell = (told: Told): void => void process.send?.(told);

process.on("message", (order: Order) => {
  obey(order).then(
    (answer) => tell({ id: order.id, answer }),
    (error: { code?: string; message: string }) =>
      tell({ id: order.id, error: { code: error.code, message: error.message } as never }),
  );
});
tell({ id: 0, answer: "ready" });

async function obey(order: Order): Promise<unknown> {
  switch (order.op) {
    case "submit": {
      const checked = plans.get(order.file) ?? checkFile(project, order.file, options());
      plans.set(order.file, checked);
      const { plan, findings } = await checked;
      if (plan === undefined) throw new Error(JSON.stringify(findings));
      return follow(await engine.submit({ plan, inputs: {}, event: order.event, variables: {}, stubs: {} }));
    }
    case "resume":
      return follow(await engine.resume(order.runId, { takeOver: order.takeOver === true }));
    case "retry":
      return follow(await engine.retry(order.runId, order.from === undefined ? {} : { from: order.from }));
    case "cancel":
      return engine.cancel(order.runId);
    case "get":
      return engine.get(order.runId);
    case "list":
      return engine.list({ limit: 100_000 });
    case "close":
      await engine.close();
      await project.close();
      setImmediate(() => process.disconnect());
  }
}

function follow(handle: Handle | { status: "refused"; findings: unknown }): unknown {
  if ("status" in handle) return handle;
  void handle.result.then((result) => tell({ over: handle.runId, result }));
  return handle.runId;
}

function options() {
  return { sources: new FileSources(folder), variables: {}, stubs: new Map() };
}
