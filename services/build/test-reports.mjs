// Counts of the JSON reports that vitest and Playwright write.

/** Vitest's: a file that cannot be loaded has no tests, so it counts as one failed test. */
export function countVitest(report) {
  const unloadable = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Playwright's: `errors` are those outside any test. A test that passed only when repeated has passed, and is told. */
export function countPlaywright(report) {
  return {
    repeated: report.stats.flaky,
    passed: report.stats.expected + report.stats.flaky,
    failed: report.stats.unexpected + report.errors.length,
    skipped: report.stats.skipped,
  };
}

/**
 * Counts of one step. Without a report a step is one test; a step that failed with all its tests passed,
 * or that left no report, is one failed test more.
 */
export function countStep({ hasPassed, hasReport, counts }) {
  if (!hasReport) return { passed: hasPassed ? 1 : 0, failed: hasPassed ? 0 : 1, skipped: 0 };
  if (counts === undefined) return { passed: 0, failed: 1, skipped: 0 };
  return hasPassed || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

export function sumCounts(all) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const counts of all) for (const key of Object.keys(total)) total[key] += counts[key];
  return total;
}
