import type { AudioFrame } from "#contracts/protocol/audio-frame";
import type { Disposable } from "#core/lifecycle/disposable";
import type { DeviceNotice, DeviceNoticeCode } from "./device-notice";

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
  /** Whether the orchestrator hears the person speak, so that a voice that is far too quiet can be told. */
  setUserSpeaking?(isSpeaking: boolean): void;
  /** Muted by the person: then silence is no fault. What the microphone gives still comes. */
  setMuted?(isMuted: boolean): void;
  /** Halts the agent's voice in mid-word until it is disposed. */
  pause?(): Disposable;
  /** After the browser has paused the sound; must come from a press of a button. */
  resume(): Promise<void>;
  /** Turns everything off, the microphone too. */
  close(): Promise<void>;
}

export interface MicrophoneEvents {
  onPcm(pcm: Int16Array): void;
  /** It was unplugged or taken away, and there is no other. */
  onLost(): void;
}

export interface AudioEngineEvents {
  /** At least every 50 ms while something plays. `heardSamples`: agent's clock, what has left the loudspeaker. */
  onPlayout(playout: { heardSamples: number; isPlaying: boolean }): void;
  /** The browser has paused the sound, or goes on. */
  onPaused(isPaused: boolean): void;
  /** About the devices; the conversation goes on. One of a code at a time: a later one takes its place. */
  onNotice?(notice: DeviceNotice): void;
  /** What was told with this code is over. */
  onNoticeOver?(code: DeviceNoticeCode): void;
}

/** Rejects with AudioProblem, or with AppError `connect-failed` when its parts cannot be loaded. */
export type OpenAudioEngine = (events: AudioEngineEvents) => Promise<AudioEngine>;
