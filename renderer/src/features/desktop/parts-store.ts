import type { DesktopEvent } from "#contracts/ipc/desktop-bridge";

type PartEvent = Extract<DesktopEvent, { type: "part" }>;
export type Part = PartEvent["part"];

/** The parts of Parley that do not run right now, in the order in which they went. */
export class PartsStore {
  readonly #listeners = new Set<() => void>();
  #down: readonly Part[] = [];

  readonly getDown = (): readonly Part[] => this.#down;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  set(part: Part, state: PartEvent["state"]): void {
    const isDown = state !== "ready";
    if (isDown === this.#down.includes(part)) return;
    this.#down = isDown ? [...this.#down, part] : this.#down.filter((other) => other !== part);
    for (const listener of this.#listeners) listener();
  }
}
