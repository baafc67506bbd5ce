import type { PlayoutReport } from "#core/client/heard-position";

export const MIC_PROCESSOR = "parley-mic";
export const PLAYBACK_PROCESSOR = "parley-playback";

/** Page to playback worklet, in the order of the wire. */
export type PlaybackCommand =
  | { type: "frame"; sampleIndex: number; pcm: Int16Array; isLast: boolean }
  | { type: "flush"; fromSample: number }
  | { type: "duck"; gainDb: number }
  | { type: "unduck" }
  /** Halt in mid-word; `rewindSamples` of what left last are played again afterwards, because nobody heard them. */
  | { type: "pause"; rewindSamples: number }
  | { type: "resume" };

/** Playback worklet to page: at least every 50 ms while something plays and for a second after. */
export interface PlaybackReport extends PlayoutReport {
  isPlaying: boolean;
  bufferedMs: number;
  underrunCount: number;
  droppedFrameCount: number;
}

/** Mic worklet to page: 20 ms of mono PCM at the context's rate. */
export interface MicPcm {
  pcm: Int16Array;
  /** Before rounding, every sample was zero: a microphone that is switched off, not a quiet room. */
  isZero: boolean;
}
