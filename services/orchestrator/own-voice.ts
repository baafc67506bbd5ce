import type { WordTiming } from "#contracts/protocol/server-message";
import { OwnWords } from "#core/echo/own-words";

/** When the sound is clearly somebody else's, words alone prove only so much. */
const CLEAR_SOUND_LIKELIHOOD = 0.25;
const WORDS_WITHOUT_SOUND_RATIO = 0.6;

/** Whether present speech is the agent's own voice come back, by its sound and by its words [E7]. */
export class OwnVoice {
  readonly #words = new OwnWords();
  #likelihoodSum = 0;
  #windowCount = 0;
  #isOverAgent = false;

  wordsSent(words: readonly WordTiming[]): void {
    this.#words.add(words);
  }

  speechStarted(): void {
    this.#likelihoodSum = this.#windowCount = 0;
    this.#isOverAgent = false;
  }

  /** Of one voiced window; undefined: nothing was being played. */
  addWindow(echoLikelihood: number | undefined): void {
    this.#likelihoodSum += echoLikelihood ?? 0;
    this.#windowCount++;
    this.#isOverAgent ||= echoLikelihood !== undefined;
  }

  /** Of the speech since its start, 0 to 1. `positionSamples`: where the speaker is, 48 kHz. */
  likelihood(transcript: string, positionSamples: number): number {
    if (!this.#isOverAgent) return 0;
    const bySound = this.#likelihoodSum / this.#windowCount;
    const byWords = this.#words.likelihood(transcript, { positionSamples });
    return Math.max(bySound, byWords * (bySound < CLEAR_SOUND_LIKELIHOOD ? WORDS_WITHOUT_SOUND_RATIO : 1));
  }
}
