import type { Logger } from "#core/ports/logger";
import type { Half } from "#score/user/compose-script";
import type { Measure } from "#score/figures/measure";

export interface BenchmarkContext {
  /** Says on stderr how far it is. */
  progress(line: string): void;
  log: Logger;
  /** Of events that are split into halves: which one to measure. */
  half: Half;
  /** How long to go on, for benchmarks that say so. */
  minutes: number | undefined;
  /** How often to measure, for benchmarks that say so. */
  count: number | undefined;
  /** An empty folder of its own, removed afterwards. */
  workFolder: string;
}

export interface BenchmarkResult {
  /** Samples behind the main measure. */
  n: number;
  /** By a name that says what was measured and how. */
  measures: Record<string, Measure>;
}

export interface Benchmark {
  name: string;
  /** One line, with its duration. */
  description: string;
  /** Rejects when it could not measure; goals that are missed are no failure. */
  run(context: BenchmarkContext): Promise<BenchmarkResult>;
}
