import { VOICE_SAMPLE_RATE_HZ, msToSamples, samplesToMs } from "#contracts/units";
import { firstAudibleSample, speechEndSample } from "./speech-edges";

export type Reply =
  | { type: "answered"; latencyMs: number }
  /** The agent was audible when the user's speech ended: what follows is no reply to all of it. */
  | { type: "overlapped" }
  | { type: "unanswered" };

/** Longer than the pauses between an agent's words, so that an answer in progress is seen. */
const OVERLAP_MS = 500;

/** Both sides of a conversation on one clock, 48 kHz. */
export function judgeReply(audio: { user: Float32Array; agentPcm: Int16Array }): Reply {
  const end = speechEndSample(audio.user, VOICE_SAMPLE_RATE_HZ);
  const before = firstAudibleSample(audio.agentPcm, Math.max(0, end - msToSamples(OVERLAP_MS, VOICE_SAMPLE_RATE_HZ)));
  if (before !== undefined && before < end) return { type: "overlapped" };
  if (before === undefined) return { type: "unanswered" };
  return { type: "answered", latencyMs: samplesToMs(before - end, VOICE_SAMPLE_RATE_HZ) };
}
