import { toWireError, type WireError } from "#contracts/errors";
import type { AgentTurnEndReason, ConversationState } from "#contracts/protocol/server-message";
import type { SessionId } from "#contracts/units";
import { EARS_SAMPLE_RATE_HZ, VOICE_SAMPLE_RATE_HZ, samplesToMs } from "#contracts/units";
import { DisposableStore, type Disposable } from "#core/lifecycle/disposable";
import { assertNever } from "#core/lifecycle/assert-never";
import type { AsrEngine } from "#core/ports/asr-engine";
import type { Metrics } from "#core/ports/metrics";
import type { ResamplerFactory } from "#core/ports/resampler";
import type { SpeechDetectorFactory } from "#core/ports/speech-detector";
import type { VoiceFrame } from "#core/ports/voice-link";
import { SpeechSegmenter } from "#core/speech/speech-segmenter";
import { ConversationHistory } from "#core/turn/history";
import { PlayoutTracker } from "#core/turn/playout-tracker";
import { reduceTurn } from "#core/turn/reducer";
import { createTurnModel, type TurnConfig, type TurnEffect, type TurnEvent, type TurnTimer } from "#core/turn/state";
import { runAgentTurn, type AgentTurnDeps, type AgentTurnEvents, type AgentTurnStage } from "./agent-turn";
import { absentClient, type ClientSink } from "./client-sink";
import { MicInput } from "./mic-input";
import { SpokenTurn } from "./spoken-turn";
import { TurnClock } from "./turn-clock";
import { UserListener, type UserListenerConfig } from "./user-listener";

/** How often the playout position is looked at while the agent speaks. */
const PLAYOUT_CHECK_MS = 20;
const DUCK_GAIN_DB = -12;
/** 2 s of played audio are kept, so that a client that comes back hears the cut word from its start. */
const KEPT_SAMPLES = 2 * VOICE_SAMPLE_RATE_HZ;

export interface SessionConfig extends TurnConfig {
  listener: UserListenerConfig;
  /** A pause of speech shorter than this is not reported, ms. */
  minSilenceMs: number;
  /** A noise shorter than this is not speech, ms. */
  minSpeechMs: number;
  activationThreshold: number;
}

export interface SessionDeps extends AgentTurnDeps {
  asr: AsrEngine;
  detectors: SpeechDetectorFactory;
  resamplers: ResamplerFactory;
  metrics: Metrics;
  config: SessionConfig;
}

export interface SessionOptions {
  sessionId: SessionId;
  /** undefined: a client without a microphone. */
  micSampleRateHz: number | undefined;
  voice: string;
  /** Called once, when the session has ended by itself or by `end`. */
  onEnded(): void;
}

interface RunningTurn {
  spoken: SpokenTurn;
  abort: AbortController;
  clock: TurnClock;
  sequence: number;
}

const STAGES = {
  "brain-first-token": "brainFirstTokenMs",
  "first-clause": "firstClauseMs",
  "lease": "leaseMs",
  "worker-first-frame": "workerFirstFrameMs",
} as const satisfies Record<AgentTurnStage, string>;

/**
 * One conversation. Feeds the turn reducer with what the microphone, the client and the agent's own voice do,
 * and carries out its effects. Owns everything that runs for it and ends it.
 */
export class Session {
  readonly sessionId: SessionId;
  readonly history = new ConversationHistory();
  readonly #deps: SessionDeps;
  readonly #options: SessionOptions;
  readonly #store = new DisposableStore();
  readonly #timers = new Map<TurnTimer, Disposable>();
  readonly #playout = new PlayoutTracker();
  readonly #listener: UserListener;
  readonly #mic: MicInput | undefined;
  #model = createTurnModel();
  #sink: ClientSink = absentClient;
  #voice: string;
  #running: RunningTurn | undefined;
  #speechEndAtMs = 0;
  #micSamples = 0;
  #transcriptAtMs: number | undefined;
  #isAway = false;
  #awayAtSamples = 0;

