/** Token bucket: `perSecond` on average, as many at once. */
export class RateLimiter {
  readonly #perSecond: number;
  #available: number;
  #atMs: number;

  constructor(options: { perSecond: number; nowMs: number }) {
    this.#perSecond = options.perSecond;
    this.#available = options.perSecond;
    this.#atMs = options.nowMs;
  }

  /** False when this one is too many. */
  take(nowMs: number): boolean {
    this.#available = Math.min(this.#perSecond, this.#available + ((nowMs - this.#atMs) * this.#perSecond) / 1_000);
    this.#atMs = nowMs;
    if (this.#available < 1) return false;
    this.#available -= 1;
    return true;
  }
}
