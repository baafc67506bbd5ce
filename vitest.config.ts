import { defineConfig } from "vitest/config";

const shared = { environment: "node" as const, testTimeout: 20_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          include: ["{services,renderer,electron}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.integration.test.ts"],
        },
      },
      {
        test: {
          ...shared,
          name: "integration",
          include: ["services/**/*.integration.test.ts"],
          globalSetup: ["services/testing/build-before-tests.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Most of their time is the real time of conversations: two at once, as there are two cores.
          maxWorkers: 2,
        },
      },
    ],
  },
});
