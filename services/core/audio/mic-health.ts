import type { MicHealthCode } from "#contracts/protocol/mic-notice";
import { gainToDb } from "#contracts/units";
import { clippedShare, CLIPPED_SHARE } from "./clipping";
import { pcmRms, pcmToFloat } from "./pcm";

export interface MicHealthEvents {
  onNotice(code: MicHealthCode): void;
  /** What was told with this code is over. */
  onNoticeOver(code: MicHealthCode): void;
}

/** Speech at an arm's length gives −35 to −15 dBFS; below this the ears begin to miss words. dBFS, RMS of 20 ms. */
export const QUIET_DB = -45;

/** Microphones that start slowly, and Bluetooth that changes its profile, give zeros for up to two seconds. */
const SILENT_MS = 3000;
/** Distorted speech within this much of loud sound is no single bang on the table. */
const LOUD_WINDOW_MS = 2000;
const FRAME_MS = 20;
/** Quieter than this is a pause and says nothing about distortion, dBFS. */
const LOUD_DB = -20;
/** Frames in which the ears found speech, so many before a judgement. */
const SPEECH_WINDOW_MS = 2000;
/** Users speak at −32 to −20 dBFS, mean power of their speech; so much less is a wrong setting or another room. */
const QUIET_SPEECH_DB = -42;

/** Watches the microphone during a conversation and says what is wrong with it. Told once until it is better. */
export class MicHealth {
  readonly #events: MicHealthEvents;
  #isMuted = false;
  #isSilenceTold = false;
  #zeroMs = 0;
  #loudMs = 0;
  #clippedShareSum = 0;
  #isClippingTold = false;
  #isSpeech = false;
  #speechMs = 0;
  #speechPower = 0;
  #isQuietTold = false;

  constructor(events: MicHealthEvents) {
    this.#events = events;
  }

  /** 10 to 20 ms, counted as 20; `isZero`: all samples are the same, zero or another. */
  hear(pcm: Int16Array, isZero: boolean): void {
    if (this.#isMuted) return;
    this.#watchSilence(isZero);
    const level = pcmRms(pcm);
    if (gainToDb(level) > LOUD_DB) this.#watchClipping(pcmToFloat(pcm));
    if (this.#isSpeech) this.#watchSpeech(level ** 2);
  }

  /** Muted on purpose: silence is what was asked for. */
  setMuted(isMuted: boolean): void {
    if (isMuted === this.#isMuted) return;
    this.#isMuted = isMuted;
    this.#zeroMs = 0;
    if (isMuted) this.#soundIsBack();
  }

  /** Whether the orchestrator hears somebody speak. */
  setUserSpeaking(isSpeaking: boolean): void {
    this.#isSpeech = isSpeaking;
  }

  /** Another microphone: what was said about the last one is over. */
  reset(): void {
    this.#zeroMs = this.#loudMs = this.#clippedShareSum = this.#speechMs = this.#speechPower = 0;
    this.#soundIsBack();
    if (this.#isClippingTold) this.#events.onNoticeOver("mic-clipped");
    if (this.#isQuietTold) this.#events.onNoticeOver("mic-quiet");
    this.#isClippingTold = this.#isQuietTold = false;
  }

  #watchSilence(isZero: boolean): void {
    if (!isZero) {
      this.#zeroMs = 0;
      this.#soundIsBack();
      return;
    }
    this.#zeroMs += FRAME_MS;
    if (this.#zeroMs < SILENT_MS || this.#isSilenceTold) return;
    this.#isSilenceTold = true;
    this.#events.onNotice("mic-silent");
  }

  #soundIsBack(): void {
    if (!this.#isSilenceTold) return;
    this.#isSilenceTold = false;
    this.#events.onNoticeOver("mic-silent");
  }

  #watchClipping(samples: Float32Array): void {
    this.#loudMs += FRAME_MS;
    this.#clippedShareSum += clippedShare(samples);
    if (this.#loudMs < LOUD_WINDOW_MS) return;
    const share = this.#clippedShareSum / (this.#loudMs / FRAME_MS);
    this.#loudMs = this.#clippedShareSum = 0;
    // Of loud sound only, so that pauses do not water it down: much more than in a recording.
    const isClipped = share >= CLIPPED_SHARE * 10;
    if (isClipped === this.#isClippingTold) return;
    this.#isClippingTold = isClipped;
    if (isClipped) this.#events.onNotice("mic-clipped");
    else this.#events.onNoticeOver("mic-clipped");
  }

  #watchSpeech(power: number): void {
    this.#speechMs += FRAME_MS;
    this.#speechPower += power;
    if (this.#speechMs < SPEECH_WINDOW_MS) return;
    const levelDb = gainToDb(Math.sqrt((this.#speechPower * FRAME_MS) / this.#speechMs));
    this.#speechMs = this.#speechPower = 0;
    const isQuiet = levelDb < QUIET_SPEECH_DB;
    if (isQuiet === this.#isQuietTold) return;
    this.#isQuietTold = isQuiet;
    if (isQuiet) this.#events.onNotice("mic-quiet");
    else this.#events.onNoticeOver("mic-quiet");
  }
}
