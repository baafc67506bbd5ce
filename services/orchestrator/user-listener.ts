import { samplesToMs, EARS_SAMPLE_RATE_HZ } from "#contracts/units";
import type { Disposable } from "#core/lifecycle/disposable";
import type { AsrEngine, AsrUtterance } from "#core/ports/asr-engine";
import type { Clock } from "#core/ports/clock";
import { isShortUtterance } from "#core/turn/overlap-words";

/** One window of the microphone and what the segmenter thinks of it. */
export interface MicWindow {
  /** 16 kHz mono. */
  samples: Float32Array;
  /** Length of the speech segment in progress up to its last voiced window; 0 when quiet. */
  speechMs: number;
  /** Silence since the last voiced window. */
  silenceMs: number;
  /** How long it may have been speech before the segment began: an "s", a soft start. Default 0. */
  leadMs?: number;
  /** That it is the agent's own voice, 0 to 1; undefined while nothing is played. */
  echoLikelihood?: number | undefined;
}

export interface UserListenerConfig {
  /** Audio from before the detected start of speech, ms. */
  preRollMs: number;
  /** Partial transcripts are asked for this often, ms. */
  partialIntervalMs: number;
  /** Less speech than this is never decoded, ms [TT20]. */
  minSpeechMs: number;
  /** Less speech than this has no partials, and is taken for one short word or nothing, ms [TT20]. */
  shortSpeechMs: number;
  /** An utterance this long is cut at the next pause, ms [TT21]. */
  softMaxUtteranceMs: number;
  /** … and here at the latest, ms. */
  maxUtteranceMs: number;
  /** What counts as a pause for the cut, ms. */
  cutPauseMs: number;
}

export const defaultListenerConfig: UserListenerConfig = {
  preRollMs: 320,
  partialIntervalMs: 400,
  minSpeechMs: 96,
  shortSpeechMs: 400,
  softMaxUtteranceMs: 20_000,
  maxUtteranceMs: 24_900,
  cutPauseMs: 200,
};

export interface UserListenerDeps {
  asr: AsrEngine;
  clock: Clock;
  config: UserListenerConfig;
  /** The whole transcript of the user's turn so far. */
  onPartial(text: string): void;
  onError(error: unknown): void;
}

/** Two windows: shorter dips are inside words. */
const EARLY_SILENCE_MS = 64;

/**
 * Silence put after audio that may end in mid-word. With it the ears write a short word that is there or nothing; without
 * it they make up words for a syllable or a hum (263 overlaps of five voices, cut 200 to 600 ms after the onset).
 */
const TRAILING_SILENCE_MS = 300;

/**
 * For many a short utterance the ears write nothing at all, and its words when it begins elsewhere: 13 of 100 with the whole
 * pre-roll, 3 when those are heard again without the first 224 ms. For 100 coughs, hums and doors they wrote nothing either way.
 */
const HEARD_AGAIN_WITHOUT_MS = 224;
const HEARD_AGAIN_MAX_MS = 5_000;
/** What is likelier to be the agent itself is not heard again, on average over the speech. */
const MAX_ECHO_LIKELIHOOD = 0.25;

interface Collection {
  utterance: AsrUtterance;
  /** All of it while it is short, to be heard again; undefined once it is long. */
  windows: Float32Array[] | undefined;
  /** Over the windows with speech. */
  echoLikelihoodSum: number;
  speechWindows: number;
  audioMs: number;
  /** Speech in finished segments, and in the one that goes on. */
  earlierSpeechMs: number;
  currentSpeechMs: number;
  isDecoding: boolean;
  /** The decode that was asked for last, and how much speech it covers; undefined after a cut. */
  latest: { speechMs: number; text: Promise<string> } | undefined;
  /** Finished parts of a long turn, in order [TT21]. */
  parts: Promise<string>[];
}

/** Collects the audio of the user's turn and has it transcribed: partials while it grows, the whole on request. */
export class UserListener implements Disposable {
  readonly #deps: UserListenerDeps;
  #preRoll: Float32Array[] = [];
  #collection: Collection | undefined;
  #partials: Disposable | undefined;

  constructor(deps: UserListenerDeps) {
    this.#deps = deps;
  }

  /** Every window of the microphone, 16 kHz. `speechMs`: length of the speech segment in progress, 0 when quiet. */
  addWindow(window: MicWindow): void {
    this.#keepPreRoll(window.samples);
    const collection = this.#collection;
    if (collection === undefined) return;
    const windowMs = samplesToMs(window.samples.length, EARS_SAMPLE_RATE_HZ);
    collection.utterance.append(window.samples);
    collection.audioMs += windowMs;
    if (collection.audioMs > HEARD_AGAIN_MAX_MS) collection.windows = undefined;
    collection.windows?.push(window.samples);
    if (window.speechMs > 0) {
      collection.echoLikelihoodSum += window.echoLikelihood ?? 0;
      collection.speechWindows++;
    }
    if (window.speechMs < collection.currentSpeechMs) collection.earlierSpeechMs += collection.currentSpeechMs;
    collection.currentSpeechMs = window.speechMs;
    this.#cutIfLong(collection, window.silenceMs);
    // What is said may be all: the transcript is begun before the silence is long enough to be reported [TT22].
    if (window.silenceMs >= EARLY_SILENCE_MS && this.#partials !== undefined) void this.#sendPartial();
  }

  /** Begins to collect, with the pre-roll, and to send partials; goes on when already collecting. */
  begin(): void {
    this.collect();
    this.#partials ??= this.#deps.clock.setRepeating(
      this.#deps.config.partialIntervalMs,
      () => void this.#sendPartial(),
    );
  }

