import type { Lease } from "./worker-registry";

/** A clause of the agent's turn on its way to the worker. */
export interface TextClause {
  text: string;
  /** Offset in the turn's text, UTF-16 units. */
  offset: number;
}

export interface VoiceWord {
  text: string;
  /** Samples at 48 kHz from the start of the stream's audio. */
  startSamples: number;
  endSamples: number;
  /** Span in the turn's text. */
  textStart: number;
  textEnd: number;
}

export interface VoiceFrame {
  /** 960 samples, 48 kHz mono. */
  pcm: Int16Array;
  /** Words of the clause that starts with this frame. */
  words: VoiceWord[];
  isFinal: boolean;
}

export interface SpeakRequest {
  sessionId: string;
  voice: string;
  lease: Lease;
  /** Clauses as they come; the stream's audio ends when this ends. */
  clauses: AsyncIterable<TextClause>;
  signal: AbortSignal;
}

/**
 * The way to the speech workers. `speak` yields frames in order, paced by the worker, and ends after the final one.
 * Throws `worker-lost` (connection broke or the stream ended early), `worker-refused`, `stale-token`, `unknown-voice`,
 * `synthesis-failed`, `worker-unauthorized`, and `worker-unreachable`, `worker-untrusted`, `worker-needs-tls` or `worker-without-tls` for one that was never reached; after an abort it throws `cancelled` and yields nothing more.
 */
export interface VoiceLink {
  speak(request: SpeakRequest): AsyncIterable<VoiceFrame>;
  close(): Promise<void>;
}
