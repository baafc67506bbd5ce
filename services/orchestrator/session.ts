import { toWireError, type WireError } from "#contracts/errors";
import type { CounterName } from "#contracts/metrics";
import type { AudioFrame } from "#contracts/protocol/audio-frame";
import { MIC_SAMPLE_RATES_HZ } from "#contracts/protocol/client-message";
import type { ConversationState, OverlapVerdict } from "#contracts/protocol/server-message";
import { EARS_SAMPLE_RATE_HZ, type SessionId } from "#contracts/units";
import { assertNever } from "#core/lifecycle/assert-never";
import { DisposableStore, type Disposable } from "#core/lifecycle/disposable";
import type { AsrEngine } from "#core/ports/asr-engine";
import type { EchoCancellerFactory } from "#core/ports/echo-canceller";
import type { ResamplerFactory } from "#core/ports/resampler";
import type { SpeechDetectorFactory } from "#core/ports/speech-detector";
import { SpeechLevel } from "#core/speech/speech-level";
import type { TurnDelays } from "#core/settings/turn-presets";
import { ConversationHistory } from "#core/turn/history";
import { createRuleOverlapJudge } from "#core/turn/overlap";
import { judgeOverlapWords } from "#core/turn/overlap-words";
import { reduceTurn } from "#core/turn/reducer";
import { createTurnModel, type TurnEffect, type TurnEvent, type TurnTimer } from "#core/turn/state";
import { AgentSpeaker, type AgentSpeakerDeps } from "./agent-speaker";
import { absentClient, type ClientSink } from "./client-sink";
import { EndpointWatch } from "./endpoint-watch";
import { OverlapWatch, type JudgedOverlap } from "./overlap-watch";
import type { RecordingDesk } from "./recording/recording-desk";
import type { SessionTap } from "./recording/session-tap";
import type { SessionConfig } from "./session-config";
import { SessionMicrophone } from "./session-microphone";
import { UserListener, type MicWindow } from "./user-listener";

const DUCK_GAIN_DB = -12;
/** Half a second of speech tells how loud a user is. */
const MIN_LEVEL_WINDOWS = 16;

export interface SessionDeps extends AgentSpeakerDeps {
  asr: AsrEngine;
  detectors: SpeechDetectorFactory;
  resamplers: ResamplerFactory;
  echoCancellers: EchoCancellerFactory;
  /** As `MicInputDeps.nextTurn`; one for all sessions. */
  nextTurn?: () => Promise<void>;
  config: SessionConfig;
  /** Absent: nothing can be kept. */
  recordings?: RecordingDesk;
}

export interface SessionOptions {
  sessionId: SessionId;
  /** undefined: a client without a microphone. */
  micSampleRateHz: number | undefined;
  voice: string;
  /** Called once, when the session has ended by itself or by `end`. */
  onEnded(): void;
}

/**
 * One conversation. Feeds the turn reducer with what the microphone, the client and the agent's own voice do,
 * and carries out its effects. Owns everything that runs for it and ends it.
 */
export class Session {
  readonly sessionId: SessionId;
  readonly #deps: SessionDeps;
  readonly #options: SessionOptions;
  readonly #store = new DisposableStore();
  readonly #timers = new Map<TurnTimer, Disposable>();
  readonly #listener: UserListener;
  readonly #overlap: OverlapWatch;
  readonly #usualLevel = new SpeechLevel();
  readonly #speaker: AgentSpeaker;
  readonly #microphone: SessionMicrophone | undefined;
  readonly #endpoint: EndpointWatch;
  #model = createTurnModel();
  #config: SessionConfig;
  #client: ClientSink = absentClient;
  #sink: ClientSink = absentClient;
  readonly #tap: SessionTap | undefined;
  #voice: string;
  #transcriptAtMs: number | undefined;

  constructor(deps: SessionDeps, options: SessionOptions) {
    this.#deps = deps;
    this.#options = options;
    this.sessionId = options.sessionId;
    this.#voice = options.voice;
    this.#config = deps.config;
    this.#endpoint = new EndpointWatch(deps.clock, deps.config);
    this.#listener = this.#store.add(this.#createListener());
    this.#overlap = this.#store.add(this.#createOverlapWatch());
    if (options.micSampleRateHz !== undefined)
      this.#microphone = this.#store.add(this.#createMicrophone(options.micSampleRateHz));
    this.#speaker = this.#store.add(this.#createSpeaker());
    this.#tap = deps.recordings && this.#store.add(this.#createTap(deps.recordings));
  }

