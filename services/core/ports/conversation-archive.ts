import type { ConversationList, ConversationRecord } from "#contracts/recording/kept-conversation";

/** The same stretch of both sounds, 16-bit mono PCM, little-endian. */
export interface RecordedSound {
  user: { sampleRateHz: number; pcm: Uint8Array };
  agent: { sampleRateHz: number; pcm: Uint8Array };
}

/** The conversations that were kept. An id that is none, or of which nothing is kept, is refused as `unknown-conversation`. */
export interface ConversationArchive {
  /** Newest first; those that hold all words of the query, all for an empty one. */
  list(query: string): Promise<ConversationList>;
  get(id: string): Promise<ConversationRecord>;
  /** Out of the list at once, and out of the computer ten minutes later. Rejects with `recording-running`. */
  delete(id: string): Promise<void>;
  /** Takes a deletion back. */
  restore(id: string): Promise<void>;
  /** May be shorter than asked for: the recording ends there. */
  readSound(id: string, range: { fromMs: number; lengthMs: number }): Promise<RecordedSound>;
}
