import type { WorkerStats } from "../../contracts/registry/worker-record";
import type { TtsModel } from "./tts-engine";
import type { TextClause, VoiceFrame } from "./voice-link";

export interface SynthesisRequest {
  sessionId: string;
  /** Model id; the worker's default when empty. */
  voice: string;
  /** Of the lease under which the text is sent; absent for clients that know no leases. */
  fencingToken: number | undefined;
  clauses: AsyncIterable<TextClause>;
  signal: AbortSignal;
}

/** A speech worker, whatever carries its calls. */
export interface VoiceWorker {
  readonly models: readonly TtsModel[];
  readonly defaultVoice: string;
  /** Streams at a time. */
  readonly capacity: number;
  /**
   * Speaks the clauses as they come: frames of 20 ms, paced to at most the configured lead ahead of real time; the last one
   * is marked. A text without words gives one silent last frame. Throws, with the first frame asked for or later:
   * `stale-token`, `worker-at-capacity`, `shutting-down`, `unknown-voice`, `synthesis-failed`, and `cancelled` after an abort.
   */
  openSynthesis(request: SynthesisRequest): AsyncIterable<VoiceFrame>;
  stats(): WorkerStats;
}
