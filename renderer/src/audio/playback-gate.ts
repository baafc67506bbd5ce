import type { Disposable } from "#core/lifecycle/disposable";
import type { PlaybackCommand } from "./worklet-messages";

/** Halts the player as long as anybody holds it. */
export class PlaybackGate {
  readonly #command: (command: PlaybackCommand) => void;
  readonly #holds = new Set<Disposable>();

  constructor(command: (command: PlaybackCommand) => void) {
    this.#command = command;
  }

  /** `rewindSamples`: how much of what was played last nobody has heard. Disposing lets go. */
  hold(rewindSamples: number): Disposable {
    const hold: Disposable = {
      dispose: () => {
        if (this.#holds.delete(hold) && this.#holds.size === 0) this.#command({ type: "resume" });
      },
    };
    const isFirst = this.#holds.size === 0;
    this.#holds.add(hold);
    // A second loss in one pause must not rewind less than the first.
    if (isFirst || rewindSamples > 0) this.#command({ type: "pause", rewindSamples });
    return hold;
  }
}
