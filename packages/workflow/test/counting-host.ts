import { FakeHost } from "./fake-host.ts";

/** Knows how many timers nobody has stopped or waited for. */
export class CountingHost extends FakeHost {
  timers = 0;

  override at(time: number, fire: () => void): () => void {
    let isOpen = true;
    const close = (): void => {
      if (isOpen) this.timers -= 1;
      isOpen = false;
    };
    this.timers += 1;
    const stop = super.at(time, () => {
      close();
      fire();
    });
    return () => {
      close();
      stop();
    };
  }
}