  constructor(deps: SessionDeps, options: SessionOptions) {
    this.#deps = deps;
    this.#options = options;
    this.sessionId = options.sessionId;
    this.#voice = options.voice;
    this.#listener = this.#store.add(this.#createListener());
    if (options.micSampleRateHz !== undefined) this.#mic = this.#store.add(this.#createMic(options.micSampleRateHz));
    this.#store.add(deps.clock.setRepeating(PLAYOUT_CHECK_MS, () => this.#checkPlayout()));
    deps.metrics.count("parley_turns_total", 0);
  }

  get state(): ConversationState {
    return this.#model.state.type;
  }

  get voice(): string {
    return this.#voice;
  }

  /** The client is there, for the first time or again: what it missed of the running turn is sent and played again. */
  attach(sink: ClientSink): void {
    this.#sink = sink;
    this.#isAway = false;
    sink.send({ type: "state", state: this.state });
    if (this.#running !== undefined) this.#replay(this.#running);
  }

  isAttachedTo(sink: ClientSink): boolean {
    return this.#sink === sink;
  }

  /** The client is gone; it may come back. Its speaker stands still meanwhile. */
  detach(): void {
    this.#sink = absentClient;
    this.#isAway = true;
    this.#awayAtSamples = this.#playout.positionSamples(this.#deps.clock.nowMs());
    this.#playout.pause();
  }

  addMicFrame(pcm: Int16Array): void {
    this.#mic?.push(pcm);
  }

  reportPlayout(positionSamples: number): void {
    this.#playout.report(positionSamples, this.#deps.clock.nowMs());
    this.#checkPlayout();
  }

  addText(text: string): void {
    this.#dispatch({ type: "text-input", text });
  }

  /** The user pressed stop. */
  requestStop(): void {
    this.#dispatch({ type: "stop-requested" });
  }

  setVoice(voice: string): void {
    this.#voice = voice;
  }

  drain(): void {
    this.#dispatch({ type: "drain" });
  }

  end(): void {
    this.#dispatch({ type: "end" });
  }

  #createListener(): UserListener {
    const { asr, clock, config, log } = this.#deps;
    return new UserListener({
      asr,
      clock,
      config: config.listener,
      onPartial: (text) => this.#sink.send({ type: "user-transcript-delta", text }),
      onError: (error) => log.warn("partial transcript failed", { error }),
    });
  }

