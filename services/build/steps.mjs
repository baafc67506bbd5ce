// The steps of the test command in their order. `report` says whose JSON report counts the step's tests.
import path from "node:path";
import { ROOT } from "./repo-root.mjs";

const bin = (name) => path.join(ROOT, "node_modules/.bin", name);
const vitest = (project, reportFile) => [
  [
    bin("vitest"),
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${reportFile}`,
  ],
];

/**
 * `needsSystem`: uses programs or data that apt provides. `quick`: part of `npm run check`.
 * `startsEarly`: runs beside the steps before it, which shortens the whole on two cores; its output waits for its turn.
 */
export const steps = [
  { name: "format", quick: true, commands: () => [[bin("prettier"), "--check", "--log-level=warn", "--cache", "."]] },
  {
    name: "types",
    quick: true,
    commands: () => [
      [bin("tsc"), "-b"],
      [bin("tsc"), "-p", "tsconfig.test.json"],
    ],
  },
  {
    name: "graph",
    quick: true,
    commands: () => [[bin("depcruise"), "--output-type=err", "."]],
  },
  { name: "unused", quick: true, commands: () => [[bin("knip"), "--no-progress"]] },
  {
    name: "lint",
    quick: true,
    startsEarly: true,
    commands: () => [[bin("eslint"), "."]],
  },
  { name: "unit", quick: true, report: "vitest", commands: (reportFile) => vitest("unit", reportFile) },
  {
    name: "integration",
    report: "vitest",
    needsSystem: true,
    commands: (reportFile) => vitest("integration", reportFile),
  },
  { name: "build", commands: () => [[process.execPath, "services/build/build.mjs", "--force"]] },
  {
    name: "e2e",
    report: "playwright",
    needsSystem: true,
    commands: () => [[bin("playwright"), "test", "--project=fake", "--project=real", "--reporter=list,json"]],
  },
  {
    name: "e2e-electron",
    report: "playwright",
    needsSystem: true,
    commands: () => [[bin("playwright"), "test", "--project=electron", "--reporter=list,json"]],
  },
];
