/**
 * Thrown by `loop.break` and `loop.continue`, to get past the steps between them and their loop. It is no failure:
 * policies let it pass, and the steps that it leaves are completed.
 */
export class LoopExit extends Error {
  /** Whether the loop goes on with its next iteration. */
  readonly goesOn: boolean;

  constructor(goesOn: boolean) {
    super("A step left its loop.");
    this.goesOn = goesOn;
  }
}
