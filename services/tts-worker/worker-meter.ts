import type { WorkerStats } from "#contracts/registry/worker-record";

/** Weight of the newest value in the running means: the last ten or so count. */
const NEWEST_WEIGHT = 0.2;
/** First-audio times kept for the 90th percentile. */
const WINDOW = 50;

function nextMean(mean: number | undefined, value: number): number {
  return mean === undefined ? value : mean + NEWEST_WEIGHT * (value - mean);
}

/** What the worker measures of itself between heartbeats. */
export class WorkerMeter {
  #inUse = 0;
  #synthesesUnderWay = 0;
  #synthesisMs: number | undefined;
  #realTimeFactor: number | undefined;
  #ttfaMs: number | undefined;
  readonly #recentTtfaMs: number[] = [];

  get inUse(): number {
    return this.#inUse;
  }

  streamStarts(): void {
    this.#inUse++;
  }

  streamEnds(): void {
    this.#inUse--;
  }

  /** Call the result when it is over, with nothing when it failed. */
  synthesisStarts(): (done: { tookMs: number; audioMs: number } | undefined) => void {
    this.#synthesesUnderWay++;
    return (done) => {
      this.#synthesesUnderWay--;
      if (done === undefined || done.audioMs <= 0) return;
      this.#synthesisMs = nextMean(this.#synthesisMs, done.tookMs);
      this.#realTimeFactor = nextMean(this.#realTimeFactor, done.tookMs / done.audioMs);
    };
  }

  /** From a stream's first text to its first frame. */
  firstAudio(ttfaMs: number): void {
    this.#ttfaMs = nextMean(this.#ttfaMs, ttfaMs);
    this.#recentTtfaMs.push(ttfaMs);
    if (this.#recentTtfaMs.length > WINDOW) this.#recentTtfaMs.shift();
  }

  stats(): WorkerStats {
    const sorted = [...this.#recentTtfaMs].sort((a, b) => a - b);
    return {
      inUse: this.#inUse,
      // One synthesis runs at a time; the others wait for about as long as each takes.
      queueMs: Math.max(0, this.#synthesesUnderWay - 1) * (this.#synthesisMs ?? 0),
      ttfaMs: this.#ttfaMs,
      ttfaP90Ms: sorted[Math.ceil(sorted.length * 0.9) - 1],
      realTimeFactor: this.#realTimeFactor,
    };
  }
}
