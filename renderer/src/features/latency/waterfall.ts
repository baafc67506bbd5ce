import type { TurnMetrics } from "#contracts/protocol/server-message";

export type StageName =
  "decision" | "final-transcript" | "first-token" | "first-clause" | "lease" | "worker-audio" | "speaker";

/** One stage of an answer, ms from the end of the user's speech (typed text: from when it was sent). */
export interface Stage {
  name: StageName;
  startMs: number;
  endMs: number;
}

export const STAGE_TITLES: Readonly<Record<StageName, string>> = {
  "decision": "Sure that you had finished",
  "final-transcript": "Final transcript",
  "first-token": "First words of the answer",
  "first-clause": "First clause complete",
  "lease": "Worker free for it",
  "worker-audio": "First audio at the worker",
  "speaker": "Out of the speaker",
};

export const STAGE_NAMES = Object.keys(STAGE_TITLES) as StageName[];

/** The stages that happened, in the order of the list above. Some run side by side. */
export function stagesOf(metrics: TurnMetrics): Stage[] {
  const { endpointMs = 0, finalTranscriptMs, brainFirstTokenMs, firstClauseMs, leaseMs, workerFirstFrameMs } = metrics;
  const isTyped = finalTranscriptMs === undefined;
  const textMs = brainFirstTokenMs ?? endpointMs;
  const readyMs = Math.max(firstClauseMs ?? textMs, leaseMs ?? endpointMs);
  return [
    stage("decision", 0, isTyped ? undefined : endpointMs),
    stage("final-transcript", 0, finalTranscriptMs),
    stage("first-token", endpointMs, brainFirstTokenMs),
    stage("first-clause", textMs, firstClauseMs),
    stage("lease", endpointMs, leaseMs),
    stage("worker-audio", readyMs, workerFirstFrameMs),
    stage("speaker", workerFirstFrameMs ?? readyMs, metrics.playoutStartMs),
  ].flatMap((found) => found ?? []);
}

function stage(name: StageName, startMs: number, endMs: number | undefined): Stage | undefined {
  return endMs === undefined ? undefined : { name, startMs: Math.min(startMs, endMs), endMs };
}

/** Time in which the stage ran. */
export function tookMs({ startMs, endMs }: Stage): number {
  return endMs - startMs;
}

/** Nearest rank: the smallest value that at least `percent` of all values do not exceed. undefined of none. */
export function percentile(values: readonly number[], percent: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

/** How long each answer took from the end of speech to the speaker, of those that came so far. */
export function answerTimesMs(metrics: readonly TurnMetrics[]): number[] {
  return metrics.flatMap(({ playoutStartMs }) => playoutStartMs ?? []);
}
