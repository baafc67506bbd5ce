import { AudioProblem } from "../../audio/audio-problem";
import type { DeviceStore } from "../../audio/device-store";
import { judgeRecording, type MicFinding } from "../../audio/mic-verdict";
import type { OpenCheck, Recording, SoundCheck } from "../../audio/sound-check";
import type { Disposable } from "#core/lifecycle/disposable";

/** Long enough for a sentence, short enough to be done more than once. */
export const HEAR_YOURSELF_MS = 5000;

export interface Advice {
  words: string;
  action: string;
}

export type HearYourself =
  | { type: "idle" }
  | { type: "recording" }
  | { type: "playing"; finding: MicFinding }
  | { type: "done"; finding: MicFinding };

export interface DeviceCheckView {
  meter: "off" | "opening" | "on";
  micProblem: Advice | undefined;
  speakerProblem: Advice | undefined;
  hearYourself: HearYourself;
  isChimePlaying: boolean;
}

export interface DeviceCheckDeps {
  store: DeviceStore;
  check: SoundCheck;
}

const IDLE: DeviceCheckView = {
  meter: "off",
  micProblem: undefined,
  speakerProblem: undefined,
  hearYourself: { type: "idle" },
  isChimePlaying: false,
};

/** What the screen of devices tries out. */
export class DeviceCheck {
  readonly #deps: DeviceCheckDeps;
  readonly #listeners = new Set<() => void>();
  readonly #levelListeners = new Set<(level: number) => void>();
  #view = IDLE;
  #microphone: OpenCheck | undefined;
  #choices: Disposable | undefined;
  #playback: AbortController | undefined;
  /** Counts openings, so that a late answer to an earlier one finds itself overtaken. */
  #openCount = 0;

  constructor(deps: DeviceCheckDeps) {
    this.#deps = deps;
  }

  readonly getView = (): DeviceCheckView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** RMS of each 20 ms, 0 to 1. */
  readonly subscribeLevel = (listener: (level: number) => void): (() => void) => {
    this.#levelListeners.add(listener);
    return () => void this.#levelListeners.delete(listener);
  };

  /** Opens the preferred microphone and follows the choice until `close`. Asks the person, if that was not done yet. */
  async open(): Promise<void> {
    this.#choices ??= this.#deps.store.onChoice((kind) => {
      if (kind === "microphone") void this.open();
    });
    const count = ++this.#openCount;
    this.#closeMicrophone();
    this.#update({ meter: "opening", micProblem: undefined });
    try {
      const opened = await this.#deps.check.openMicrophone({
        onLevel: (level) => this.#tellLevel(level),
        onEnded: () => {
          if (count === this.#openCount) this.#microphoneEnded();
        },
      });
      if (count !== this.#openCount) return opened.dispose();
      this.#microphone = opened;
      this.#update({ meter: "on" });
    } catch (error) {
      if (count === this.#openCount) this.#update({ meter: "off", micProblem: adviceOf(error) });
    }
  }

  close(): void {
    this.#openCount++;
    this.#choices?.dispose();
    this.#choices = undefined;
    this.#playback?.abort();
    this.#closeMicrophone();
    this.#update({ meter: "off" });
  }

  /** Records five seconds, judges them, and plays them back. */
  async hearYourself(): Promise<void> {
    const microphone = this.#microphone;
    if (microphone === undefined || this.#view.hearYourself.type === "recording") return;
    this.stopPlaying();
    this.#update({ hearYourself: { type: "recording" } });
    const recording = await microphone.record(HEAR_YOURSELF_MS);
    if (microphone !== this.#microphone) return this.#update({ hearYourself: { type: "idle" } });
    const finding = judgeRecording(recording);
    if (!recording.isZero) await this.#playBack(recording, finding);
    this.#update({ hearYourself: { type: "done", finding } });
  }

  stopPlaying(): void {
    this.#playback?.abort();
  }

  async playChime(): Promise<void> {
    if (this.#view.isChimePlaying) return;
    this.#update({ isChimePlaying: true, speakerProblem: undefined });
    try {
      await this.#deps.check.playChime();
    } catch (error) {
      this.#update({ speakerProblem: adviceOf(error) });
    }
    this.#update({ isChimePlaying: false });
  }

  async #playBack(recording: Recording, finding: MicFinding): Promise<void> {
    const playback = new AbortController();
    this.#playback = playback;
    this.#update({ hearYourself: { type: "playing", finding }, speakerProblem: undefined });
    try {
      await this.#deps.check.play(recording, playback.signal);
    } catch (error) {
      this.#update({ speakerProblem: adviceOf(error) });
    }
  }

  #microphoneEnded(): void {
    this.#closeMicrophone();
    void this.#deps.store.refresh().then(() => this.open());
  }

  #closeMicrophone(): void {
    this.#microphone?.dispose();
    this.#microphone = undefined;
    this.#tellLevel(0);
  }

  #tellLevel(level: number): void {
    for (const listener of this.#levelListeners) listener(level);
  }

  #update(change: Partial<DeviceCheckView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function adviceOf(error: unknown): Advice {
  const { message, action } = error instanceof AudioProblem ? error : new AudioProblem("sound-unavailable");
  return { words: message, action };
}
