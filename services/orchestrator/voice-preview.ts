import { AppError } from "#contracts/errors";
import { msToSamples, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import type { Ids } from "#core/ports/ids";
import type { VoiceLink } from "#core/ports/voice-link";
import { holdLease, type HoldLeaseDeps } from "./held-lease";

const SENTENCE = "Hello. This is how I sound.";
/** Any voice is through with the sentence by then. */
const MAX_SAMPLES = msToSamples(6_000, VOICE_SAMPLE_RATE_HZ);
/** Below the 20 s in which the client wants its answer. */
const TIMEOUT_MS = 10_000;

export interface VoicePreviewDeps extends HoldLeaseDeps {
  ids: Ids;
  voiceLink: VoiceLink;
  leaseTtlMs: number;
}

/**
 * Has a worker say a sentence with this voice, as in a conversation but apart from all of them. 48 kHz mono.
 * Throws `no-worker`, `worker-at-capacity`, or what the worker refuses with.
 */
export async function previewVoice(deps: VoicePreviewDeps, voice: string): Promise<Int16Array> {
  const requestId = deps.ids.next("preview");
  const held = await holdLease(deps, { requestId, voice, ttlMs: deps.leaseTtlMs });
  const over = new AbortController();
  const timer = deps.clock.setTimer(TIMEOUT_MS, () => over.abort());
  const pcm = new Int16Array(MAX_SAMPLES);
  let sampleCount = 0;
  try {
    const frames = deps.voiceLink.speak({
      sessionId: requestId,
      voice,
      lease: held.lease,
      clauses: oneClause(),
      signal: over.signal,
    });
    for await (const frame of frames) {
      if (sampleCount + frame.pcm.length > MAX_SAMPLES) break;
      pcm.set(frame.pcm, sampleCount);
      sampleCount += frame.pcm.length;
    }
  } catch (error) {
    if (over.signal.aborted) throw new AppError("synthesis-failed", { detail: "it took too long", cause: error });
    throw error;
  } finally {
    timer.dispose();
    over.abort();
    await held.release();
  }
  return pcm.subarray(0, sampleCount);
}

async function* oneClause(): AsyncGenerator<{ text: string; offset: number }, void, undefined> {
  yield await Promise.resolve({ text: SENTENCE, offset: 0 });
}
