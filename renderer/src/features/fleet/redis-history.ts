import type { RedisSnapshot } from "#contracts/protocol/admin";

export const HISTORY_MS = 600_000;
/** Snapshots come every 2 s; a longer pause is drawn as a gap. */
const GAP_MS = 10_000;
/** Bounds the memory should snapshots come faster than every second. */
const MAX_SAMPLES = 600;

/** One point of the charts; null: Redis did not answer, or nobody looked. */
export interface RedisSample {
  /** Unix time, ms. */
  atMs: number;
  roundTripMs: number | null;
  commandsPerSecond: number | null;
  usedMemoryBytes: number | null;
  /** Another server process than at the answer before. */
  isRestart: boolean;
}

export type RedisFigure = "roundTripMs" | "commandsPerSecond" | "usedMemoryBytes";

export interface RedisHistory {
  samples: readonly RedisSample[];
  runId: string | undefined;
}

export const EMPTY_HISTORY: RedisHistory = { samples: [], runId: undefined };

/** Adds a snapshot and forgets what is older than ten minutes. */
export function addToHistory(history: RedisHistory, snapshot: RedisSnapshot, atMs: number): RedisHistory {
  const { server } = snapshot;
  const last = history.samples.at(-1);
  const sample: RedisSample = {
    atMs,
    roundTripMs: server?.roundTripMs ?? null,
    commandsPerSecond: server?.commandsPerSecond ?? null,
    usedMemoryBytes: server?.usedMemoryBytes ?? null,
    isRestart: server !== undefined && history.runId !== undefined && server.runId !== history.runId,
  };
  const gap = last !== undefined && atMs - last.atMs > GAP_MS ? [emptySample(last.atMs + 1)] : [];
  const samples = [...history.samples, ...gap, sample].filter((each) => atMs - each.atMs <= HISTORY_MS);
  return { samples: samples.slice(-MAX_SAMPLES), runId: server?.runId ?? history.runId };
}

function emptySample(atMs: number): RedisSample {
  return { atMs, roundTripMs: null, commandsPerSecond: null, usedMemoryBytes: null, isRestart: false };
}

export interface FigureSummary {
  min: number;
  mean: number;
  max: number;
}

/** Undefined when there was no answer among the samples. */
export function summarise(samples: readonly RedisSample[], figure: RedisFigure): FigureSummary | undefined {
  const values = samples.map((sample) => sample[figure]).filter((value) => value !== null);
  if (values.length === 0) return undefined;
  return {
    min: values.reduce((least, value) => Math.min(least, value)),
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    max: values.reduce((most, value) => Math.max(most, value)),
  };
}

/** Samples by the minute they fell into, newest first. */
export function byMinute(samples: readonly RedisSample[]): { startMs: number; samples: RedisSample[] }[] {
  const minutes = new Map<number, RedisSample[]>();
  for (const sample of samples) {
    const startMs = sample.atMs - (sample.atMs % 60_000);
    minutes.set(startMs, [...(minutes.get(startMs) ?? []), sample]);
  }
  return [...minutes].map(([startMs, each]) => ({ startMs, samples: each })).reverse();
}
