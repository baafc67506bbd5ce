import { DUPLEX_WORDS, type DuplexMode } from "#contracts/protocol/duplex";
import type { ServerMessage } from "#contracts/protocol/server-message";
import { dbToGain, EARS_SAMPLE_RATE_HZ, samplesToMs } from "#contracts/units";
import type { SampleWindow } from "#core/audio/window-splitter";
import { FULL_DUPLEX, reduceDuplex, type DuplexEvent } from "#core/echo/duplex";
import { EchoStrength } from "#core/echo/echo-strength";
import { PlayedReference } from "#core/echo/played-reference";
import type { Disposable } from "#core/lifecycle/disposable";
import type { CleanedWindow, EchoCanceller, EchoCancellerFactory, EchoLevels } from "#core/ports/echo-canceller";
import type { ResamplerFactory } from "#core/ports/resampler";
import type { ClientSink } from "./client-sink";
import type { EchoedWindow } from "./mic-input";
import { OwnVoice } from "./own-voice";
import { PlayedTap } from "./played-tap";
import type { MicWindow } from "./user-listener";

/** A window that is more likely the agent's than this is no speech [E6] [E13]; in half duplex, none is. */
const MAX_ECHO_LIKELIHOOD: Readonly<Record<DuplexMode, number>> = { full: 0.5, ducking: 0.3, half: -1 };
/** What is more likely the agent's own than not, by its words. */
const MAX_OWN_LIKELIHOOD = 0.5;
const DUCKING_GAIN = dbToGain(-9);

export interface EchoGuardDeps {
  resamplers: ResamplerFactory;
  echoCancellers: EchoCancellerFactory;
  /** Microphone received so far, 16 kHz. */
  micSamples(): number;
  /** Where the client's speaker is, 48 kHz. */
  positionSamples(): number;
  onDuplex(message: ServerMessage & { type: "duplex" }): void;
}

/** All that keeps a session from hearing itself: what is played, the canceller, and its own words. docs/specs/echo.md */
export class EchoGuard implements Disposable {
  readonly #deps: EchoGuardDeps;
  readonly #played: PlayedReference;
  readonly #canceller: EchoCanceller;
  readonly #strength = new EchoStrength();
  readonly #ownVoice = new OwnVoice();
  #duplex = FULL_DUPLEX;

  constructor(deps: EchoGuardDeps) {
    this.#deps = deps;
    this.#played = new PlayedReference(deps.resamplers);
    this.#canceller = deps.echoCancellers.create(this.#played);
  }

  /** The way to the client, with ears on it. */
  listenTo(sink: ClientSink): ClientSink {
    return new PlayedTap({
      sink,
      played: this.#played,
      ownVoice: this.#ownVoice,
      micSamples: this.#deps.micSamples,
      gain: () => (this.#duplex.mode === "full" ? 1 : DUCKING_GAIN),
    });
  }

  playoutReported(positionSamples: number): void {
    this.#played.reported(positionSamples, this.#deps.micSamples());
  }

  /** Every window of the microphone, before anything else looks at it. Returns those of which all is known. */
  process(window: SampleWindow): EchoedWindow[] {
    return this.#canceller.process(window).map((cleaned) => this.#judge(cleaned));
  }

  speechStarted(): void {
    this.#ownVoice.speechStarted(this.#deps.positionSamples());
  }

  addWindow(window: MicWindow): void {
    if (window.speechMs > 0 && window.silenceMs === 0)
      this.#ownVoice.addWindow(window.echoLikelihood, this.#deps.positionSamples());
  }

  /** That the agent itself said this, 0 to 1 [E7]. */
  ownLikelihood(transcript: string): number {
    return this.#ownVoice.likelihood(transcript, this.#deps.positionSamples());
  }

  /** [E8] The transcript of a turn, or nothing if it was the agent's. */
  withoutOwnWords(transcript: string): string {
    if (this.ownLikelihood(transcript) <= MAX_OWN_LIKELIHOOD) return transcript;
    this.slipped();
    return "";
  }

  /** [E11] Speech turned out to be the agent's own. */
  slipped(): void {
    this.#reduce({ type: "echo-slipped" });
  }

  dispose(): void {
    this.#canceller.dispose();
    this.#played.dispose();
  }

  #judge({ samples, endSample, echoLikelihood, levels }: CleanedWindow): EchoedWindow {
    if (levels === undefined || echoLikelihood === undefined)
      return { samples, endSample, echoLikelihood, isEcho: false };
    if (echoLikelihood > MAX_ECHO_LIKELIHOOD.full) this.#measure(levels, samples.length);
    return { samples, endSample, echoLikelihood, isEcho: echoLikelihood > MAX_ECHO_LIKELIHOOD[this.#duplex.mode] };
  }

  #measure(levels: EchoLevels, windowSamples: number): void {
    const leftDb = this.#strength.add(levels);
    if (leftDb === undefined) return;
    this.#reduce({ type: "echo-heard", leftDb, windowMs: samplesToMs(windowSamples, EARS_SAMPLE_RATE_HZ) });
  }

  #reduce(event: DuplexEvent): void {
    const { mode } = this.#duplex;
    this.#duplex = reduceDuplex(this.#duplex, event);
    if (this.#duplex.mode !== mode)
      this.#deps.onDuplex({ type: "duplex", mode: this.#duplex.mode, ...DUPLEX_WORDS[this.#duplex.mode] });
  }
}
