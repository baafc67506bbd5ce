import type { TalkEvent } from "#contracts/events/talk-event";
import { readHistogram } from "./prometheus-text";

const HISTOGRAM = "parley_final_transcript_ms";

/**
 * What each final transcript cost, from its request to its arrival in the orchestrator: read from the orchestrator's own
 * histogram at the end of each user turn, so that a single new observation is exact. Turns without a partial are left out.
 */
export class FinalTranscriptCost {
  readonly samplesMs: number[] = [];
  readonly #metricsUrl: string;
  #before: { sum: number; count: number } = { sum: 0, count: 0 };
  #hasPartial = false;
  #reading: Promise<void> = Promise.resolve();

  constructor(metricsUrl: string) {
    this.#metricsUrl = metricsUrl;
  }

  receive(event: TalkEvent): void {
    if (event.type === "user-transcript-delta") this.#hasPartial = true;
    if (event.type !== "user-transcript-end") return;
    const counts = this.#hasPartial;
    this.#hasPartial = false;
    this.#reading = this.#reading.then(() => this.#read(counts));
  }

  /** Resolves when all turns so far have been read. */
  settled(): Promise<void> {
    return this.#reading;
  }

  async #read(counts: boolean): Promise<void> {
    const now = readHistogram(await (await fetch(this.#metricsUrl)).text(), HISTOGRAM);
    const newCount = now.count - this.#before.count;
    const meanMs = (now.sum - this.#before.sum) / newCount;
    this.#before = now;
    // A turn with pauses has asked several times; the mean stands for each.
    if (counts) for (let index = 0; index < newCount; index++) this.samplesMs.push(meanMs);
  }
}
