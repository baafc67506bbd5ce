import type { TalkEvent } from "#contracts/events/talk-event";
import { countByIds } from "../failover-answer";

/** What became of one user's answers. */
export interface SoakCounts {
  answers: number;
  /** Asked for, and the session ended before the answer did. */
  unanswered: number;
  wordsLost: number;
  wordsDoubled: number;
  sessionsDied: number;
  /** Dropped while they connected: the user connects again. */
  startsBroken: number;
  errorCodes: string[];
}

/** Counts the answers of one session after the other, word by word. */
export class SoakTally {
  /** Told what went wrong as it happens. */
  readonly #onTrouble: (words: string) => void;
  readonly counts: SoakCounts = {
    answers: 0,
    unanswered: 0,
    wordsLost: 0,
    wordsDoubled: 0,
    sessionsDied: 0,
    startsBroken: 0,
    errorCodes: [],
  };
  #text: string | undefined;
  #events: TalkEvent[] = [];

  constructor(onTrouble: (words: string) => void) {
    this.#onTrouble = onTrouble;
  }

  /** `text` is what the next answer has to say. */
  asked(text: string): void {
    this.#text = text;
    this.#events = [];
  }

  /** True when the answer has ended. */
  add(event: TalkEvent): boolean {
    this.#events.push(event);
    if (event.type === "error") {
      this.counts.errorCodes.push(event.code);
      this.#onTrouble(`a user was told ${event.code}`);
    }
    if (event.type !== "agent-turn-end" || this.#text === undefined) return false;
    const { lost, doubled } = countByIds(this.#events, this.#text);
    this.counts.answers++;
    this.counts.wordsLost += lost;
    this.counts.wordsDoubled += doubled;
    if (lost + doubled > 0) this.#onTrouble(`${lost} words lost, ${doubled} doubled; the turn ended ${event.reason}`);
    this.#text = undefined;
    return true;
  }

  startBroke(): void {
    this.counts.startsBroken++;
    this.#onTrouble("a connection was dropped before the session began");
  }

  /** `error`: why it broke off. All words of an answer that is still awaited are lost. */
  sessionEnded(error: unknown): void {
    if (error !== undefined) {
      this.counts.sessionsDied++;
      this.#onTrouble(`a session died: ${error instanceof Error ? error.message : "for an unknown reason"}`);
    }
    if (this.#text === undefined) return;
    this.counts.unanswered++;
    this.#onTrouble("a session ended before its answer");
    this.counts.wordsLost += this.#text.split(/\s+/u).length;
    this.#text = undefined;
  }
}
