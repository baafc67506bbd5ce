// Everything that must pass: `test.mjs [--quick] [--only step,step]`. Ends with `N passed, N failed, N skipped`.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./repo-root.mjs";
import { steps } from "./steps.mjs";
import { findChromium, provideSystemPackages } from "./system-packages.mjs";
import { countPlaywright, countStep, countVitest, sumCounts } from "./test-reports.mjs";

const counters = { vitest: countVitest, playwright: countPlaywright };

function selectSteps() {
  const { values } = parseArgs({ options: { only: { type: "string" }, quick: { type: "boolean", default: false } } });
  const names = values.only?.split(",");
  const unknown = names?.filter((name) => !steps.some((step) => step.name === name)) ?? [];
  if (unknown.length > 0)
    throw new Error(`no such step: ${unknown.join(", ")}; there are: ${steps.map((step) => step.name).join(", ")}`);
  return steps.filter((step) =>
    names === undefined ? !values.quick || step.quick === true : names.includes(step.name),
  );
}

/** Exit code of a command, 1 when it could not be started. Its output goes to `write`, or straight through without. */
function run([command, ...args], { env, write }) {
  return new Promise((resolve) => {
    const output = write === undefined ? "inherit" : "pipe";
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ["ignore", output, output],
      env: { ...process.env, ...env },
    });
    child.stdout?.on("data", write);
    child.stderr?.on("data", write);
    child.once("error", (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(1);
    });
    child.once("close", (code) => resolve(code ?? 1));
  });
}

function readCounts(step, reportFile) {
  try {
    return counters[step.report](JSON.parse(readFileSync(reportFile, "utf8")));
  } catch {
    return undefined;
  }
}

async function runStep(step, { reportFile, write }) {
  const startMs = performance.now();
  const chromium = step.needsSystem ? findChromium() : undefined;
  const env = { PLAYWRIGHT_JSON_OUTPUT_NAME: reportFile, ...(chromium && { PARLEY_CHROMIUM: chromium }) };
  let hasPassed = true;
  for (const command of step.commands(reportFile)) hasPassed = (await run(command, { env, write })) === 0 && hasPassed;
  const hasReport = step.report !== undefined;
  const counts = countStep({ hasPassed, hasReport, counts: hasReport ? readCounts(step, reportFile) : undefined });
  return { name: step.name, counts, seconds: (performance.now() - startMs) / 1000 };
}

/** Runs the steps in their order; those that start early keep what they print until it is their turn. */
async function runSteps(chosen, reportFolder) {
  const early = new Map();
  for (const step of chosen.filter((each) => each.startsEarly)) {
    const chunks = [];
    early.set(step, { chunks, result: runStep(step, { reportFile: undefined, write: (chunk) => chunks.push(chunk) }) });
  }
  const results = [];
  for (const step of chosen) {
    console.log(`\n== ${step.name}`);
    const started = early.get(step);
    const reportFile = path.join(reportFolder, `${step.name}.json`);
    results.push(await (started?.result ?? runStep(step, { reportFile })));
    for (const chunk of started?.chunks ?? []) process.stdout.write(chunk);
  }
  return results;
}

const words = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

async function main() {
  const chosen = selectSteps();
  const stillMissing = chosen.some((step) => step.needsSystem) ? provideSystemPackages() : [];
  for (const line of stillMissing) console.log(line);

  const reportFolder = mkdtempSync(path.join(tmpdir(), "parley-test-"));
  let results = [];
  try {
    results = await runSteps(chosen, reportFolder);
  } finally {
    rmSync(reportFolder, { recursive: true, force: true });
  }

  console.log("");
  for (const { name, counts, seconds } of results) {
    const state = counts.failed > 0 ? "FAILED" : "ok    ";
    const repeated = counts.repeated > 0 ? `, ${counts.repeated} only at the second try` : "";
    console.log(`${state} ${name.padEnd(12)} ${words(counts)} (${seconds.toFixed(1)} s)${repeated}`);
  }
  for (const line of stillMissing) console.log(line);
  const total = sumCounts(results.map((result) => result.counts));
  console.log(words(total));
  process.exitCode = total.failed > 0 ? 1 : 0;
}

try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
