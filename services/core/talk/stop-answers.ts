import type { TalkEvent } from "#contracts/events/talk-event";
import type { Disposable } from "../lifecycle/disposable";
import type { Clock } from "../ports/clock";

/** Presses stop when an answer has been heard for `afterMs`: for a user who only wants to know when it begins. */
export class AnswerStopper implements Disposable {
  readonly #options: { clock: Clock; afterMs: number; stop(): void };
  #timer: Disposable | undefined;

  constructor(options: { clock: Clock; afterMs: number; stop(): void }) {
    this.#options = options;
  }

  noteEvent({ type }: TalkEvent): void {
    if (type === "agent-playout-start" || type === "agent-playout-end") this.dispose();
    const { clock, afterMs, stop } = this.#options;
    if (type === "agent-playout-start") this.#timer = clock.setTimer(afterMs, stop);
  }

  dispose(): void {
    this.#timer?.dispose();
  }
}
