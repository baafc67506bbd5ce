import type { MicHealthCode } from "#contracts/protocol/mic-notice";
import { gainToDb } from "#contracts/units";
import { clippedShare, CLIPPED_SHARE } from "./clipping";
import { pcmToFloat, rms } from "./pcm";

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
  #loudestSpeechDb = Number.NEGATIVE_INFINITY;
  #isQuietTold = false;

  constructor(events: MicHealthEvents) {
    this.#events = events;
  }

  /** 10 to 20 ms, counted as 20; `isZero`: all samples are the same, zero or another. */
  hear(pcm: Int16Array, isZero: boolean): void {
    if (this.#isMuted) return;
    this.#watchSilence(isZero);
    const samples = pcmToFloat(pcm);
    const levelDb = gainToDb(rms(samples));
    if (levelDb > LOUD_DB) this.#watchClipping(samples);
    if (this.#isSpeech) this.#watchSpeech(levelDb);
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
    this.#zeroMs = this.#loudMs = this.#clippedShareSum = this.#speechMs = 0;
    this.#loudestSpeechDb = Number.NEGATIVE_INFINITY;
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

  #watchSpeech(levelDb: number): void {
    this.#speechMs += FRAME_MS;
    this.#loudestSpeechDb = Math.max(this.#loudestSpeechDb, levelDb);
    if (this.#loudestSpeechDb >= QUIET_DB) {
      this.#speechMs = 0;
      this.#loudestSpeechDb = Number.NEGATIVE_INFINITY;
      if (this.#isQuietTold) this.#events.onNoticeOver("mic-quiet");
      this.#isQuietTold = false;
    } else if (this.#speechMs >= SPEECH_WINDOW_MS && !this.#isQuietTold) {
      this.#isQuietTold = true;
      this.#events.onNotice("mic-quiet");
    }
  }
}
