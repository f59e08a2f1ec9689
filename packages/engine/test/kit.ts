import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";

import { Project, type ProjectOptions } from "@stepwire/host";
import { onTestFinished } from "vitest";

import { checkFile } from "../src/check-file.ts";
import { createEmbeddedEngine } from "../src/embedded/embedded-engine.ts";
import { Writer } from "../src/embedded/writer.ts";
import type { Engine, Submission } from "../src/engine.ts";
import { FileSources } from "../src/sources.ts";

/**
 * A connector whose actions differ only in what may happen to them twice, written without any of our packages, so that
 * it runs in no build: objects are known by their mark alone.
 */
const PROBE = `
const mark = (value, brand) => Object.defineProperty(value, Symbol.for("stepwire.brand"), { value: brand });
const schema = { "~standard": { version: 1, vendor: "probe", validate: (value) => ({ value }),
  jsonSchema: { input: () => ({ type: "object" }), output: () => ({ type: "object" }) } } };
const auth = [{ kind: "none" }];
const connection = mark({ def: { config: schema, secrets: schema, auth, hosts: [], baseUrl: () => "http://probe.test" } }, "connection");
const send = (ctx, method, kind, { step, note }, part = "") =>
  ctx.request({ method, path: "/" + kind, query: { step: step + part }, json: method === "GET" ? undefined : { note: note ?? null }, accept: "json" })
    .then((response) => response.data);
const action = (effect, idempotency, run) => mark({ summary: "Does", effect, idempotency, input: schema, output: schema, run }, "action");
const one = (effect, idempotency, method, kind) => action(effect, idempotency, (ctx, params) => send(ctx, method, kind, params));
const actions = {
  read: one("read", "natural", "GET", "read"),
  natural: one("write", "natural", "PUT", "natural"),
  keyed: one("write", { header: "Idempotency-Key" }, "POST", "keyed"),
  none: one("write", "none", "POST", "none"),
  parts: action("write", "none", async (ctx, params) => {
    const made = [];
    for (const part of ["/a", "/b", "/c"]) made.push(await ctx.once(part, () => send(ctx, "POST", "none", params, part)));
    return { made };
  }),
  odd: action("write", "none", async (ctx) => ({ odd: typeof (await ctx.once("odd", async () => 10n)) })),
};
const type = mark({ id: "probe", title: "P", description: "D", connection, actions }, "connector-type");
export default mark({ contract: 1, connectorTypes: [type], steps: [] }, "plugin");
`;

const schema = { type: "object" };
const action = (effect: string, idempotency: unknown) => ({
  summary: "Does",
  effect,
  idempotency,
  input: schema,
  output: schema,
});
const MANIFEST = {
  contract: 1,
  name: "stepwire-connector-probe",
  version: "1.0.0",
  entry: "./index.js",
  digest: "sha256-x",
  steps: [],
  connectorTypes: [
    {
      id: "probe",
      title: "P",
      description: "D",
      aliases: [],
      optional: false,
      auth: [{ kind: "none" }],
      hosts: [],
      config: schema,
      secrets: schema,
      testable: false,
      subActions: {},
      actions: {
        read: action("read", "natural"),
        natural: action("write", "natural"),
        keyed: action("write", { header: "Idempotency-Key" }),
        none: action("write", "none"),
        parts: action("write", "none"),
        odd: action("write", "none"),
      },
    },
  ],
};

/** A folder of its own for one test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "stepwire-engine-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** One request as the other system got it. */
export interface Effect {
  kind: string;
  /** What the step says that it is. */
  step: string;
  key: string | undefined;
  note: unknown;
  /** Which one of this step it is, from 1. */
  times: number;
}

export interface Answer {
  status?: number;
  body?: unknown;
}

/** Answers a request; one that never settles stands for a system that hangs. */
export type Answers = (effect: Effect, signal: AbortSignal) => Answer | Promise<Answer>;

export const ok: Answers = ({ step }) => ({ body: { from: step } });

/** A system that hangs until its caller goes away. */
export const hang = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- as the caller says
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

/** The other system, in this process. */
export class World {
  readonly effects: Effect[] = [];
  readonly #times: Map<string, number>;
  readonly #answers: Answers;

  /** @param times how often each step was done before. */
  constructor(answers: Answers = ok, times: ReadonlyMap<string, number> = new Map()) {
    this.#answers = answers;
    this.#times = new Map(times);
  }

