import { msToSamples, samplesToMs, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";

/** Reports come every 100 ms at the latest; a smaller gap between two of them is jitter and not silence, ms. */
const MAX_JITTER_MS = 150;
/** What may wait to be played, as in the session itself. */
const MAX_WAITING_SAMPLES = msToSamples(120_000, VOICE_SAMPLE_RATE_HZ);

/** Sound at its place since the recording began, 48 kHz. */
export interface PlacedSound {
  startSample: number;
  pcm: Int16Array;
}

export interface Played {
  sounds: PlacedSound[];
  /** The first of the sounds came after silence: where the agent's samples began, and when. */
  start: { positionSamples: number; atMs: number } | undefined;
}

interface SentFrame {
  sampleIndex: number;
  pcm: Int16Array;
}

const NOTHING: Played = { sounds: [], start: undefined };

/**
 * Puts the agent's frames on the clock of a recording by the playout position: a sample was played when the position
 * has passed it. What was flushed before that never appears.
 */
export class SpeakerTimeline {
  /** In order and not yet played; a flush separates what it discards from what is sent after it. */
  #waiting: SentFrame[] = [];
  #sentEndSample = 0;
  #discardBefore: number | undefined;
  #positionSamples = 0;
  #writtenEndSample = 0;

  /** Where the last sound ends, ms. */
  get playedUntilMs(): number {
    return samplesToMs(this.#writtenEndSample, VOICE_SAMPLE_RATE_HZ);
  }

  frameSent(frame: SentFrame): void {
    const { sampleIndex, pcm } = frame;
    if (sampleIndex < this.#sentEndSample) {
      this.#waiting = this.#waiting.flatMap((sent) => headOf(sent, sampleIndex));
      this.#discardBefore = undefined;
    }
    this.#waiting.push(frame);
    this.#sentEndSample = sampleIndex + pcm.length;
    const oldest = this.#waiting[0];
    if (oldest !== undefined && this.#sentEndSample - oldest.sampleIndex > MAX_WAITING_SAMPLES) this.#waiting.shift();
  }

  /** The client throws away what it has not played; a position beyond all of it belongs to what is sent later. */
  flushed(): void {
    this.#discardBefore = this.#sentEndSample;
  }

  /** The speaker has come to this sample at this moment. */
  played(reportedSamples: number, atMs: number): Played {
    const positionSamples = Math.min(reportedSamples, this.#sentEndSample);
    if (positionSamples <= this.#positionSamples) return NOTHING;
    if (this.#discardBefore !== undefined && positionSamples > this.#discardBefore) this.#discard(this.#discardBefore);
    const taken = this.#takeUntil(positionSamples);
    this.#positionSamples = positionSamples;
    if (taken.length === 0) return NOTHING;
    const sampleCount = taken.reduce((sum, part) => sum + part.length, 0);
    const due = Math.max(0, msToSamples(atMs, VOICE_SAMPLE_RATE_HZ) - sampleCount);
    const isGapless = due - this.#writtenEndSample <= msToSamples(MAX_JITTER_MS, VOICE_SAMPLE_RATE_HZ);
    const isFirst = this.#writtenEndSample === 0;
    const start = isFirst || !isGapless ? Math.max(due, this.#writtenEndSample) : this.#writtenEndSample;
    this.#writtenEndSample = start + sampleCount;
    const began = { positionSamples: positionSamples - sampleCount, atMs: samplesToMs(start, VOICE_SAMPLE_RATE_HZ) };
    return { sounds: place(taken, start), start: isFirst || !isGapless ? began : undefined };
  }

  #discard(beforeSample: number): void {
    this.#waiting = this.#waiting.filter((frame) => frame.sampleIndex >= beforeSample);
    this.#positionSamples = Math.max(this.#positionSamples, beforeSample);
    this.#discardBefore = undefined;
  }

  #takeUntil(positionSamples: number): Int16Array[] {
    const taken: Int16Array[] = [];
    for (let frame = this.#waiting[0]; frame !== undefined; frame = this.#waiting[0]) {
      const { sampleIndex, pcm } = frame;
      if (sampleIndex >= positionSamples) break;
      const from = Math.max(0, this.#positionSamples - sampleIndex);
      const until = Math.min(pcm.length, positionSamples - sampleIndex);
      if (until > from) taken.push(pcm.subarray(from, until));
      if (until < pcm.length) break;
      this.#waiting.shift();
    }
    return taken;
  }
}

/** The part of a frame before a sample that is sent anew. */
function headOf(frame: SentFrame, untilSample: number): SentFrame[] {
  const kept = untilSample - frame.sampleIndex;
  if (kept <= 0) return [];
  return [kept >= frame.pcm.length ? frame : { ...frame, pcm: frame.pcm.subarray(0, kept) }];
}

function place(parts: readonly Int16Array[], startSample: number): PlacedSound[] {
  let at = startSample;
  return parts.map((pcm) => {
    const placed = { startSample: at, pcm };
    at += pcm.length;
    return placed;
  });
}