  #createMic(sampleRateHz: number): MicInput {
    const { detectors, resamplers, config, metrics } = this.#deps;
    return new MicInput({
      detector: detectors.create(),
      resampler: resamplers.create({ fromHz: sampleRateHz, toHz: EARS_SAMPLE_RATE_HZ }),
      segmenter: new SpeechSegmenter({
        activationThreshold: config.activationThreshold,
        minSpeechMs: config.minSpeechMs,
        minSilenceMs: config.minSilenceMs,
      }),
      events: {
        onSpeechStart: (startSample) => {
          this.#sink.send({ type: "user-speech-start", micSample: toClientSample(startSample, sampleRateHz) });
          this.#dispatch({ type: "user-speech-start" });
        },
        onSpeechEnd: ({ endSample, silenceMs }) => {
          this.#speechEndAtMs = this.#deps.clock.nowMs() - silenceMs;
          this.#sink.send({ type: "user-speech-end", micSample: toClientSample(endSample, sampleRateHz) });
          this.#dispatch({ type: "user-speech-end", silenceMs, speechEndAtMs: this.#speechEndAtMs });
        },
        onWindow: (window) => {
          this.#listener.addWindow(window);
          if (window.speechMs > 0) this.#dispatch({ type: "user-speech-continues", speechMs: window.speechMs });
        },
        onDropped: () => metrics.count("parley_mic_windows_dropped_total"),
        onError: (error) => this.#sendError(toWireError(error)),
      },
    });
  }

  #dispatch(event: TurnEvent): void {
    const step = reduceTurn(this.#model, event, this.#deps.config);
    this.#model = step.model;
    for (const effect of step.effects) this.#perform(effect);
  }

  #perform(effect: TurnEffect): void {
    switch (effect.type) {
      case "start-timer":
        return this.#startTimer(effect.timer, effect.delayMs);
      case "cancel-timer":
        this.#timers.get(effect.timer)?.dispose();
        return;
      case "listen":
        return this.#listener.begin();
      case "request-transcript":
        return void this.#transcribe(effect.revision);
      case "forget-utterance":
        return this.#listener.forget();
      case "user-turn-ended":
        return this.#sink.send({ type: "user-transcript-end", text: effect.text });
      case "start-agent-turn":
        return this.#startAgentTurn(effect);
      case "stop-agent-turn":
        return this.#endAgentTurn(effect.turn, effect.reason);
      case "duck":
        return this.#sink.send({ type: "duck", gainDb: DUCK_GAIN_DB });
      case "unduck":
        return this.#sink.send({ type: "unduck" });
      case "state-changed":
        return this.#sink.send({ type: "state", state: effect.state });
      case "close-session":
        return this.#close();
      default:
        return assertNever(effect);
    }
  }

  #startTimer(timer: TurnTimer, delayMs: number): void {
    this.#timers.get(timer)?.dispose();
    this.#timers.set(
      timer,
      this.#deps.clock.setTimer(delayMs, () => this.#dispatch({ type: timer })),
    );
  }

  async #transcribe(revision: number): Promise<void> {
    const askedAtMs = this.#deps.clock.nowMs();
    let text = "";
    try {
      text = await this.#listener.transcribe();
    } catch (error) {
      if (this.state !== "ended") this.#sendError(toWireError(error));
    }
    this.#transcriptAtMs = this.#deps.clock.nowMs();
    this.#deps.metrics.observe("parley_final_transcript_ms", this.#transcriptAtMs - askedAtMs);
    this.#dispatch({ type: "final-transcript", revision, text });
  }

  #startAgentTurn(effect: TurnEffect & { type: "start-agent-turn" }): void {
    const { clock, metrics } = this.#deps;
    const { turn } = effect;
    const nowMs = clock.nowMs();
    const turnClock = new TurnClock({ turn, originAtMs: effect.speechEndAtMs ?? nowMs });
    turnClock.mark("endpointMs", nowMs);
    if (effect.speechEndAtMs !== undefined && this.#transcriptAtMs !== undefined)
      turnClock.mark("finalTranscriptMs", this.#transcriptAtMs);
    const running: RunningTurn = {
      spoken: new SpokenTurn(turn),
      abort: new AbortController(),
      clock: turnClock,
      sequence: 0,
    };
    this.#running = running;
    this.history.addUser(effect.userText);
    metrics.count("parley_turns_total");
    this.#sink.send({ type: "agent-turn-start", turn });
    const request = {
      sessionId: this.sessionId,
      turn,
      voice: this.#voice,
      history: this.history.messages,
      signal: running.abort.signal,
    };
    void runAgentTurn(this.#deps, request, this.#agentTurnEvents(running)).then((outcome) => {
      if (this.#running !== running) return;
      if (outcome === "spoken") running.spoken.complete();
      else if (outcome === "failed") this.#endAgentTurn(turn, "failed");
      this.#checkPlayout();
    });
  }

  #agentTurnEvents(running: RunningTurn): AgentTurnEvents {
    const isCurrent = (): boolean => this.#running === running;
    const { turn } = running.spoken;
    return {
      onText: (text) => {
        if (!isCurrent()) return;
        running.spoken.addText(text);
        this.#sink.send({ type: "agent-text-delta", turn, text });
      },
      onFrame: (frame) => {
        if (isCurrent()) this.#sendFrame(running, frame);
      },
      onStage: (stage) => running.clock.mark(STAGES[stage], this.#deps.clock.nowMs()),
      onWorker: (name) => running.clock.setWorker(name),
      onError: (error) => {
        if (isCurrent()) this.#sendError(error);
      },
    };
  }

  #sendFrame(running: RunningTurn, frame: VoiceFrame): void {
    const nowMs = this.#deps.clock.nowMs();
    const sampleIndex = this.#playout.frameSent(frame.pcm.length, nowMs);
    running.spoken.addFrame({ sampleIndex, pcm: frame.pcm, isLast: frame.isFinal });
    running.clock.mark("firstFrameSentMs", nowMs);
    if (frame.words.length > 0) {
      this.#sink.send({
        type: "agent-word-timings",
        turn: running.spoken.turn,
        words: running.spoken.addWords(frame.words),
      });
    }
    this.#sink.sendAudio({
      kind: "agent",
      turn: running.spoken.turn,
      sequence: running.sequence++,
      sampleIndex,
      isLast: frame.isFinal,
      pcm: frame.pcm,
    });
  }

  #checkPlayout(): void {
    const running = this.#running;
    if (running === undefined || this.#isAway) return;
    const nowMs = this.#deps.clock.nowMs();
    const positionSamples = this.#playout.positionSamples(nowMs);
    const { turn } = running.spoken;
    if (running.spoken.isAudible(positionSamples) && running.clock.metrics.playoutStartMs === undefined) {
      const playedMs = samplesToMs(positionSamples - (running.spoken.firstSample ?? 0), VOICE_SAMPLE_RATE_HZ);
      running.clock.mark("playoutStartMs", nowMs - playedMs);
      const firstAudioMs = running.clock.metrics.playoutStartMs;
      if (firstAudioMs !== undefined) this.#deps.metrics.observe("parley_first_audio_ms", firstAudioMs);
      this.#dispatch({ type: "agent-audible", turn });
    }
    running.spoken.forgetPlayed(positionSamples - KEPT_SAMPLES);
    if (running.spoken.isPlayed(positionSamples)) this.#endAgentTurn(turn, "completed");
  }

  /** Every agent turn ends here, once: stops what runs, settles what was heard, tells the client. */
  #endAgentTurn(turn: number, reason: AgentTurnEndReason): void {
    const running = this.#running;
    if (running?.spoken.turn !== turn) return;
    this.#running = undefined;
    running.abort.abort();
    const positionSamples = this.#isAway
      ? this.#awayAtSamples
      : this.#playout.positionSamples(this.#deps.clock.nowMs());
    const split = running.spoken.split(positionSamples);
    if (reason === "interrupted" || reason === "superseded") {
      this.#playout.flushed();
      this.#sink.send({ type: "flush", fromSample: running.spoken.firstSample ?? this.#playout.sentEndSample }); // [TT24]
      this.#sink.send({ type: "unduck" });
      this.#deps.metrics.count("parley_interruptions_total");
    }
    if (reason === "superseded")
      this.history.withdrawUser(); // [TT14]
    else this.history.addAgent({ heardText: split.heardText, isCutOff: reason !== "completed" });
    this.#sink.send({ type: "agent-turn-end", turn, ...split, reason });
    this.#sink.send({ type: "turn-metrics", metrics: running.clock.metrics });
    this.#deps.log.info("agent turn ended", { turn, reason, metrics: running.clock.metrics });
    this.#dispatch({ type: "agent-finished", turn, reason });
  }

  #replay(running: RunningTurn): void {
    const { turn, text, words } = running.spoken;
    this.#sink.send({ type: "agent-turn-start", turn });
    this.#sink.send({ type: "agent-text-delta", turn, text });
    if (words.length > 0) this.#sink.send({ type: "agent-word-timings", turn, words: [...words] });
    this.#playout.resume(this.#awayAtSamples, this.#deps.clock.nowMs());
    for (const frame of running.spoken.framesFrom(this.#awayAtSamples)) {
      this.#sink.sendAudio({ kind: "agent", turn, sequence: running.sequence++, ...frame });
    }
  }

  #sendError(error: WireError): void {
    this.#deps.metrics.count("parley_errors_total");
    this.#sink.send({ type: "error", ...error });
  }

  #close(): void {
    for (const timer of this.#timers.values()) timer.dispose();
    this.#store.dispose();
    this.#options.onEnded();
  }
}

/** From the 16 kHz clock of the ears to the client's own. */
function toClientSample(sample: number, sampleRateHz: number): number {
  return Math.round((sample * sampleRateHz) / EARS_SAMPLE_RATE_HZ);
}
