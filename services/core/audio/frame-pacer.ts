import { VOICE_FRAME_MS } from "../../contracts/units";

/**
 * Says when the next frame may leave so that the receiver is never more than `leadMs` ahead of real time.
 * A sender that fell behind does not catch up: what was late is late, and the lead is built anew.
 */
export class FramePacer {
  readonly #leadMs: number;
  #playedOutAtMs = -Infinity;

  constructor(options: { leadMs: number }) {
    this.#leadMs = Math.max(VOICE_FRAME_MS, options.leadMs);
  }

  /** How long to wait before the next frame may leave. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#playedOutAtMs + VOICE_FRAME_MS - this.#leadMs - nowMs);
  }

  /** For how long the receiver has had nothing left to play; 0 while it has, and before the first frame. */
  dryMs(nowMs: number): number {
    return this.#playedOutAtMs === -Infinity ? 0 : Math.max(0, nowMs - this.#playedOutAtMs);
  }

  /** A frame left. */
  onSent(nowMs: number): void {
    this.#playedOutAtMs = Math.max(this.#playedOutAtMs, nowMs) + VOICE_FRAME_MS;
  }
}
