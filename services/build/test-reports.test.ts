import { describe, expect, it } from "vitest";
import { countPlaywright, countStep, countVitest, sumCounts } from "./test-reports.mjs";

const vitestReport = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1, testResults: [] };

describe("counting tests", () => {
  it("takes vitest's numbers, and counts pending and todo as skipped", () => {
    expect(countVitest(vitestReport)).toEqual({ passed: 5, failed: 1, skipped: 3 });
  });

  it("counts a test file that cannot be loaded as one failed test", () => {
    const testResults = [
      { status: "failed", assertionResults: [] },
      { status: "failed", assertionResults: [{ status: "failed" }] },
    ];
    expect(countVitest({ ...vitestReport, testResults }).failed).toBe(2);
  });

  it("takes Playwright's numbers, and counts an error outside any test as failed, and tells how many passed only when repeated", () => {
    const stats = { expected: 3, flaky: 1, unexpected: 2, skipped: 4 };
    expect(countPlaywright({ stats, errors: [{}] })).toEqual({ repeated: 1, passed: 4, failed: 3, skipped: 4 });
  });

  it.each([
    { hasPassed: true, expected: { passed: 1, failed: 0, skipped: 0 } },
    { hasPassed: false, expected: { passed: 0, failed: 1, skipped: 0 } },
  ])("counts a step without a report as one test (passed: $hasPassed)", ({ hasPassed, expected }) => {
    expect(countStep({ hasPassed, hasReport: false, counts: undefined })).toEqual(expected);
  });

  it("counts a step that left no report as one failed test, whatever its exit code", () => {
    expect(countStep({ hasPassed: true, hasReport: true, counts: undefined })).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
    });
  });

  it("never reports a failed step as free of failures", () => {
    const counts = { passed: 5, failed: 0, skipped: 0 };
    expect(countStep({ hasPassed: false, hasReport: true, counts })).toEqual({ passed: 5, failed: 1, skipped: 0 });
  });

  it("adds the steps up", () => {
    expect(
      sumCounts([
        { passed: 1, failed: 0, skipped: 2 },
        { passed: 3, failed: 4, skipped: 5 },
      ]),
    ).toEqual({ passed: 4, failed: 4, skipped: 7 });
  });
});
