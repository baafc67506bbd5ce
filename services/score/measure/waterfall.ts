import type { TalkEvent } from "#contracts/events/talk-event";
import type { TurnMetrics } from "#contracts/protocol/server-message";
import { spread, type Measure } from "../figures/measure";

const STAGES = {
  finalTranscriptMs: "final transcript, from the VAD's end of speech",
  endpointMs: "endpoint decision, from the VAD's end of speech",
  brainFirstTokenMs: "brain's first token, from the VAD's end of speech",
  leaseMs: "lease on a worker, from the VAD's end of speech",
  firstClauseMs: "first clause, from the VAD's end of speech",
  workerFirstFrameMs: "worker's first frame, from the VAD's end of speech",
  firstFrameSentMs: "first frame sent to the client, from the VAD's end of speech",
  playoutStartMs: "playout start as the client reports it, from the VAD's end of speech",
} as const satisfies Partial<Record<keyof TurnMetrics, string>>;

/** Stages in the order in which they are shown; each with its duration in ms where it happened. */
export type Waterfall = Record<string, number>;

/**
 * The stages of an answer. `userEndMs` and `audibleMs`: end of the user's speech and first sound of the answer, on the clock of
 * the recording. The orchestrator's own figures start at the VAD's end of speech; where that is on the recording's clock follows
 * from the start of the turn, which is announced at the endpoint decision.
 */
export function readWaterfall(
  events: readonly TalkEvent[],
  answer: { turn: number; userEndMs: number; audibleMs: number },
): Waterfall {
  const metrics = events.findLast((event) => event.type === "turn-metrics" && event.metrics.turn === answer.turn);
  const start = events.find((event) => event.type === "agent-turn-start" && event.turn === answer.turn);
  if (metrics?.type !== "turn-metrics" || metrics.metrics.endpointMs === undefined || start === undefined) return {};
  const stages = metrics.metrics;
  const vadEndMs = start.atMs - metrics.metrics.endpointMs;
  const waterfall: Waterfall = { "VAD's end of speech, from the end in the user's audio": vadEndMs - answer.userEndMs };
  for (const [stage, name] of Object.entries(STAGES)) {
    const durationMs = stages[stage as keyof typeof STAGES];
    if (durationMs !== undefined) waterfall[name] = durationMs;
  }
  if (stages.firstFrameSentMs !== undefined)
    waterfall["first audible sample, from the first frame sent"] =
      answer.audibleMs - vadEndMs - stages.firstFrameSentMs;
  return waterfall;
}

export function summariseWaterfalls(waterfalls: readonly Waterfall[]): Record<string, Measure> {
  const names = [...new Set(waterfalls.flatMap((waterfall) => Object.keys(waterfall)))];
  return Object.fromEntries(
    names.map((name) => [
      `stage: ${name}`,
      spread(
        "ms",
        waterfalls.flatMap((waterfall) => waterfall[name] ?? []),
      ),
    ]),
  );
}
