import type { TalkEvent } from "#contracts/events/talk-event";
import type { TurnMetrics } from "#contracts/protocol/server-message";
import { VOICE_SAMPLE_RATE_HZ, msToSamples, samplesToMs } from "#contracts/units";
import { firstAudibleSample, speechEndSample } from "#score/audio/speech-edges";

/** Instants on the recording's clock. */
export type Reply =
  | { type: "answered"; userEndMs: number; audibleMs: number }
  /** The agent was audible when the user's speech ended: what follows is no reply to all of it. */
  | { type: "overlapped" }
  | { type: "unanswered" };

/** Longer than the pauses between an agent's words, so that an answer in progress is seen. */
const OVERLAP_MS = 500;

/** Both sides of a conversation on one clock, 48 kHz. */
export function judgeReply(audio: { user: Float32Array; agentPcm: Int16Array }): Reply {
  const end = speechEndSample(audio.user, VOICE_SAMPLE_RATE_HZ);
  const from = Math.max(0, end - msToSamples(OVERLAP_MS, VOICE_SAMPLE_RATE_HZ));
  const audible = firstAudibleSample(audio.agentPcm, from);
  if (audible === undefined) return { type: "unanswered" };
  if (audible < end) return { type: "overlapped" };
  return {
    type: "answered",
    userEndMs: samplesToMs(end, VOICE_SAMPLE_RATE_HZ),
    audibleMs: samplesToMs(audible, VOICE_SAMPLE_RATE_HZ),
  };
}

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
 * The stages of the conversation's last turn. The orchestrator's own figures start at the VAD's end of speech; where that is
 * on the recording's clock follows from the start of the turn, which is announced at the endpoint decision.
 */
export function readWaterfall(events: readonly TalkEvent[], reply: Reply & { type: "answered" }): Waterfall {
  const metrics = events.flatMap((event) => (event.type === "turn-metrics" ? [event.metrics] : [])).at(-1);
  const start = events.find((event) => event.type === "agent-turn-start" && event.turn === metrics?.turn);
  if (metrics?.endpointMs === undefined || start === undefined) return {};
  const vadEndMs = start.atMs - metrics.endpointMs;
  const waterfall: Waterfall = { "VAD's end of speech, from the end in the user's audio": vadEndMs - reply.userEndMs };
  for (const [stage, name] of Object.entries(STAGES)) {
    const durationMs = metrics[stage as keyof typeof STAGES];
    if (durationMs !== undefined) waterfall[name] = durationMs;
  }
  if (metrics.firstFrameSentMs !== undefined)
    waterfall["first audible sample, from the first frame sent"] =
      reply.audibleMs - vadEndMs - metrics.firstFrameSentMs;
  return waterfall;
}
