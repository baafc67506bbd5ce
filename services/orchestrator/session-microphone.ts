import { toWireError, type WireError } from "#contracts/errors";
import type { AudioFrame } from "#contracts/protocol/audio-frame";
import type { ServerMessage } from "#contracts/protocol/server-message";
import { EARS_SAMPLE_RATE_HZ, msToSamples } from "#contracts/units";
import { MicContinuity } from "#core/audio/mic-continuity";
import { DisposableStore, type Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { EchoCancellerFactory } from "#core/ports/echo-canceller";
import type { Logger } from "#core/ports/logger";
import type { Metrics } from "#core/ports/metrics";
import type { ResamplerFactory } from "#core/ports/resampler";
import type { SpeechDetectorFactory } from "#core/ports/speech-detector";
import { SpeechSegmenter } from "#core/speech/speech-segmenter";
import { SUSPICION_RATIO } from "#core/speech/speech-suspicion";
import type { ClientSink } from "./client-sink";
import { EchoGuard } from "./echo-guard";
import { MicInput } from "./mic-input";
import { MicWatch } from "./mic-watch";
import type { SessionConfig } from "./session-config";
import type { MicWindow } from "./user-listener";

/** What may be an echo is asked for more than `SUSPICION_RATIO`. */
const DOUBTFUL_SUSPICION_RATIO = 0.6;
const MAX_SURE_ECHO_LIKELIHOOD = 0.2;

/** A client that sends nothing for so long while the user speaks has switched its microphone off [TT28]. */
const MAX_MIC_PAUSE_MS = 1_000;
const MIC_PAUSE_CHECK_MS = 100;

export interface SessionMicrophoneDeps {
  clock: Clock;
  detectors: SpeechDetectorFactory;
  resamplers: ResamplerFactory;
  echoCancellers: EchoCancellerFactory;
  /** As `MicInputDeps.nextTurn`. */
  nextTurn?: (() => Promise<void>) | undefined;
  metrics: Metrics;
  log: Logger;
  config: SessionConfig;
  sampleRateHz: number;
  /** Where the client's speaker is, 48 kHz. */
  positionSamples(): number;
  send(message: ServerMessage): void;
  events: {
    onSpeechSuspected(): void;
    onSpeechUnconfirmed(): void;
    onSpeechStart(): void;
    /** `silenceMs`: how long ago it ended. */
    onSpeechEnd(end: { silenceMs: number }): void;
    /** Every window in order, after the speech events that it caused. */
    onWindow(window: MicWindow): void;
    onError(error: WireError): void;
  };
}

/** The client's microphone: what is wrong with it, what of it is the agent's own voice, and when the user speaks. */
export class SessionMicrophone implements Disposable {
  readonly #deps: SessionMicrophoneDeps;
  readonly #store = new DisposableStore();
  readonly #watch: MicWatch;
  readonly #continuity: MicContinuity;
  readonly #echo: EchoGuard | undefined;
  readonly #input: MicInput;
  /** When the last frame came; undefined while none can come. */
  #lastFrameAtMs: number | undefined;
  #checking: Disposable | undefined;

  constructor(deps: SessionMicrophoneDeps) {
    this.#deps = deps;
    this.#watch = new MicWatch(deps.send);
    this.#continuity = new MicContinuity(deps.sampleRateHz);
    if (deps.config.isEchoCancelled) this.#echo = this.#store.add(this.#createEchoGuard());
    this.#input = this.#store.add(this.#createInput());
  }

  push(frame: Pick<AudioFrame, "sampleIndex" | "pcm">): void {
    this.#lastFrameAtMs = this.#deps.clock.nowMs();
    this.#watch.hear(frame.pcm);
    for (const pcm of this.#continuity.join(frame)) this.#input.push(pcm);
  }

  /** Whether a client is there to send frames. */
  setPresent(isPresent: boolean): void {
    this.#lastFrameAtMs = isPresent ? this.#deps.clock.nowMs() : undefined;
  }

  playoutReported(positionSamples: number): void {
    this.#echo?.playoutReported(positionSamples);
  }

  /** The way to the client, so that what it plays is known when it comes back as an echo. */
  listenTo(sink: ClientSink): ClientSink {
    return this.#echo?.listenTo(sink) ?? sink;
  }

  /** That the agent itself said this, 0 to 1 [E7]. */
  ownLikelihood(transcript: string): number {
    return this.#echo?.ownLikelihood(transcript) ?? 0;
  }

  /** [E8] The transcript of a turn, or nothing if it was the agent's. */
  withoutOwnWords(transcript: string): string {
    return this.#echo?.withoutOwnWords(transcript) ?? transcript;
  }

  dispose(): void {
    this.#checking?.dispose();
    this.#store.dispose();
  }

  /** Silence in place of the frames that a microphone which was switched off in mid-speech does not send. */
  #fillPause(): void {
    const { clock, sampleRateHz } = this.#deps;
    if (this.#lastFrameAtMs === undefined || clock.nowMs() - this.#lastFrameAtMs < MAX_MIC_PAUSE_MS) return;
    this.#input.push(new Int16Array(msToSamples(MIC_PAUSE_CHECK_MS, sampleRateHz)));
  }

  #createEchoGuard(): EchoGuard {
    const { resamplers, echoCancellers, log, send, positionSamples } = this.#deps;
    return new EchoGuard({
      resamplers,
      echoCancellers,
      micSamples: () => this.#input.receivedSamples,
      positionSamples,
      onDuplex: (message) => {
        log.info("duplex changed", { mode: message.mode });
        send(message);
      },
    });
  }

  #createInput(): MicInput {
    const { detectors, resamplers, config, metrics, sampleRateHz, events, send } = this.#deps;
    return new MicInput({
      detector: detectors.create(),
      resampler: resamplers.create({ fromHz: sampleRateHz, toHz: EARS_SAMPLE_RATE_HZ }),
      segmenter: new SpeechSegmenter({
        activationThreshold: config.activationThreshold,
        minSpeechMs: config.minSpeechMs,
        minSilenceMs: config.minSilenceMs,
      }),
      suspicionThreshold: (echoLikelihood = 0) =>
        config.activationThreshold *
        (echoLikelihood <= MAX_SURE_ECHO_LIKELIHOOD ? SUSPICION_RATIO : DOUBTFUL_SUSPICION_RATIO),
      echo: this.#echo,
      nextTurn: this.#deps.nextTurn,
      events: {
        onSpeechSuspected: events.onSpeechSuspected,
        onSpeechUnconfirmed: events.onSpeechUnconfirmed,
        onSpeechStart: (startSample) => {
          this.#echo?.speechStarted();
          this.#watch.setUserSpeaking(true);
          this.#checking = this.#deps.clock.setRepeating(MIC_PAUSE_CHECK_MS, () => this.#fillPause());
          send({ type: "user-speech-start", micSample: toClientSample(startSample, sampleRateHz) });
          events.onSpeechStart();
        },
        onSpeechEnd: ({ endSample, silenceMs }) => {
          this.#watch.setUserSpeaking(false);
          this.#checking?.dispose();
          send({ type: "user-speech-end", micSample: toClientSample(endSample, sampleRateHz) });
          events.onSpeechEnd({ silenceMs });
        },
        onWindow: (window) => {
          this.#echo?.addWindow(window);
          events.onWindow(window);
        },
        onDropped: () => metrics.count("parley_mic_windows_dropped_total"),
        onError: (error) => events.onError(toWireError(error)),
      },
    });
  }
}

/** From the 16 kHz clock of the ears to the client's own. */
function toClientSample(sample: number, sampleRateHz: number): number {
  return Math.round((sample * sampleRateHz) / EARS_SAMPLE_RATE_HZ);
}
