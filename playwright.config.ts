import { defineConfig } from "@playwright/test";
import type { ParleyOptions } from "./e2e/fixtures";

/**
 * `fake`: the page against scripted replies, every odd case. `real`: the same conversations against the real
 * orchestrator, worker and models. `electron`: in the desktop window, with all that is real. `screenshots`: writes docs/screenshots, run by name only.
 */
export default defineConfig<ParleyOptions>({
  testDir: "e2e",
  outputDir: "test-results",
  globalSetup: "./e2e/build-page.ts",
  timeout: 60_000,
  expect: { timeout: 15_000 },
  /** A conversation needs the processor to itself to keep real time. */
  workers: 1,
  reporter: [["list"]],
  projects: [
    {
      name: "fake",
      testMatch: /(accessibility|conversation|page|devices|settings|history)\.test\.ts/,
      use: { orchestratorKind: "fake" },
    },
    { name: "real", testMatch: /conversation\.test\.ts/, use: { orchestratorKind: "real" } },
    { name: "electron", testMatch: /electron\/\w+\.test\.ts/ },
    { name: "screenshots", testMatch: /screenshots\.ts/, use: { orchestratorKind: "fake" } },
  ],
});
