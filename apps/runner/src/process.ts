import { EXIT } from "./exit-codes.ts";
import { clean } from "./output/clean.ts";

/**
 * Runs a command to its end as the whole of this process. The process ends with it, whatever timers and sockets a
 * connector package may have left behind.
 */
export async function runProcess(command: () => Promise<number>): Promise<void> {
  // A reader that has seen enough (`| head`) is no fault; the run itself goes on, so that nothing is left half done.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  // Thrown where nobody waits for it, by a package's timer or a promise it forgot: no exit code of the run's own.
  process.on("uncaughtException", (error) => {
    process.stderr.write(`${clean(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`);
    process.exit(EXIT.fault);
  });
  const code = await command();
  await Promise.all([process.stdout, process.stderr].map(flush));
  process.exit(code);
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) resolve();
    else stream.write("", () => resolve());
  });
}
