import { hasCode } from "#contracts/errors";
import type { ServerMessage } from "#contracts/protocol/server-message";
import { pcmRms } from "#core/audio/pcm";
import type { TransportConnector } from "#core/client/client-transport";
import {
  addTypedText,
  applyServerMessage,
  asEarlier,
  breakOff,
  EMPTY_CONVERSATION,
  type Conversation,
} from "#core/client/conversation";
import { SessionClient } from "#core/client/session-client";
import type { ConnectionState, SessionEvent } from "#core/client/session-events";
import { DisposableStore, type Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { AudioEngine, OpenAudioEngine } from "../../audio/audio-engine";
import { AudioProblem } from "../../audio/audio-problem";
import { captionAt } from "./caption";
import {
  INITIAL_VIEW,
  isMicLive,
  toProblem,
  withoutProblem,
  withProblem,
  type ConversationView,
  type Problem,
} from "./conversation-view";

export interface ConversationDeps {
  connect: TransportConnector;
  clock: Clock;
  openAudio: OpenAudioEngine;
  /** Read at each start, so that a new address is used at once. Waits until there is something to connect to. */
  readToken(): string | undefined | Promise<string | undefined>;
}

/** While paused; well below the second after which the orchestrator takes a client for one that does not report. */
const STANDSTILL_REPORT_MS = 250;
/** How long the page says that the agent was cut off. */
const CUT_OFF_SHOWN_MS = 1_600;
/** Answers whose metrics are kept: more than a person hears in a day. */
const MAX_TURN_METRICS = 500;

const SESSION_RENEWED: Problem = {
  code: "session-renewed",
  words: "The conversation was lost, and a new one has begun.",
  action: "What was said before stays here to read; Parley does not remember it.",
};

/** One conversation from start to stop; a late answer to an earlier one finds itself stopped. */
interface Run {
  client: SessionClient;
  audio: AudioEngine | undefined;
  isStopped: boolean;
}

/** Joins session, microphone and player, and holds what the screen shows. */
export class ConversationController {
  readonly #deps: ConversationDeps;
  readonly #viewListeners = new Set<() => void>();
  readonly #levelListeners = new Set<(level: number) => void>();
  #view = INITIAL_VIEW;
  #run: Run | undefined;
  #cutOffTimer: Disposable | undefined;
  #paused: Disposable | undefined;

  constructor(deps: ConversationDeps) {
    this.#deps = deps;
  }

  readonly getView = (): ConversationView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#viewListeners.add(listener);
    return () => void this.#viewListeners.delete(listener);
  };

  /** `level`: RMS of the latest 20 ms of the microphone, 0 to 1; 0 when it is off. */
  readonly subscribeLevel = (listener: (level: number) => void): (() => void) => {
    this.#levelListeners.add(listener);
    return () => void this.#levelListeners.delete(listener);
  };

  /** Starts a conversation, or adds the microphone to one that was started by typing. */
  async startTalking(): Promise<void> {
    if (this.#run === undefined) await this.#start({ withMicrophone: true, conversation: EMPTY_CONVERSATION });
    else if (this.#view.phase === "active" && !this.#view.hasMicrophone && this.#run.audio !== undefined)
      await this.#openMicrophone(this.#run, this.#run.audio);
  }

  stop(): void {
    this.#finish(undefined);
  }

  /** A new session in place of one that was lost. What was said stands above it, and it is told that it is forgotten. */
  async goOn(options: { withMicrophone: boolean }): Promise<void> {
    if (this.#run !== undefined) return;
    await this.#start({ ...options, conversation: asEarlier(this.#view.conversation) });
    if (this.#run !== undefined) this.#show(SESSION_RENEWED);
  }

  /** Says something in writing; starts a conversation without a microphone if there is none. False if it was not sent. */
  async sendText(text: string): Promise<boolean> {
    if (text.trim() === "") return false;
    if (this.#run === undefined) await this.#start({ withMicrophone: false, conversation: EMPTY_CONVERSATION });
    try {
      if (this.#run === undefined) return false;
      this.#run.client.sendText(text);
      this.#update({ conversation: addTypedText(this.#view.conversation, text) });
      return true;
    } catch (error) {
      this.#tell(error);
      return false;
    }
  }

  /** Asks for the rest of an answer that was cut off; brains of every kind understand it. */
  readonly continueAnswer = (): void => void this.sendText("go on");

  /** Ends the agent's turn. */
  interrupt(): void {
    this.#run?.client.interrupt();
  }

  /** Muting keeps the session and the microphone. */
  setMuted(isMuted: boolean): void {
    this.#update({ isMuted });
  }

  /** Stands still until it is told to go on; the session stays. */
  setPaused(isPaused: boolean): void {
    const run = this.#run;
    if (run === undefined || isPaused === this.#view.isPaused) return;
    this.#update({ isPaused });
    this.#paused?.dispose();
    this.#paused = isPaused ? this.#hold(run) : undefined;
  }

  setPushToTalk(isPushToTalk: boolean): void {
    this.#update({ isPushToTalk, isHolding: false, isMuted: false });
  }

  /** With push-to-talk: the person wants to be heard from now on, or no longer. */
  hold(isHolding: boolean): void {
    if (this.#view.isPushToTalk) this.#update({ isHolding });
  }

  setVoice(voice: string): void {
    this.#update({ voice });
    this.#run?.client.setVoice(voice);
  }

  async resumeSound(): Promise<void> {
    await this.#run?.audio?.resume();
  }

  dismiss(code: string): void {
    this.#setView(withoutProblem(this.#view, code));
  }

  async #start(options: { withMicrophone: boolean; conversation: Conversation }): Promise<void> {
    const run: Run = { client: new SessionClient(this.#deps), audio: undefined, isStopped: false };
    this.#run = run;
    this.#setView({
      ...INITIAL_VIEW,
      conversation: options.conversation,
      session: this.#view.session,
      voice: this.#view.voice,
      isPushToTalk: this.#view.isPushToTalk,
      phase: "connecting",
    });
    try {
      const audio = await this.#openAudio(run);
      if (options.withMicrophone && !run.isStopped) await this.#openMicrophone(run, audio);
      if (run.isStopped) return;
      this.#update({ phase: "connecting" });
      const token = await this.#deps.readToken();
      if (run.isStopped) return;
      run.client.subscribe((event) => this.#handle(run, event));
      await run.client.start({
        token,
        sampleRateHz: audio.sampleRateHz,
        voice: this.#view.voice,
      });
    } catch (error) {
      if (!run.isStopped) this.#finish(error);
    }
  }

  async #openAudio(run: Run): Promise<AudioEngine> {
    const audio = await this.#deps.openAudio({
      onPlayout: ({ heardSamples, isPlaying }) => {
        run.client.reportPlayout(heardSamples);
        if (!run.isStopped) this.#played(heardSamples, isPlaying);
      },
      onPaused: (isPaused) => {
        if (!run.isStopped) this.#soundPaused(isPaused);
      },
      onNotice: (notice) => {
        if (!run.isStopped) this.#show(notice);
      },
      onNoticeOver: (code) => {
        if (!run.isStopped) this.dismiss(code);
      },
    });
    run.audio = audio;
    if (run.isStopped) await audio.close();
    return audio;
  }

  /** Without a microphone the conversation goes on in writing, so a failure is told and not thrown. */
  async #openMicrophone(run: Run, audio: AudioEngine): Promise<void> {
    const phase = this.#view.phase;
    this.#update({ phase: phase === "active" ? phase : "opening-microphone" });
    try {
      await audio.openMicrophone({
        onPcm: (pcm) => {
          if (!run.isStopped) this.#hear(run, pcm);
        },
        onLost: () => {
          if (run.isStopped) return;
          this.#setLevel(0);
          this.#update({ hasMicrophone: false });
          this.#tell(new AudioProblem("mic-lost"));
        },
      });
      if (!run.isStopped) this.#update({ hasMicrophone: true });
    } catch (error) {
      if (!run.isStopped) this.#tell(error);
    }
  }

  #handle(run: Run, event: SessionEvent): void {
    if (run.isStopped) return;
    if (event.type === "audio") run.audio?.play(event.frame);
    else if (event.type === "message") this.#receive(run, event.message);
    else if (event.type === "connection") this.#connectionChanged(event.connection);
    else this.#tell(event.error);
  }

  #receive(run: Run, message: ServerMessage): void {
    if (message.type === "flush") run.audio?.flush(message.fromSample);
    else if (message.type === "duck") run.audio?.duck(message.gainDb);
    else if (message.type === "unduck") run.audio?.unduck();
    else if (message.type === "duplex") this.#update({ duplex: message });
    else if (message.type === "session-started")
      this.#update({ session: message, duplex: message.isResumed ? this.#view.duplex : undefined });
    else if (message.type === "recording") this.#update({ recording: message.scope });
    else if (message.type === "turn-metrics")
      this.#update({ turnMetrics: [...this.#view.turnMetrics, message.metrics].slice(-MAX_TURN_METRICS) });
    else if (message.type === "agent-turn-start") this.#setCutOff(false);
    else if (message.type === "agent-turn-end" && message.reason === "interrupted") this.#setCutOff(true);
    // After a failed resume a new session follows by itself, which is told then.
    else if (message.type === "error" && message.code !== "resume-failed")
      this.#show({ code: message.code, words: message.message, action: message.action });
    this.#update({ conversation: applyServerMessage(this.#view.conversation, message) });
    run.audio?.setUserSpeaking?.(this.#view.conversation.isUserSpeaking);
  }

  /** The orchestrator goes on by the microphone's own clock, so a muted microphone sends silence. */
  #hear(run: Run, pcm: Int16Array): void {
    const isLive = isMicLive(this.#view);
    run.audio?.setMuted?.(!isLive);
    run.client.sendMic(isLive ? pcm : new Int16Array(pcm.length));
    this.#setLevel(isLive ? pcmRms(pcm) : 0);
  }

  #played(heardSamples: number, isAgentAudible: boolean): void {
    const caption = captionAt(this.#view.conversation.entries, heardSamples);
    const isSame =
      caption?.heardEnd === this.#view.caption?.heardEnd && caption?.wordEnd === this.#view.caption?.wordEnd;
    if (isSame && caption?.turn === this.#view.caption?.turn) this.#update({ isAgentAudible });
    else this.#update({ isAgentAudible, caption });
  }

  /** The position is told again and again, since a silent client is taken to play on. */
  #hold(run: Run): Disposable {
    const held = new DisposableStore();
    held.add(run.audio?.pause?.() ?? { dispose: () => undefined });
    held.add(this.#deps.clock.setRepeating(STANDSTILL_REPORT_MS, () => run.client.repeatPlayout()));
    return held;
  }

  #setCutOff(isCutOff: boolean): void {
    this.#cutOffTimer?.dispose();
    this.#update({ isCutOff });
    if (isCutOff) this.#cutOffTimer = this.#deps.clock.setTimer(CUT_OFF_SHOWN_MS, () => this.#setCutOff(false));
  }

  #connectionChanged(connection: ConnectionState): void {
    if (connection.type === "open") this.#update({ phase: "active" });
    else if (connection.type === "resuming") this.#update({ phase: "resuming" });
    else if (connection.type === "ended") {
      const withMicrophone = this.#view.hasMicrophone;
      this.#finish(connection.error);
      if (hasCode(connection.error, "resume-failed")) void this.goOn({ withMicrophone });
    }
  }

  #soundPaused(isSoundPaused: boolean): void {
    this.#update({ isSoundPaused });
    if (isSoundPaused) this.#tell(new AudioProblem("sound-paused"));
    else this.dismiss("sound-paused");
  }

  #finish(error: unknown): void {
    const run = this.#run;
    if (run === undefined) return;
    run.isStopped = true;
    this.#run = undefined;
    this.#paused?.dispose();
    this.#paused = undefined;
    run.client.bye();
    void run.audio?.close();
    this.#setLevel(0);
    this.#setCutOff(false);
    const outcome = error === undefined ? "interrupted" : "failed";
    const hasBegun = this.#view.conversation.entries.length > 0 || this.#view.phase === "active";
    this.#update({
      phase: hasBegun ? "ended" : "idle",
      hasMicrophone: false,
      isMuted: false,
      isPaused: false,
      isHolding: false,
      isAgentAudible: false,
      isSoundPaused: false,
      caption: undefined,
      conversation: breakOff(this.#view.conversation, { heard: this.#view.caption, outcome }),
    });
    this.dismiss("sound-paused");
    const isTold = error === undefined || hasCode(error, "cancelled") || hasCode(error, "resume-failed");
    if (!isTold) this.#tell(error);
  }

  #tell(error: unknown): void {
    this.#show(toProblem(error));
  }

  #show(problem: Problem): void {
    this.#setView(withProblem(this.#view, problem));
  }

  #setLevel(level: number): void {
    for (const listener of this.#levelListeners) listener(level);
  }

  #update(change: Partial<ConversationView>): void {
    const current = this.#view;
    const keys = Object.keys(change) as (keyof ConversationView)[];
    if (keys.some((key) => change[key] !== current[key])) this.#setView({ ...current, ...change });
  }

  #setView(view: ConversationView): void {
    this.#view = view;
    for (const listener of this.#viewListeners) listener();
  }
}
