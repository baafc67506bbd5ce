import { msToSamples, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";

/** A client that has not reported for this long after audio was sent is taken to play in real time [TT25]. */
const REPORT_OVERDUE_MS = 1_000;
/** Reports come at least every 100 ms; beyond this age the position is not carried on. */
const MAX_EXTRAPOLATION_MS = 150;

/**
 * Where the client's speaker is on the agent's sample clock (48 kHz, samples since the session began).
 * Carries the last report on in real time until the next one; never beyond what was sent.
 */
export class PlayoutTracker {
  #sentEndSample = 0;
  #reported: { positionSamples: number; atMs: number } | undefined;
  /** Start of the uninterrupted run of frames that is playing; for clients that do not report. */
  #run: { startSample: number; startAtMs: number } | undefined;

  /** Returns the sample index of the frame. */
  frameSent(samples: number, nowMs: number): number {
    const startSample = this.#sentEndSample;
    if (this.#run === undefined || this.#assumedPosition(nowMs) >= this.#sentEndSample) {
      this.#run = { startSample, startAtMs: nowMs };
    }
    this.#sentEndSample += samples;
    return startSample;
  }

  report(positionSamples: number, nowMs: number): void {
    const position = Math.min(positionSamples, this.#sentEndSample);
    if (this.#reported !== undefined && position < this.#reported.positionSamples) return;
    this.#reported = { positionSamples: position, atMs: nowMs };
  }

  /** What was sent from this sample on is thrown away by the client; the next frame takes its place. */
  rollBack(toSample: number): void {
    this.#sentEndSample = Math.min(this.#sentEndSample, Math.max(toSample, this.#reported?.positionSamples ?? 0));
  }

  /** The client throws away all that it has not played. */
  flushed(): void {
    this.#run = undefined;
  }

  /** As `flushed`, and the position stands where it is until audio is sent again. */
  halt(nowMs: number): void {
    this.#reported = { positionSamples: this.positionSamples(nowMs), atMs: nowMs };
    this.#run = undefined;
  }

  /** The client's clock stands still, for instance while it is disconnected. */
  pause(): void {
    this.#reported = undefined;
    this.#run = undefined;
  }

  /** The client is back and plays on from here. */
  resume(positionSamples: number, nowMs: number): void {
    this.#run = { startSample: positionSamples, startAtMs: nowMs };
  }

  /** The sample after the last one sent: index of the next frame. */
  get sentEndSample(): number {
    return this.#sentEndSample;
  }

  positionSamples(nowMs: number): number {
    const reported = this.#reported;
    if (reported === undefined || this.#isOverdue(reported.atMs, nowMs)) {
      return Math.max(reported?.positionSamples ?? 0, this.#assumedIfOverdue(nowMs));
    }
    const isPlaying = this.#run !== undefined && reported.positionSamples >= this.#run.startSample;
    if (!isPlaying) return reported.positionSamples;
    const carriedMs = Math.min(nowMs - reported.atMs, MAX_EXTRAPOLATION_MS);
    return Math.min(this.#sentEndSample, reported.positionSamples + msToSamples(carriedMs, VOICE_SAMPLE_RATE_HZ));
  }

  #isOverdue(reportedAtMs: number, nowMs: number): boolean {
    return this.#run !== undefined && nowMs - Math.max(reportedAtMs, this.#run.startAtMs) > REPORT_OVERDUE_MS;
  }

  #assumedIfOverdue(nowMs: number): number {
    if (this.#run === undefined || nowMs - this.#run.startAtMs <= REPORT_OVERDUE_MS) return 0;
    return this.#assumedPosition(nowMs);
  }

  #assumedPosition(nowMs: number): number {
    if (this.#run === undefined) return this.#sentEndSample;
    const played = msToSamples(nowMs - this.#run.startAtMs, VOICE_SAMPLE_RATE_HZ);
    return Math.min(this.#sentEndSample, this.#run.startSample + played);
  }
}
