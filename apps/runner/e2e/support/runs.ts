/** Runs that are broken off, and what is kept of them. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";

import { start, stepwireJson, type StartOptions } from "./command.ts";
import { makeProject, sendJson, startVendor, type Files, type ProjectFolder } from "./project.ts";
import { API, call, SECRET_ENV } from "./workflows.ts";

interface RunJson {
  runId: string;
  status: string;
  steps: { path: string; status: string; error?: { code: string } }[];
}

/** A POST, written as a step. */
export const post = (name: string, to: string, more = ""): string =>
  `  - { name: ${name}, type: http, connector-id: api, with: { method: POST, path: ${to}, body: { n: 1 } }${more} }\n`;

/** A write that is done, a read that hangs, a write and a read after it. */
export const WORKFLOW = `name: flow\nsteps:\n${post("first", "/first")}${call("slow", "/slow")}${post("then", "/then")}`;

interface RunsProject {
  vendor: Awaited<ReturnType<typeof startVendor>>;
  project: ProjectFolder;
  options: StartOptions;
  /** Paths that are never answered. */
  silent: Set<string>;
  /** Paths that are answered with 400. */
  bad: Set<string>;
  /** How often each path was asked for. */
  counts(): Record<string, number>;
}

/** A project whose server is silent at `/slow` until it is told otherwise. */
export async function startRuns(files: Files = { "w.yaml": WORKFLOW }): Promise<RunsProject> {
  const silent = new Set(["/slow"]);
  const bad = new Set<string>();
  const vendor = await startVendor((request, response) => {
    if (silent.has(request.path)) return;
    if (bad.has(request.path)) sendJson(response, 400, { message: "no such thing" });
    else sendJson(response, 200, { said: request.headers.authorization });
  });
  const project = makeProject({ "connectors.yaml": API(vendor.url), ...files });
  const options: StartOptions = { cwd: project.folder, env: SECRET_ENV };
  const counts = (): Record<string, number> => {
    const all: Record<string, number> = {};
    for (const request of vendor.requests) all[request.path] = (all[request.path] ?? 0) + 1;
    return all;
  };
  return { vendor, project, options, silent, bad, counts };
}

/** Starts a run and ends its process, as a power cut would, when a path is asked for the first time. */
export async function killAt(at: string, { vendor, options }: RunsProject, args: string[] = ["w.yaml"]): Promise<void> {
  const run = start(["run", ...args], options);
  await vendor.arrived(at);
  run.child.kill("SIGKILL");
  await run.done;
}

/** The id of the run that began last. */
export async function newest(options: StartOptions): Promise<string> {
  const { json } = await stepwireJson(["runs", "list", "--limit", "1"], options);
  return (json as { runs: RunJson[] }).runs[0]?.runId ?? "";
}

export async function showRun(options: StartOptions, id: string): Promise<RunJson> {
  return (await stepwireJson(["runs", "show", id], options)).json as RunJson;
}

/** Changes the file of the runs behind the back of everybody. */
export function changeRuns(folder: string, ...statements: string[]): void {
  const db = new DatabaseSync(path.join(folder, ".stepwire/runs.db"));
  for (const statement of statements) db.exec(statement);
  db.close();
}

/** All bytes that are kept of runs. */
export function keptBytes(folder: string): string {
  const kept = path.join(folder, ".stepwire");
  return readdirSync(kept)
    .filter((name) => name.startsWith("runs.db"))
    .map((name) => readFileSync(path.join(kept, name)).toString("latin1"))
    .join("\n");
}
