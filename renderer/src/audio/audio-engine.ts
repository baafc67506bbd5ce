import type { AudioFrame } from "#contracts/protocol/audio-frame";
import type { Disposable } from "#core/lifecycle/disposable";

/** The page's microphone and loudspeaker. */
export interface AudioEngine {
  /** Rate of what the microphone gives, Hz. */
  readonly sampleRateHz: 48_000;
  /** Queues a frame of the agent's voice. Takes its samples away from the caller. */
  play(frame: AudioFrame): void;
  flush(fromSample: number): void;
  duck(gainDb: number): void;
  unduck(): void;
  /** Asks for the microphone; `onPcm` gets 20 ms at a time. Rejects with AudioProblem. Disposing turns it off. */
  openMicrophone(events: MicrophoneEvents): Promise<Disposable>;
  /** After the browser has paused the sound; must come from a press of a button. */
  resume(): Promise<void>;
  /** Turns everything off, the microphone too. */
  close(): Promise<void>;
}

export interface MicrophoneEvents {
  onPcm(pcm: Int16Array): void;
  /** It was unplugged or taken away. */
  onLost(): void;
}

export interface AudioEngineEvents {
  /** At least every 50 ms while something plays. `heardSamples`: agent's clock, what has left the loudspeaker. */
  onPlayout(playout: { heardSamples: number; isPlaying: boolean }): void;
  /** The browser has paused the sound, or goes on. */
  onPaused(isPaused: boolean): void;
}

/** Rejects with AudioProblem, or with AppError `connect-failed` when its parts cannot be loaded. */
export type OpenAudioEngine = (events: AudioEngineEvents) => Promise<AudioEngine>;
