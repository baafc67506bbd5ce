import type { TurnMetrics } from "#contracts/protocol/server-message";

type Tally = "overlaps" | "rewinds";
type Stage = Exclude<keyof TurnMetrics, "turn" | "worker" | Tally>;

/** Collects the waterfall of one agent turn: ms from the end of the user's speech, or from the turn's start for typed text. */
export class TurnClock {
  readonly originAtMs: number;
  readonly #metrics: TurnMetrics;

  constructor(options: { turn: number; originAtMs: number }) {
    this.originAtMs = options.originAtMs;
    this.#metrics = { turn: options.turn };
  }

  /** Only the first mark of a stage counts. */
  mark(stage: Stage, atMs: number): void {
    this.#metrics[stage] ??= Math.round((atMs - this.originAtMs) * 10) / 10;
  }

  count(tally: Tally): void {
    this.#metrics[tally] = (this.#metrics[tally] ?? 0) + 1;
  }

  setWorker(name: string): void {
    this.#metrics.worker = name;
  }

  get metrics(): TurnMetrics {
    return { ...this.#metrics };
  }
}
