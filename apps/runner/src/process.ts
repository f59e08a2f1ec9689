import { Console } from "node:console";
import { Writable } from "node:stream";

import { EXIT } from "./exit-codes.ts";
import { clean } from "./output/clean.ts";
import { withoutSecrets } from "./secrets.ts";

let ended = false;

/** Ends the process at once; the only way in which it may end. */
export function endProcess(code: number): never {
  ended = true;
  process.exit(code);
}

/**
 * Runs a command to its end as the whole of this process. The process ends with it, whatever timers and sockets a
 * connector package may have left behind, and ends as nothing else: a package that ends the process is a fault.
 */
export async function runProcess(command: () => Promise<number>): Promise<void> {
  let unwritable = false;
  // A reader that has seen enough (`| head`) is no fault; a full disk is, but the run itself goes on in both cases, so
  // that nothing is left half done.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") unwritable = true;
    });
  }
  // What a package writes for itself must not get into the document on stdout.
  globalThis.console = new Console(maskedStderr());
  // Thrown where nobody waits for it, by a package's timer or a promise it forgot: no exit code of the run's own.
  process.on("uncaughtException", (error) => {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`A package threw where nobody was waiting for it: ${clean(withoutSecrets(what))}\n`);
    endProcess(EXIT.fault);
  });
  process.on("exit", () => {
    if (ended) return;
    process.stderr.write("The process was ended by a connector package; nothing after that was done.\n");
    process.exitCode = EXIT.fault;
  });
  const code = await command();
  await Promise.all([process.stdout, process.stderr].map(flush));
  endProcess(unwritable && code === EXIT.done ? EXIT.fault : code);
}

/** A package that shows its request to whoever looks for a mistake shows the credentials in it. */
function maskedStderr(): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      process.stderr.write(withoutSecrets(String(chunk)));
      done();
    },
  });
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.errored) resolve();
    else stream.write("", () => resolve());
  });
}
