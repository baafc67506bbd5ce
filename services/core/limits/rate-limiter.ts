/** Token bucket: `perSecond` on average, `burst` at once. */
export class RateLimiter {
  readonly #perSecond: number;
  readonly #burst: number;
  #available: number;
  #atMs: number;

  /** `burst`: as many as in a second, where none is given. */
  constructor(options: { perSecond: number; burst?: number; nowMs: number }) {
    this.#perSecond = options.perSecond;
    this.#burst = options.burst ?? options.perSecond;
    this.#available = this.#burst;
    this.#atMs = options.nowMs;
  }

  /** False when this one is too many. */
  take(nowMs: number): boolean {
    if (!this.mayTake(nowMs)) return false;
    this.#available -= 1;
    return true;
  }

  mayTake(nowMs: number): boolean {
    this.#available = Math.min(this.#burst, this.#available + ((nowMs - this.#atMs) * this.#perSecond) / 1_000);
    this.#atMs = nowMs;
    return this.#available >= 1;
  }
}
