import type { TalkEvent } from "#contracts/events/talk-event";
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

/** The last turn whose waterfall is known. */
export function lastMeasuredTurn(events: readonly TalkEvent[]): number | undefined {
  const metrics = events.findLast((event) => event.type === "turn-metrics");
  return metrics?.metrics.turn;
}
