import type { SpeechActivity } from "./speech-segmenter";

/** So many windows a suspicion outlasts the one that gave rise to it: the "s" of "stop" comes and goes. */
const LASTING_WINDOWS = 3;

/**
 * Of the activation threshold: one window that sounds this much like speech is suspected. With 0.3 and 0.15 instead of 0.3 as
 * thresholds, 2 instead of 6 of 28 interruptions without echo duck the agent later than 150 ms after their onset, for "s" is
 * never sure; 9 instead of 7 of 46 coughs, clicks and doors do it for a moment; nothing does in 22 minutes without a sound.
 */
export const SUSPICION_RATIO = 0.3;

/** Knows, window by window, whether what is not yet speech may turn out to be. */
export class SpeechSuspicion {
  #windowsLeft = -1;
  #isSuspected = false;

  get isSuspected(): boolean {
    return this.#isSuspected;
  }

  /** `activity`: as the segmenter sees it after this window. */
  push({ isSuspicious, activity }: { isSuspicious: boolean; activity: SpeechActivity }): void {
    const isSpeech = activity === "speaking" || activity === "stopping";
    const isNew = !isSpeech && (activity === "starting" || isSuspicious);
    this.#windowsLeft = isNew ? LASTING_WINDOWS : this.#windowsLeft - 1;
    this.#isSuspected = !isSpeech && this.#windowsLeft >= 0;
  }
}
