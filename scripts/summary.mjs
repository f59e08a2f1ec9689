import { readFileSync } from "node:fs";

/** Counts a vitest JSON report and the checks beside it; a file that could not be loaded holds no test and counts as one failure. */
export function summarize(file, failedChecks) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { line: `0 passed, ${1 + failedChecks} failed`, good: false };
  }
  const broken = report.testResults.filter(
    (result) => result.status === "failed" && !result.assertionResults.some((test) => test.status === "failed"),
  );
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + broken.length + failedChecks;
  const skipped = report.numPendingTests + report.numTodoTests;
  const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  return { line, good: report.success && failed === 0 && passed > 0 };
}