  /** As `begin`, without partials: nobody knows yet whether this is a turn. */
  collect(): void {
    if (this.#collection === undefined) {
      const utterance = this.#deps.asr.openUtterance();
      for (const samples of this.#preRoll) utterance.append(samples);
      const preRollSamples = this.#preRoll.reduce((sum, samples) => sum + samples.length, 0);
      this.#collection = {
        utterance,
        windows: [...this.#preRoll],
        echoLikelihoodSum: 0,
        speechWindows: 0,
        audioMs: samplesToMs(preRollSamples, EARS_SAMPLE_RATE_HZ),
        earlierSpeechMs: 0,
        currentSpeechMs: 0,
        isDecoding: false,
        latest: undefined,
        parts: [],
      };
    }
  }

  /** First guess at what was collected so far, however short it is. */
  async hearOverlap(): Promise<string> {
    if (this.#collection === undefined) return "";
    return (await this.#collection.utterance.transcribe({ trailingSilenceMs: TRAILING_SILENCE_MS })).text;
  }

  /** Transcript of everything collected so far; collecting goes on until `forget`. Empty below the minimum [TT20]. */
  async transcribe(): Promise<string> {
    this.#partials?.dispose();
    this.#partials = undefined;
    const collection = this.#collection;
    if (collection === undefined) return "";
    const last = (await this.#transcribeAll(collection)) || (await this.#hearAgain(collection));
    return joinParts([...(await Promise.all(collection.parts)), last]);
  }

  /** [TT20] */
  async #hearAgain({ windows, ...collection }: Collection): Promise<string> {
    const isEcho = collection.echoLikelihoodSum > MAX_ECHO_LIKELIHOOD * collection.speechWindows;
    if (windows === undefined || isEcho || speechMsOf(collection) < this.#deps.config.shortSpeechMs) return "";
    const utterance = this.#deps.asr.openUtterance();
    try {
      let leftOutMs = 0;
      for (const samples of windows) {
        if (leftOutMs >= HEARD_AGAIN_WITHOUT_MS) utterance.append(samples);
        else leftOutMs += samplesToMs(samples.length, EARS_SAMPLE_RATE_HZ);
      }
      return (await utterance.transcribe()).text;
    } finally {
      utterance.dispose();
    }
  }

  /** A decode that covers all speech serves as it is, whatever silence has come since. */
  async #transcribeAll(collection: Collection): Promise<string> {
    const speechMs = speechMsOf(collection);
    if (speechMs < this.#deps.config.minSpeechMs) return "";
    if (speechMs < this.#deps.config.shortSpeechMs) return this.#transcribeShort(collection, speechMs);
    const { latest } = collection;
    if (latest?.speechMs === speechMs) {
      const text = await latest.text.catch(() => undefined);
      if (text !== undefined) return text;
    }
    return this.#decode(collection);
  }

  async #transcribeShort({ utterance }: Collection, speechMs: number): Promise<string> {
    const { text } = await utterance.transcribe({ trailingSilenceMs: TRAILING_SILENCE_MS });
    return isShortUtterance(text, speechMs) ? text : "";
  }

  #decode(collection: Collection): Promise<string> {
    const text = collection.utterance.transcribe().then((transcript) => transcript.text);
    collection.latest = { speechMs: speechMsOf(collection), text };
    return text;
  }

  forget(): void {
    this.#partials?.dispose();
    this.#partials = undefined;
    this.#collection?.utterance.dispose();
    this.#collection = undefined;
  }

  dispose(): void {
    this.forget();
    this.#preRoll = [];
  }

  #keepPreRoll(samples: Float32Array): void {
    this.#preRoll.push(samples);
    const windowMs = samplesToMs(samples.length, EARS_SAMPLE_RATE_HZ);
    while (this.#preRoll.length * windowMs > this.#deps.config.preRollMs) this.#preRoll.shift();
  }

  /** [TT22] */
  async #sendPartial(): Promise<void> {
    const collection = this.#collection;
    if (collection === undefined || collection.isDecoding) return;
    const speechMs = speechMsOf(collection);
    if (speechMs < this.#deps.config.shortSpeechMs || collection.latest?.speechMs === speechMs) return;
    collection.isDecoding = true;
    try {
      const text = await this.#decode(collection);
      const whole = joinParts([...(await Promise.all(collection.parts)), text]);
      if (this.#collection === collection && whole !== "") this.#deps.onPartial(whole);
    } catch (error) {
      if (this.#collection === collection) this.#deps.onError(error);
    } finally {
      collection.isDecoding = false;
    }
  }

  /** [TT21] */
  #cutIfLong(collection: Collection, silenceMs: number): void {
    const { softMaxUtteranceMs, maxUtteranceMs, cutPauseMs } = this.#deps.config;
    const isAtPause = collection.audioMs >= softMaxUtteranceMs && silenceMs >= cutPauseMs;
    if (!isAtPause && collection.audioMs < maxUtteranceMs) return;
    const finished = collection.utterance;
    const hasSpeech = speechMsOf(collection) >= this.#deps.config.minSpeechMs;
    const part = hasSpeech ? finished.transcribe().then((transcript) => transcript.text) : Promise.resolve("");
    collection.parts.push(
      part
        .catch((error: unknown) => {
          this.#deps.onError(error);
          return "";
        })
        .finally(() => finished.dispose()),
    );
    collection.utterance = this.#deps.asr.openUtterance();
    collection.windows = undefined;
    collection.audioMs = 0;
    collection.latest = undefined;
    collection.earlierSpeechMs = -collection.currentSpeechMs;
  }
}

function speechMsOf(collection: Pick<Collection, "earlierSpeechMs" | "currentSpeechMs">): number {
  return collection.earlierSpeechMs + collection.currentSpeechMs;
}

function joinParts(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}
