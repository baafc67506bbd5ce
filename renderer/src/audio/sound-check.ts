import type { Disposable } from "#core/lifecycle/disposable";

export interface Recording {
  pcm: Int16Array;
  sampleRateHz: number;
  /** The microphone gave nothing but zeros. */
  isZero: boolean;
}

export interface OpenCheck extends Disposable {
  /** Records from now on; resolves after `durationMs`, or earlier with what there is when disposed. */
  record(durationMs: number): Promise<Recording>;
}

/** Tries microphone and speaker outside of a conversation. */
export interface SoundCheck {
  /** Opens the preferred microphone; `onLevel` gets the RMS of each 20 ms, 0 to 1. Rejects with AudioProblem. */
  openMicrophone(events: { onLevel(level: number): void; onEnded(): void }): Promise<OpenCheck>;
  /** Plays a short chime on the preferred speaker; resolves when it is over. Rejects with AudioProblem. */
  playChime(): Promise<void>;
  /** Plays a recording on the preferred speaker; resolves when it is over or `stop` aborts. */
  play(recording: Recording, stop: AbortSignal): Promise<void>;
}
