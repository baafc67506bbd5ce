import { MIC_HEALTH_WORDS, type MicHealthCode } from "#contracts/protocol/mic-notice";
import type { ServerMessage } from "#contracts/protocol/server-message";
import { MicHealth } from "#core/audio/mic-health";
import { peakToPeak } from "#core/audio/pcm";

/** Of 65,536: what a converter makes of nothing, or of a constant. The quietest room makes more. */
const MAX_DEAD_PEAK_TO_PEAK = 2;

/** Says what is wrong with a client's microphone, and when it is over. */
export class MicWatch {
  readonly #health: MicHealth;

  constructor(tell: (message: ServerMessage & { type: "mic-notice" }) => void) {
    const notice = (code: MicHealthCode, isOver: boolean): void =>
      tell({ type: "mic-notice", code, isOver, ...MIC_HEALTH_WORDS[code] });
    this.#health = new MicHealth({
      onNotice: (code) => notice(code, false),
      onNoticeOver: (code) => notice(code, true),
    });
  }

  /** One frame, as the client sent it. */
  hear(pcm: Int16Array): void {
    this.#health.hear(pcm, peakToPeak(pcm) <= MAX_DEAD_PEAK_TO_PEAK);
  }

  setUserSpeaking(isSpeaking: boolean): void {
    this.#health.setUserSpeaking(isSpeaking);
  }
}
