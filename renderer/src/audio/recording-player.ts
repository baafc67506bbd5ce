/** The same stretch of both sides, mono, each at its own rate. */
export interface RecordedStretch {
  user: { sampleRateHz: number; pcm: Int16Array };
  agent: { sampleRateHz: number; pcm: Int16Array };
}

export interface PlayRecording {
  fromMs: number;
  lengthMs: number;
  /** The next `stretchMs` from there; shorter where the recording ends. */
  read(fromMs: number): Promise<RecordedStretch>;
  stretchMs: number;
  stop: AbortSignal;
}

/** Plays both sides of a recording at once, as they were; resolves when it is over or stopped. Rejects with what `read` does, or with AudioProblem. */
export type RecordingPlayer = (recording: PlayRecording) => Promise<void>;
