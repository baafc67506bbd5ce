import type { PlayoutReport } from "#core/client/heard-position";

export const MIC_PROCESSOR = "parley-mic";
export const PLAYBACK_PROCESSOR = "parley-playback";

/** Page to playback worklet, in the order of the wire. */
export type PlaybackCommand =
  | { type: "frame"; sampleIndex: number; pcm: Int16Array; isLast: boolean }
  | { type: "flush"; fromSample: number }
  | { type: "duck"; gainDb: number }
  | { type: "unduck" };

/** Playback worklet to page: at least every 50 ms while something plays and for a second after. */
export interface PlaybackReport extends PlayoutReport {
  isPlaying: boolean;
  bufferedMs: number;
  underrunCount: number;
  droppedFrameCount: number;
}

/** Mic worklet to page: 20 ms of mono PCM at the context's rate. */
export type MicPcm = Int16Array;