  get state(): ConversationState {
    return this.#model.state.type;
  }

  get voice(): string {
    return this.#voice;
  }

  /** The client is there, for the first time or again. */
  attach(sink: ClientSink): void {
    this.#client = sink;
    this.#sink = this.#tapped(sink);
    this.#tap?.announce();
    this.#microphone?.setPresent(true);
    this.#sink.send({ type: "state", state: this.state });
    this.#speaker.attach(this.#sink);
  }

  isAttachedTo(sink: ClientSink): boolean {
    return this.#client === sink;
  }

  /** The client is gone; it may come back. */
  detach(): void {
    this.#client = absentClient;
    this.#microphone?.setPresent(false);
    this.#sink = this.#tapped(absentClient);
    this.#speaker.detach(this.#sink);
  }

  addMicFrame(frame: Pick<AudioFrame, "sampleIndex" | "pcm">): void {
    this.#tap?.addMicFrame(frame);
    this.#microphone?.push(frame);
  }

  reportPlayout(positionSamples: number): void {
    this.#microphone?.playoutReported(positionSamples);
    this.#speaker.reportPlayout(positionSamples);
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

  /** From the next silence, and the next word over the agent, on. */
  setTurnDelays(delays: TurnDelays): void {
    this.#config = { ...this.#config, ...delays };
    this.#endpoint.setDelay(delays.endpointDelayMs);
  }

  drain(): void {
    this.#dispatch({ type: "drain" });
  }

  end(): void {
    this.#dispatch({ type: "end" });
  }

  #createSpeaker(): AgentSpeaker {
    return new AgentSpeaker(this.#deps, {
      sessionId: this.sessionId,
      history: new ConversationHistory(),
      onAudible: (turn) => this.#dispatch({ type: "agent-audible", turn }),
      onHeard: (turn) => this.#dispatch({ type: "agent-heard", turn }),
      onFinished: (turn, reason) => this.#dispatch({ type: "agent-finished", turn, reason }),
      onError: (error) => this.#sendError(error),
      onPlayed: (positionSamples) => this.#tap?.played(positionSamples),
    });
  }

  #createTap(recordings: RecordingDesk): SessionTap {
    return recordings.tap({
      facts: () => ({
        sessionId: this.sessionId,
        voice: this.#voice,
        brainLabel: this.#deps.brain.info.label,
        micSampleRateHz:
          MIC_SAMPLE_RATES_HZ.find((rate) => rate === this.#options.micSampleRateHz) ?? EARS_SAMPLE_RATE_HZ,
        delays: this.#config,
      }),
      notify: (message) => this.#sink.send(message),
    });
  }

  /** The way to the client, past those who listen in. */
  #tapped(sink: ClientSink): ClientSink {
    const recorded = this.#tap?.through(sink) ?? sink;
    return sink === absentClient ? recorded : (this.#microphone?.listenTo(recorded) ?? recorded);
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

  #createOverlapWatch(): OverlapWatch {
    return new OverlapWatch({
      judge: createRuleOverlapJudge(this.#deps.config),
      clock: this.#deps.clock,
      hear: () => this.#listener.hearOverlap(),
      usualLevelDb: () => (this.#usualLevel.windows >= MIN_LEVEL_WINDOWS ? this.#usualLevel.levelDb : undefined),
      echoRatio: (transcript) => this.#microphone?.ownLikelihood(transcript) ?? 0,
      onVerdict: (judged) => this.#overlapJudged(judged),
      onDoubt: (isDoubtful) => this.#dispatch({ type: "overlap-doubted", isDoubtful }),
    });
  }

  #overlapJudged({ verdict, text, reactionMs }: JudgedOverlap): void {
    const { state } = this.#model;
    if (state.type === "responding" && state.isAudible) {
      this.#speaker.noteOverlap(state.turn);
      this.#deps.metrics.count(OVERLAP_COUNTERS[verdict]);
      this.#deps.metrics.observe("parley_overlap_reaction_ms", reactionMs);
      this.#sink.send({ type: "overlap", turn: state.turn, verdict, text, reactionMs: Math.round(reactionMs) });
    }
    this.#dispatch({ type: "overlap-judged", verdict, isCommand: judgeOverlapWords(text) === "command" });
  }

  #createMicrophone(sampleRateHz: number): SessionMicrophone {
    return new SessionMicrophone({
      ...this.#deps,
      sampleRateHz,
      positionSamples: () => this.#speaker.positionSamples,
      send: (message) => this.#sink.send(message),
      events: {
        onSpeechSuspected: () => this.#dispatch({ type: "user-speech-suspected" }),
        onSpeechUnconfirmed: () => this.#dispatch({ type: "user-speech-unconfirmed" }),
        onSpeechStart: () => this.#dispatch({ type: "user-speech-start" }),
        onSpeechEnd: (end) =>
          this.#dispatch({ type: "user-speech-end", speechEndAtMs: this.#endpoint.speechEnded(end) }),
        onWindow: (window) => this.#addWindow(window),
        onError: (error) => this.#sendError(error),
      },
    });
  }

  #addWindow(window: MicWindow): void {
    this.#listener.addWindow(window);
    this.#overlap.addWindow(window);
    const isUsersTurn = this.state === "listening" || this.state === "interrupted";
    const isUsersSpeech = isUsersTurn && window.speechMs > 0 && window.silenceMs === 0;
    this.#endpoint.addWindow(window.samples, { isUsersSpeech });
    if (window.speechMs === 0) return;
    if (isUsersSpeech) this.#usualLevel.add(window.samples);
    this.#dispatch({ type: "user-speech-continues", speechMs: window.speechMs });
  }

  #dispatch(event: TurnEvent): void {
    const step = reduceTurn(this.#model, event, this.#config);
    this.#model = step.model;
    for (const effect of step.effects) this.#perform(effect);
    if (this.#model.state.type !== "responding" || this.#model.state.overlap === undefined) this.#overlap.cancel();
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
      case "watch-overlap":
        this.#listener.collect();
        return this.#overlap.begin();
      case "settle-overlap":
        return this.#overlap.settle();
      case "request-transcript":
        return void this.#transcribe(effect.revision);
      case "forget-utterance":
        return this.#listener.forget();
      case "user-turn-ended":
        return this.#sink.send({ type: "user-transcript-end", text: effect.text });
      case "prepare-agent-turn":
        return this.#speaker.prepare({ ...effect, voice: this.#voice, transcriptAtMs: this.#transcriptAtMs });
      case "discard-prepared-turn":
        return this.#speaker.discardPrepared();
      case "start-agent-turn":
        return this.#speaker.start({ ...effect, voice: this.#voice, transcriptAtMs: this.#transcriptAtMs });
      case "stop-agent-turn":
        if (effect.reason === "superseded") this.#endpoint.answerWithdrawn();
        return this.#speaker.stop(effect.turn, effect.reason);
      case "duck":
        return this.#sink.send({ type: "duck", gainDb: DUCK_GAIN_DB });
      case "hold-agent":
        return this.#speaker.hold(effect.turn);
      case "resume-agent":
        return this.#speaker.resume(effect.turn, { maskedMs: effect.verdict === "noise" ? this.#overlap.maskedMs : 0 });
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
    const prosody = this.#endpoint.prosody();
    let text = "";
    try {
      const heard = await this.#listener.transcribe();
      text = this.#microphone?.withoutOwnWords(heard) ?? heard;
    } catch (error) {
      if (this.state !== "ended") this.#sendError(toWireError(error));
    }
    this.#transcriptAtMs = this.#deps.clock.nowMs();
    this.#deps.metrics.observe("parley_final_transcript_ms", this.#transcriptAtMs - askedAtMs);
    const carriedText = "user" in this.#model.state ? this.#model.state.user.carriedText : "";
    const endpoint = this.#endpoint.judge({ text: `${carriedText} ${text}`, prosody });
    this.#dispatch({ type: "final-transcript", revision, text, ...endpoint });
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

const OVERLAP_COUNTERS = {
  "interruption": "parley_overlap_interruptions_total",
  "backchannel": "parley_overlap_backchannels_total",
  "noise": "parley_overlap_noises_total",
  "side-talk": "parley_overlap_side_talk_total",
  "echo": "parley_overlap_echoes_total",
} as const satisfies Record<OverlapVerdict, CounterName>;
