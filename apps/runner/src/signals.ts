import { EXIT } from "./exit-codes.ts";
import { endProcess } from "./process.ts";

/**
 * A terminal sends Ctrl-C to every process in the foreground, and npx passes on what it got: one press arrives twice.
 * What follows this soon is taken for the same press.
 */
const SAME_PRESS_MS = 250;

/**
 * A signal that fires at the first SIGINT or SIGTERM; the second one ends the process at once. It holds for the rest
 * of the process: a connector that does not stop keeps it busy even after the run is over.
 */
export function stopOnSignals(onStop: () => void, onExit: () => void = () => undefined): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const onSignal = () => {
    if (!controller.signal.aborted) {
      first = performance.now();
      onStop();
      controller.abort();
    } else if (performance.now() - first > SAME_PRESS_MS) {
      onExit();
      endProcess(EXIT.stopped);
    }
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return controller.signal;
}

export const STOPPING = "Cancelling; once more to stop at once.";
