import { Drop } from "liquidjs";

/** Remembers whether a rendering read something that only a run knows. */
export interface Tracker {
  touched: boolean;
}

/** Stands for a value that only a run knows; shows as `<steps.create.output.key>`, and so does everything in it. */
export class Placeholder extends Drop {
  readonly #path: string;
  readonly #tracker: Tracker;

  constructor(path: string, tracker: Tracker) {
    super();
    this.#path = path;
    this.#tracker = tracker;
  }

  override liquidMethodMissing(key: string | number): Placeholder {
    this.#tracker.touched = true;
    const part = typeof key === "number" || /^\d+$/.test(key) ? `[${key}]` : `.${key}`;
    return new Placeholder(this.#path + part, this.#tracker);
  }

  override valueOf(): string {
    this.#tracker.touched = true;
    return `<${this.#path}>`;
  }

  override toString(): string {
    return this.valueOf();
  }

  toJSON(): string {
    return this.valueOf();
  }
}
