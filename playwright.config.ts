import { defineConfig } from "@playwright/test";
import type { ScenarioOptions } from "./e2e/scenarios/scenario";

/**
 * `fake`: the page against scripted replies, every odd case. `real` and `electron`: the same scenarios with everything
 * real, in Chromium and in the desktop window. `screenshots`: writes docs/screenshots, run by name only.
 *
 * With everything real a busy machine can break real time: such a scenario gets a second try, and the test command says so.
 */
export default defineConfig<object, ScenarioOptions>({
  testDir: "e2e",
  outputDir: "test-results",
  globalSetup: "./e2e/build-page.ts",
  timeout: 60_000,
  expect: { timeout: 15_000 },
  /** A conversation needs the processor to itself to keep real time. */
  workers: 1,
  reporter: [["list"]],
  projects: [
    { name: "fake", testMatch: "e2e/*.test.ts" },
    { name: "real", testMatch: "e2e/scenarios/*.test.ts", use: { host: "chromium" }, retries: 1 },
    { name: "electron", testMatch: "e2e/{electron,scenarios}/*.test.ts", use: { host: "electron" }, retries: 1 },
    { name: "screenshots", testMatch: /screenshots\.ts/ },
  ],
});
