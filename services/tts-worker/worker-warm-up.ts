import type { TextClause } from "#core/ports/voice-link";
import { ClauseRenderer, type ClauseRendererDeps } from "./clause-renderer";
import { streamVoice, type VoiceStreamDeps } from "./voice-stream";
import { WorkerMeter } from "./worker-meter";

/** The first of them takes 30 ms more than the last. */
const SENTENCES = ["Hello there, how are you today?", "It is 5 past 3.", "One moment, please!"];

export interface WorkerWarmUpDeps
  extends Omit<ClauseRendererDeps, "meter">, Pick<VoiceStreamDeps, "resamplers" | "clock"> {
  /** Waited for before each frame: who has work goes first. */
  nextTurn(): Promise<void>;
}

/** Speaks to nobody, so that the first listener finds the code compiled. Counts nowhere. Ends early by the signal. */
export async function warmUpWorker(
  deps: WorkerWarmUpDeps,
  { voice, signal }: { voice: string; signal: AbortSignal },
): Promise<void> {
  const frames = streamVoice(
    {
      ...deps,
      renderer: new ClauseRenderer({ ...deps, meter: new WorkerMeter() }),
      leadMs: Infinity,
      onFirstAudio: () => undefined,
      handsOver: () => false,
    },
    { voice, clauses: sentences(deps), signal },
  );
  try {
    for await (const _ of frames);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function* sentences({ nextTurn }: WorkerWarmUpDeps): AsyncGenerator<TextClause, void, undefined> {
  for (const text of SENTENCES) {
    await nextTurn();
    yield { text, offset: 0 };
  }
}
