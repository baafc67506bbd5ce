import type { Clock } from "#core/ports/clock";
import { ProsodyTracker, type ProsodyCues } from "#core/speech/prosody-tracker";
import {
  createEndpointScorer,
  endpointDelaysAround,
  type EndpointEvidence,
  type EndpointScorer,
} from "#core/turn/endpointing";
import type { SessionConfig } from "./session-config";

/** How long a cut-off is remembered: the user's habits of the last minutes, not of the whole day. */
const CUT_OFF_MEMORY_MS = 5 * 60_000;
/** More change nothing. */
const MAX_CUT_OFFS = 4;

export interface Endpoint {
  /** Silence after which these words end the turn, ms. */
  endpointDelayMs: number;
  /** How long it has lasted already. */
  silenceMs: number;
  isWorthPreparing: boolean;
}

/** Knows when the user's speech ended, how this user pauses, and so how long to wait. */
export class EndpointWatch {
  readonly #clock: Clock;
  readonly #config: Pick<SessionConfig, "endpointDelayMs" | "isPreemptive">;
  readonly #voice = new ProsodyTracker();
  #scorer: EndpointScorer;
  #speechEndAtMs = 0;
  #cutOffsAtMs: readonly number[] = [];

  constructor(clock: Clock, config: Pick<SessionConfig, "endpointDelayMs" | "isPreemptive">) {
    this.#clock = clock;
    this.#config = config;
    this.#scorer = createEndpointScorer(endpointDelaysAround(config.endpointDelayMs));
  }

  /** From the next silence on. */
  setDelay(endpointDelayMs: number): void {
    this.#scorer = createEndpointScorer(endpointDelaysAround(endpointDelayMs));
  }

  /** 16 kHz; `isUsersSpeech`: the user speaks, and nobody else. */
  addWindow(samples: Float32Array, { isUsersSpeech }: { isUsersSpeech: boolean }): void {
    this.#voice.push(samples, isUsersSpeech);
  }

  /** How the voice ended, as known now. */
  prosody(): ProsodyCues | undefined {
    return this.#voice.cues();
  }

  /** Returns when it ended, on the session's clock. */
  speechEnded({ silenceMs }: { silenceMs: number }): number {
    this.#speechEndAtMs = this.#clock.nowMs() - silenceMs;
    return this.#speechEndAtMs;
  }

  /** [TT31] an answer was withdrawn, as the user went on. */
  answerWithdrawn(): void {
    this.#cutOffsAtMs = [...this.#cutOffsAtMs, this.#clock.nowMs()].slice(-MAX_CUT_OFFS);
  }

  /** `text`: all words of the turn so far. */
  judge(heard: Pick<EndpointEvidence, "text" | "prosody">): Endpoint {
    const sinceMs = this.#clock.nowMs() - CUT_OFF_MEMORY_MS;
    const cutOffCount = this.#cutOffsAtMs.filter((atMs) => atMs > sinceMs).length;
    const { endpointDelayMs, isWorthPreparing } = this.#scorer.judge({ ...heard, cutOffCount });
    return {
      endpointDelayMs,
      silenceMs: this.#clock.nowMs() - this.#speechEndAtMs,
      isWorthPreparing: this.#config.isPreemptive && isWorthPreparing,
    };
  }
}