  async take(method: string, url: URL, key: string | undefined, body: string | undefined, signal: AbortSignal) {
    const step = url.searchParams.get("step") ?? "";
    const times = (this.#times.get(step) ?? 0) + 1;
    this.#times.set(step, times);
    const { note } = JSON.parse(body ?? "{}") as { note?: unknown };
    const effect = { kind: url.pathname.slice(1), step, key, note, times };
    this.effects.push(effect);
    return this.#answers(effect, signal);
  }
}

/** A project with the probe and these files, whose requests go to `world.current`. */
export async function makeProject(files: Record<string, string>, options: ProjectOptions = {}) {
  const folder = temporaryFolder();
  const plugin = path.join(folder, "node_modules", MANIFEST.name);
  mkdirSync(plugin, { recursive: true });
  const all = {
    "package.json": JSON.stringify({ name: "p", dependencies: { [MANIFEST.name]: "*" } }),
    "connectors.yaml": JSON.stringify({ connectors: [{ name: "probe", type: "probe", config: {} }] }),
    ...files,
  };
  for (const [name, text] of Object.entries(all)) writeFileSync(path.join(folder, name), text);
  const packageJson = { name: MANIFEST.name, version: MANIFEST.version, type: "module", exports: "./index.js" };
  writeFileSync(
    path.join(plugin, "package.json"),
    JSON.stringify({ ...packageJson, stepwire: { contract: 1, manifest: "./stepwire.json" } }),
  );
  writeFileSync(path.join(plugin, "stepwire.json"), JSON.stringify(MANIFEST));
  writeFileSync(path.join(plugin, "index.js"), PROBE);
  const world = { current: new World() };
  const transport = () => ({
    async send({ method, url, headers, body, signal }: Parameters<Transport["send"]>[0]) {
      const key = Object.entries(headers).find(([name]) => name.toLowerCase() === "idempotency-key")?.[1];
      const { status = 200, body: answer = {} } = await world.current.take(method, url, key, body?.toString(), signal);
      const headersBack = { "content-type": "application/json" };
      return {
        status,
        statusText: "",
        headers: headersBack,
        body: Readable.from([Buffer.from(JSON.stringify(answer))]),
      };
    },
    close: () => undefined,
  });
  const project = await Project.open({ project: folder, env: {}, transport, ...options });
  onTestFinished(() => project.close());
  return { folder, project, world };
}

type Transport = ReturnType<NonNullable<ProjectOptions["transport"]>>;

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export interface OpenOptions {
  retention?: { days: number; runs: number };
  log?: typeof silent;
}

/** An engine on this folder. What a kill -9 may lose is no matter here, so its files are not forced to the disk. */
export function openEngine(
  project: Project,
  dataDir: string,
  { retention = { days: 30, runs: 10_000 }, log = silent }: OpenOptions = {},
): Engine {
  return createEmbeddedEngine({ project, log, dataDir, durability: "relaxed", retention });
}

/** What the engine is given to run a workflow file of the project. */
export async function submissionOf(
  project: Project,
  folder: string,
  given: Partial<Omit<Submission, "plan">> & { file?: string } = {},
): Promise<Submission> {
  const { file = "w.yaml", inputs = {}, event = {}, variables = {}, stubs = {} } = given;
  const { plan, findings } = await checkFile(project, file, {
    sources: new FileSources(folder),
    variables,
    stubs: new Map(Object.entries(stubs)) as never,
  });
  if (plan === undefined) throw new Error(JSON.stringify(findings, undefined, 2));
  return { plan, inputs, event, variables, stubs };
}

/** Calls back after each commit of any engine of this process. Gives the way to stop that. */
export function onCommit(committed: () => void): () => void {
  // oxlint-disable-next-line typescript/unbound-method -- it is called with the writer that it is called on
  const { flush } = Writer.prototype;
  Writer.prototype.flush = function (this: Writer) {
    flush.call(this);
    committed();
  };
  return () => {
    Writer.prototype.flush = flush;
  };
}

/**
 * The data folder as it would be found if its process were killed now: what was written is there, and no lock. No
 * connection may be in the middle of writing.
 */
export function copyData(from: string, to: string): string {
  mkdirSync(to, { recursive: true });
  for (const name of ["runs.db", "runs.db-wal"])
    if (existsSync(path.join(from, name))) cpSync(path.join(from, name), path.join(to, name));
  return to;
}

/** A step of the probe; `rest` is more of its map, `note` is sent along. */
export function probe(kind: string, name: string, { step = name, note = "", rest = "" } = {}): string {
  const more = note === "" ? "" : `, note: ${JSON.stringify(note)}`;
  return `{ name: ${name}, type: probe.${kind}, connector-id: probe, with: { step: ${JSON.stringify(step)}${more} }${rest} }`;
}
