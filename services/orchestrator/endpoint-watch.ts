import type { Clock } from "#core/ports/clock";
import { ProsodyTracker, type ProsodyCues } from "#core/speech/prosody-tracker";
import {
  createEndpointScorer,
  endpointDelaysAround,
  type EndpointEvidence,
  type EndpointScorer,
} from "#core/turn/endpointing";
import type { SessionConfig } from "./session-config";

/** The user's habits of the last minutes, not of the whole day. */
const MAX_PAUSES = 16;

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
  readonly #config: Pick<SessionConfig, "endpointDelayMs" | "minSpeechMs" | "isPreemptive">;
  readonly #voice = new ProsodyTracker();
  #scorer: EndpointScorer;
  #speechEndAtMs = 0;
  #resumedPausesMs: readonly number[] = [];

  constructor(clock: Clock, config: Pick<SessionConfig, "endpointDelayMs" | "minSpeechMs" | "isPreemptive">) {
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

  /** [TT31] the user goes on after a silence that might have been the end of the turn. */
  speechResumed(): void {
    const pauseMs = this.#clock.nowMs() - this.#speechEndAtMs - this.#config.minSpeechMs;
    this.#resumedPausesMs = [...this.#resumedPausesMs, Math.max(0, pauseMs)].slice(-MAX_PAUSES);
  }

  /** `text`: all words of the turn so far. */
  judge(heard: Pick<EndpointEvidence, "text" | "prosody">): Endpoint {
    const evidence: EndpointEvidence = { ...heard, resumedPausesMs: this.#resumedPausesMs };
    return {
      endpointDelayMs: this.#scorer.endpointDelayMs(evidence),
      silenceMs: this.#clock.nowMs() - this.#speechEndAtMs,
      isWorthPreparing: this.#config.isPreemptive && this.#scorer.isWorthPreparing(evidence),
    };
  }
}
