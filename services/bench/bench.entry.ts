// Benchmarks: `bench NAME [--json]`, `bench --list`. Exit codes: 0 measured, whether the goals hold or not; 1 not measured; 2 wrong usage.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { createPinoLogger } from "#adapters/logging/pino-logger";
import { systemClock } from "#adapters/system/system-clock";
import { formatTable } from "#score/figures/table";
import { EXIT, print, printJson } from "../bin/cli-output";
import { places } from "../bin/places";
import { asrBenchmark } from "./asr-benchmark";
import { computingTimeBenchmark } from "./computing-time-benchmark";
import type { Half } from "#score/user/compose-script";
import type { Benchmark, BenchmarkResult } from "./benchmark";
import { echoBenchmark } from "./echo-benchmark";
import { endpointingBenchmark } from "./endpointing-benchmark";
import { failoverBenchmark } from "./failover-benchmark";
import { firstAudioBenchmark } from "./first-audio-benchmark";
import { fuzzBenchmark } from "./fuzz/fuzz-benchmark";
import { describeCommit, describeMachine } from "./machine";
import { memoryBenchmark } from "./memory-benchmark";
import { pacingBenchmark } from "./pacing-benchmark";
import { createDocument, formatDocument } from "./report";
import { registryBenchmark } from "./registry-benchmark";
import { routingBenchmark } from "./routing-benchmark";
import { soakBenchmark } from "./soak/soak-benchmark";
import { sayBenchmark } from "./say-benchmark";
import { sessionsBenchmark } from "./sessions/sessions-benchmark";
import { startBenchmark } from "./start-benchmark";
import { uiBenchmark } from "./ui-benchmark";
import { turnBenchmark } from "./turn-benchmark";
import { virtualClockBenchmark } from "./virtual-clock-benchmark";

const benchmarks: readonly Benchmark[] = [
  asrBenchmark,
  sayBenchmark,
  firstAudioBenchmark,
  endpointingBenchmark,
  echoBenchmark,
  memoryBenchmark,
  startBenchmark,
  uiBenchmark,
  failoverBenchmark,
  routingBenchmark,
  registryBenchmark,
  pacingBenchmark,
  sessionsBenchmark,
  soakBenchmark,
  fuzzBenchmark,
  turnBenchmark,
  computingTimeBenchmark,
  virtualClockBenchmark,
];
const USAGE = "usage: bench NAME [--json] [--tuning] [--minutes N] [--count N] | bench --list";
/** A benchmark takes 15 minutes at most on a computer that does nothing else. */
const LONGEST_RUN_MS = 30 * 60_000;
/** For those that go on as long as they are told to. */
const LONGEST_MINUTES = 24 * 60;
const LARGEST_COUNT = 1_000;
/** A benchmark measures a Parley of its own, not one that the environment names. */
const FOREIGN_ENV = ["REDIS_URL", "PARLEY_REDIS_URL", "REDIS_PASSWORD_FILE", "PARLEY_TOKEN"];

interface RunOptions {
  isJson: boolean;
  half: Half;
  minutes: number | undefined;
  count: number | undefined;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function leaveForWrongUsage(problem: string): never {
  say(`bench: ${problem}`);
  say(USAGE);
  process.exit(EXIT.usage);
}

/** Leaves when it is none from 1 to `max`. */
function readNumber(option: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!(number >= 1 && number <= max)) leaveForWrongUsage(`${option} takes a number from 1 to ${max}`);
  return number;
}

function readArguments(): RunOptions & { name: string | undefined; isList: boolean } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        list: { type: "boolean", default: false },
        tuning: { type: "boolean", default: false },
        minutes: { type: "string" },
        count: { type: "string" },
      },
    });
    if (positionals.length > 1) leaveForWrongUsage("one benchmark at a time");
    return {
      name: positionals[0],
      isJson: values.json,
      isList: values.list,
      half: values.tuning ? "tuning" : "held-out",
      minutes: readNumber("--minutes", values.minutes, LONGEST_MINUTES),
      count: readNumber("--count", values.count, LARGEST_COUNT),
    };
  } catch (error) {
    return leaveForWrongUsage(error instanceof Error ? error.message : String(error));
  }
}

function listBenchmarks(isJson: boolean): void {
  const entries = benchmarks.map(({ name, description }) => ({ name, description }));
  if (isJson) return printJson({ benchmarks: entries });
  for (const line of formatTable(entries.map(({ name, description }) => [name, description]))) print(line);
}

async function measure(benchmark: Benchmark, options: RunOptions): Promise<BenchmarkResult> {
  const workFolder = await mkdtemp(path.join(os.tmpdir(), "parley-bench-"));
  try {
    return await benchmark.run({
      progress: (line) => say(`${benchmark.name}: ${line}`),
      log: createPinoLogger({ level: "error", service: "bench" }),
      workFolder,
      half: options.half,
      minutes: options.minutes,
      count: options.count,
    });
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

function reportUnmeasured(error: unknown, isJson: boolean): void {
  const message = error instanceof Error ? error.message : String(error);
  say(`bench: could not measure: ${message}`);
  if (isJson) printJson({ error: { message } });
}

async function runBenchmark(benchmark: Benchmark, options: RunOptions): Promise<void> {
  const { isJson, minutes } = options;
  for (const name of FOREIGN_ENV) Reflect.deleteProperty(process.env, name);
  // Children end with this process.
  const longestMs = LONGEST_RUN_MS + (minutes ?? 0) * 60_000;
  const deadline = systemClock.setTimer(longestMs, () => {
    reportUnmeasured(new Error(`it took longer than ${longestMs / 60_000} minutes`), isJson);
    process.exit(EXIT.failed);
  });
  try {
    const commit = await describeCommit(fileURLToPath(new URL("../../", places.entryFolder)));
    const subject = { name: benchmark.name, commit, machine: describeMachine() };
    const document = createDocument(subject, await measure(benchmark, options));
    if (isJson) printJson(document);
    else print(formatDocument(document));
  } catch (error) {
    reportUnmeasured(error, isJson);
    process.exitCode = EXIT.failed;
  } finally {
    deadline.dispose();
  }
}

const { name, isList, ...options } = readArguments();
if (isList) listBenchmarks(options.isJson);
else if (name === undefined) leaveForWrongUsage("which benchmark?");
else {
  const benchmark = benchmarks.find((candidate) => candidate.name === name);
  if (benchmark === undefined) {
    leaveForWrongUsage(`there is no benchmark ${name}; there are ${benchmarks.map((one) => one.name).join(", ")}`);
  }
  await runBenchmark(benchmark, options);
}
