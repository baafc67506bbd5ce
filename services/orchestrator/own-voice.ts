import type { WordTiming } from "#contracts/protocol/server-message";
import { OwnWords } from "#core/echo/own-words";

/** When the sound is clearly somebody else's, words alone prove only so much. */
const CLEAR_SOUND_LIKELIHOOD = 0.25;
const WORDS_WITHOUT_SOUND_RATIO = 0.6;

/** A room's delay, and what it takes to find that speech has begun: so long before, its first word was being played, 100 ms. */
const HEARD_LATE_SAMPLES = 4_800;

/** Whether present speech is the agent's own voice come back, by its sound and by its words [E7]. */
export class OwnVoice {
  readonly #words = new OwnWords();
  #likelihoodSum = 0;
  #windowCount = 0;
  #isOverAgent = false;
  /** Where the speaker was, 48 kHz, when the speech began and when it was last heard. */
  #startedAtSample = 0;
  #heardAtSample = 0;

  wordsSent(words: readonly WordTiming[]): void {
    this.#words.add(words);
  }

  /** `positionSamples`: where the speaker is, 48 kHz. */
  speechStarted(positionSamples: number): void {
    this.#startedAtSample = this.#heardAtSample = positionSamples;
    this.#likelihoodSum = this.#windowCount = 0;
    this.#isOverAgent = false;
  }

  /** Of one voiced window; undefined: nothing was being played. `positionSamples` as above. */
  addWindow(echoLikelihood: number | undefined, positionSamples: number): void {
    this.#heardAtSample = positionSamples;
    this.#likelihoodSum += echoLikelihood ?? 0;
    this.#windowCount++;
    this.#isOverAgent ||= echoLikelihood !== undefined;
  }

  /** Of the speech since its start, 0 to 1. `positionSamples`: where the speaker is, 48 kHz. */
  likelihood(transcript: string, positionSamples: number): number {
    if (!this.#isOverAgent) return 0;
    if (this.#words.wasPlayed(transcript, this.#heardMeanwhile())) return 1;
    const bySound = this.#likelihoodSum / this.#windowCount;
    const byWords = this.#words.likelihood(transcript, { positionSamples });
    return Math.max(bySound, byWords * (bySound < CLEAR_SOUND_LIKELIHOOD ? WORDS_WITHOUT_SOUND_RATIO : 1));
  }

  #heardMeanwhile(): { fromSample: number; toSample: number } {
    return { fromSample: this.#startedAtSample - HEARD_LATE_SAMPLES, toSample: this.#heardAtSample };
  }
}
