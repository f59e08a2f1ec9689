import { spawn } from "node:child_process";
import { createReadStream, existsSync, readdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

import { tempFolder } from "../kit/temp-folder.ts";
import { usage } from "./terms.ts";

const MAX_BYTES = 64 * 1024 * 1024;

/** Unpacks what `npm pack` wrote into a folder of its own. Throws `usage-invalid`. */
export async function unpack(file: string): Promise<{ folder: string; remove: () => void }> {
  const { folder: place, remove } = tempFolder();
  try {
    await extract(file, place);
    const folder = path.join(place, "package");
    if (!existsSync(path.join(folder, "package.json"))) throw new Error("there is no package/package.json in it");
    return { folder, remove };
  } catch (error) {
    remove();
    throw usage(`${file} is not what npm pack writes: ${(error as Error).message}`);
  }
}

/** What an unpacked package imports is found where the command was called, so that nothing is fetched and no script is run. */
export function linkModules(folder: string): void {
  const modules = modulesAbove(process.cwd());
  if (modules === undefined) {
    throw usage(
      "A packed package is checked in a project that has @stepwire/core: npm install --save-dev @stepwire/core",
    );
  }
  symlinkSync(modules, path.join(path.dirname(folder), "node_modules"), "junction");
}

function modulesAbove(folder: string): string | undefined {
  const modules = path.join(folder, "node_modules");
  if (existsSync(path.join(modules, "@stepwire", "core"))) return modules;
  const parent = path.dirname(folder);
  return parent === folder ? undefined : modulesAbove(parent);
}

/** Every system that Node runs on has a tar that reads this, Windows since 2018. */
async function extract(file: string, into: string): Promise<void> {
  const tar = spawn("tar", ["-xf", "-", "-C", into], { stdio: ["pipe", "ignore", "pipe"] });
  const said = text(tar.stderr);
  const ended = new Promise<void>((resolve, reject) => {
    tar.once("error", reject);
    tar.once("close", (code) => {
      if (code === 0) resolve();
      else void said.then((words) => reject(new Error(words.trim().split("\n")[0] ?? `tar ended with ${code}`)));
    });
  });
  const [fed, done] = await Promise.allSettled([
    pipeline(createReadStream(file), createGunzip(), atMost(MAX_BYTES), tar.stdin),
    ended,
  ]);
  // What is wrong with the file goes before tar's words about what it got of it; that tar stopped reading is tar's to say.
  const isTars = fed.status === "rejected" && STOPPED.has((fed.reason as NodeJS.ErrnoException).code);
  if (fed.status === "rejected" && !isTars) throw fed.reason;
  if (done.status === "rejected") throw done.reason;
  for (const entry of readdirSync(into, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() && !entry.isDirectory())
      throw new Error(`${path.join(path.relative(into, entry.parentPath), entry.name)} is neither a file nor a folder`);
  }
}

const STOPPED = new Set<string | undefined>(["EPIPE", "ERR_STREAM_PREMATURE_CLOSE"]);

/** A few kB can be unpacked to what fills a disk. */
function atMost(most: number) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > most) throw new Error(`it is larger than ${most / 1024 / 1024} MB when unpacked`);
      yield chunk;
    }
  };
}
