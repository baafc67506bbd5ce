/** Extra syntheses are at most this share of all [RT7]. */
const MAX_EXTRA_RATIO = 0.05;

/** Counts the streams of an orchestrator and says whether one more may be doubled. */
export class HedgeBudget {
  #streamCount = 0;
  #hedgeCount = 0;

  streamStarts(): void {
    this.#streamCount++;
  }

  /** True, and taken, when a second stream beside one of those counted stays within the share. */
  take(): boolean {
    if (this.#hedgeCount + 1 > this.#streamCount * MAX_EXTRA_RATIO) return false;
    this.#hedgeCount++;
    return true;
  }
}
