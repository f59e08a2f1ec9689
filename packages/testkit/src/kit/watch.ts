import { AsyncLocalStorage } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";

import type { Boundary } from "./boundary.ts";
import { IO, PRINTING } from "./ways-out.ts";

/** Something that a connector did by itself, which is the host's business. */
export interface Sighting {
  /** As the {@link Boundary} names it. */
  readonly part: string;
  readonly kind: "io" | "environment" | "print" | "timer";
  /** `fetch`, `process.env.API_KEY`. */
  readonly name: string;
  /** What was printed. */
  readonly text?: string;
}

export interface Watch {
  readonly boundary: Boundary;
  readonly sightings: readonly Sighting[];
  /** To be called when a call has ended: takes note of timers that are still to come, and stops them. */
  readonly callEnded: () => void;
}

type Bag = Record<string, unknown>;

/**
 * Watches what the code behind its boundary does while `work` runs: I/O is refused and noted, variables of the
 * environment are as if they were not set, what is printed is noted and not shown. Everything else in the process goes
 * on as ever, and all is put back at the end.
 */
export async function watching<T>(work: (watch: Watch) => Promise<T>): Promise<T> {
  const current = new AsyncLocalStorage<string | undefined>();
  const sightings: Sighting[] = [];
  const timers = new Map<unknown, Sighting>();
  const restore: (() => void)[] = [];
  const note = (kind: Sighting["kind"], name: string, text?: string): Sighting => {
    const sighting = { part: current.getStore() ?? "", kind, name, ...(text === undefined ? {} : { text }) };
    if (kind !== "timer") sightings.push(sighting);
    return sighting;
  };
  const isInside = () => current.getStore() !== undefined;
  /** Puts a function in place of another; it is asked only for what comes from inside. */
  const replace = (target: object, name: string, call: (original: Callable, args: unknown[]) => unknown) => {
    const descriptor = Object.getOwnPropertyDescriptor(target, name);
    const original = (target as Bag)[name];
    if (typeof original !== "function") return;
    const value = new Proxy(original, {
      apply: (_, self, args: unknown[]) =>
        isInside()
          ? call((...given) => Reflect.apply(original, self, given) as unknown, args)
          : Reflect.apply(original, self, args),
      construct: (_, args: unknown[], self) =>
        (isInside() ? call(() => undefined, args) : Reflect.construct(original, args, self)) as object,
    });
    Object.defineProperty(target, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: descriptor?.enumerable ?? true,
    });
    restore.push(() =>
      descriptor === undefined ? Reflect.deleteProperty(target, name) : Object.defineProperty(target, name, descriptor),
    );
  };

  for (const [target, prefix, names] of IO) {
    for (const name of names) {
      replace(target, name, () => {
        note("io", `${prefix}${name}`);
        throw new Error(`${prefix}${name} is not for connectors: use ctx.request().`);
      });
    }
  }
  for (const name of PRINTING)
    replace(console, name, (_, args) => void note("print", `console.${name}`, args.map(String).join(" ")));
  for (const stream of ["stdout", "stderr"] as const)
    replace(process[stream], "write", (_, [chunk]) => note("print", `process.${stream}`, String(chunk)) !== undefined);
  for (const name of ["setTimeout", "setInterval", "setImmediate"]) {
    replace(globalThis, name, (original, [callback, ...rest]) => {
      const fired = (...args: unknown[]): unknown => {
        if (name !== "setInterval") timers.delete(timer);
        return (callback as Callable)(...args);
      };
      const timer: unknown = original(fired, ...rest);
      timers.set(timer, note("timer", name));
      return timer;
    });
  }
  for (const name of ["clearTimeout", "clearInterval", "clearImmediate"]) {
    replace(globalThis, name, (original, [timer]) => {
      timers.delete(timer);
      return original(timer);
    });
  }
  const environment = process.env;
  process.env = new Proxy(environment, {
    get(target, name) {
      if (!isInside() || typeof name !== "string" || isAskedByNode()) return Reflect.get(target, name) as unknown;
      note("environment", `process.env.${name}`);
      return undefined;
    },
    ownKeys(target) {
      if (!isInside()) return Reflect.ownKeys(target);
      note("environment", "process.env");
      return [];
    },
  });
  restore.push(() => (process.env = environment));
  syncBuiltinESMExports();
  try {
    return await work({
      boundary: {
        inside: (part, run) => current.run(part, run),
        outside: (run) => current.run(undefined, run),
      },
      sightings,
      callEnded() {
        for (const [timer, sighting] of timers) {
          // One that is let go does not keep the process.
          if ((timer as NodeJS.Timeout).hasRef()) sightings.push(sighting);
          clearTimeout(timer as NodeJS.Timeout);
          clearImmediate(timer as NodeJS.Immediate);
        }
        timers.clear();
      },
    });
  } finally {
    for (const undo of restore.toReversed()) undo();
    syncBuiltinESMExports();
  }
}

/** Node's own modules read the environment, too, whoever calls them; the loader of modules does. */
const isAskedByNode = (): boolean => (new Error("who asks").stack ?? "").split("\n")[3]?.includes("node:") === true;

type Callable = (...args: unknown[]) => unknown;
