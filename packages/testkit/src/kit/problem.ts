/** Something that a connector does wrong. */
export interface Problem {
  /** Which part: `acme/pager.page input.text`, `package.json exports`. */
  readonly where: string;
  /** What is wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
}

/** What came of a group. Neither problems nor anything checked means that it did not run, and `notRun` says why. */
export interface Findings {
  readonly problems: readonly Problem[];
  /** How many things were looked at. */
  readonly checked: number;
  /** What could not be looked at, and why; one sentence each. */
  readonly notRun: readonly string[];
}

/** Collects what one group finds. */
export interface Report {
  problem(where: string, message: string, fix: string): void;
  checked(count?: number): void;
  notRun(reason: string): void;
}

/** Runs a group's checks and gathers what they report. */
export async function findingsOf(check: (report: Report) => void | Promise<void>): Promise<Findings> {
  const problems: Problem[] = [];
  const notRun = new Set<string>();
  let checked = 0;
  await check({
    problem(where, message, fix) {
      problems.push({ where, message, fix });
    },
    checked(count = 1) {
      checked += count;
    },
    notRun(reason) {
      notRun.add(reason);
    },
  });
  return { problems, checked, notRun: [...notRun] };
}
