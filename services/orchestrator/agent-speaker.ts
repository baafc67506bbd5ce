import type { WireError } from "#contracts/errors";
import type { AgentTurnEndReason, WordTiming } from "#contracts/protocol/server-message";
import { msToSamples, samplesToMs, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Metrics } from "#core/ports/metrics";
import type { TurnTracer } from "#core/ports/turn-tracer";
import type { VoiceFrame } from "#core/ports/voice-link";
import type { ConversationHistory } from "#core/turn/history";
import { PlayoutTracker } from "#core/turn/playout-tracker";
import {
  runAgentTurn,
  type AgentTurnDeps,
  type AgentTurnEvents,
  type AgentTurnOutcome,
  type AgentTurnStage,
} from "./agent-turn";
import { absentClient, type ClientSink } from "./client-sink";
import type { SpeechCut } from "./speech-progress";
import { SpokenTurn, type SentFrame } from "./spoken-turn";
import { TurnClock } from "./turn-clock";

/** How often the playout position is looked at. */
const PLAYOUT_CHECK_MS = 20;
/** 2 s of played audio are kept, so that a client that comes back hears the cut word from its start. */
const KEPT_SAMPLES = 2 * VOICE_SAMPLE_RATE_HZ;

/** 60 ms: what the client plays before it has read a flush. */
const TAKE_BACK_MARGIN_SAMPLES = 0.06 * VOICE_SAMPLE_RATE_HZ;

/** 100 ms: so late it is noticed that the user speaks (up to 70 ms by the voice activity model, and a frame). */
const NOTICED_LATE_SAMPLES = msToSamples(100, VOICE_SAMPLE_RATE_HZ);

const STAGES = {
  "brain-first-token": "brainFirstTokenMs",
  "first-clause": "firstClauseMs",
  "lease": "leaseMs",
  "worker-first-frame": "workerFirstFrameMs",
} as const satisfies Record<AgentTurnStage, string>;

export interface AgentSpeakerDeps extends AgentTurnDeps {
  /** Absent: nobody outside follows the turns. */
  tracer?: TurnTracer | undefined;
  metrics: Metrics;
}

export interface AgentSpeakerOptions {
  sessionId: string;
  history: ConversationHistory;
  /** The first sample of the turn has left the speaker. */
  onAudible(turn: number): void;
  /** Speech that is noticed from now on began after the first word of the turn was heard to its end. */
  onHeard(turn: number): void;
  /** Once for each turn, whatever ended it. */
  onFinished(turn: number, reason: AgentTurnEndReason): void;
  onError(error: WireError): void;
  /** The position of the client's speaker, whenever it is looked at. */
  onPlayed(positionSamples: number): void;
}

export interface AgentTurnStart {
  turn: number;
  userText: string;
  voice: string;
  /** undefined for typed text. */
  speechEndAtMs: number | undefined;
  transcriptAtMs: number | undefined;
}

interface RunningTurn {
  spoken: SpokenTurn;
  abort: AbortController;
  clock: TurnClock;
  sequence: number;
  isHeard: boolean;
  userText: string;
  voice: string;
  /** What a prepared turn would have done, in order; undefined once it is free. Bounded by the voice's pacing. */
  held: (() => void)[] | undefined;
  /** The voice broke off, and nobody has gone on yet. */
  isBroken: boolean;
}

/** The agent's side of a session: runs one turn at a time, sends it to the client, knows what of it was heard. */
export class AgentSpeaker implements Disposable {
  readonly #deps: AgentSpeakerDeps;
  readonly #options: AgentSpeakerOptions;
  readonly #playout = new PlayoutTracker();
  readonly #checking: Disposable;
  #sink: ClientSink = absentClient;
  #running: RunningTurn | undefined;
  #prepared: RunningTurn | undefined;
  #attemptCount = 0;
  /** Where the speaker stood when the client went away. */
  #awayAtSamples: number | undefined;

  constructor(deps: AgentSpeakerDeps, options: AgentSpeakerOptions) {
    this.#deps = deps;
    this.#options = options;
    this.#checking = deps.clock.setRepeating(PLAYOUT_CHECK_MS, () => this.#check());
  }

  /** What a client that comes back has missed of the running turn is sent and played again. */
  attach(sink: ClientSink): void {
    this.#sink = sink;
    const awayAtSamples = this.#awayAtSamples;
    this.#awayAtSamples = undefined;
    if (this.#running !== undefined && awayAtSamples !== undefined) this.#replay(this.#running, awayAtSamples);
  }

  /** The client's speaker stands still until it is back; what is said meanwhile goes to `sink`. */
  detach(sink: ClientSink): void {
    this.#sink = sink;
    this.#awayAtSamples = this.#playout.positionSamples(this.#deps.clock.nowMs());
    this.#playout.pause();
  }

  /** [TT32] works on the turn and holds everything back until `start`. */
  prepare(start: AgentTurnStart): void {
    this.discardPrepared();
    this.#deps.metrics.count("parley_prepared_turns_total");
    this.#prepared = this.#run(start, { isHeld: true });
  }

  /** [TT33] */
  discardPrepared(): void {
    if (this.#prepared === undefined) return;
    this.#deps.metrics.count("parley_prepared_turns_discarded_total");
    this.#prepared.abort.abort();
    this.#prepared = undefined;
  }

  start(start: AgentTurnStart): void {
    const prepared = this.#takePrepared(start);
    const running = prepared ?? this.#run(start, { isHeld: false });
    this.#running = running;
    this.#options.history.addUser(start.userText);
    this.#deps.metrics.count("parley_turns_total");
    running.clock.mark("endpointMs", this.#deps.clock.nowMs());
    this.#sink.send({ type: "agent-turn-start", turn: start.turn });
    const { held } = running;
    running.held = undefined;
    for (const act of held ?? []) act();
  }

  #takePrepared({ turn, userText, voice }: AgentTurnStart): RunningTurn | undefined {
    const prepared = this.#prepared;
    const isForThis = prepared?.spoken.turn === turn && prepared.userText === userText && prepared.voice === voice;
    if (!isForThis) this.discardPrepared();
    this.#prepared = undefined;
    return isForThis ? prepared : undefined;
  }

  #run(start: AgentTurnStart, options: { isHeld: boolean }): RunningTurn {
    const { turn, userText, voice } = start;
    const running: RunningTurn = {
      spoken: new SpokenTurn(turn),
      abort: new AbortController(),
      clock: this.#startClock(start),
      sequence: 0,
      isHeard: false,
      userText,
      voice,
      held: options.isHeld ? [] : undefined,
      isBroken: false,
    };
    const request = {
      sessionId: this.#options.sessionId,
      requestId: `${this.#options.sessionId}/${turn}.${++this.#attemptCount}`,
      voice,
      history: [...this.#options.history.messages, { role: "user" as const, text: userText }],
      signal: running.abort.signal,
    };
    // The events of a turn begin after `start` has announced it, also when nothing is held.
    void Promise.resolve()
      .then(() => runAgentTurn(this.#deps, request, this.#eventsOf(running)))
      .then((outcome) => this.#act(running, () => this.#settle(running, outcome)));
    return running;
  }

  #settle(running: RunningTurn, outcome: AgentTurnOutcome): void {
    if (outcome === "spoken") running.spoken.complete();
    else if (outcome === "failed") this.stop(running.spoken.turn, "failed");
    this.#check();
  }

  /** Does it now, or later when the turn is still held; not at all when it is over. */
  #act(running: RunningTurn, act: () => void): void {
    if (running.held !== undefined) running.held.push(act);
    else if (this.#running === running) act();
  }

  /** Ends the turn, once: aborts what runs, settles what was heard, tells the client. */
  stop(turn: number, reason: AgentTurnEndReason): void {
    const running = this.#running;
    if (running?.spoken.turn !== turn) return;
    this.#running = undefined;
    running.abort.abort();
    const { positionSamples } = this;
    this.#options.onPlayed(positionSamples);
    const split = running.spoken.split(positionSamples);
    if (reason === "interrupted" || reason === "superseded") this.#flush(running);
    if (reason === "superseded")
      this.#options.history.withdrawUser(); // [TT14]
    else this.#options.history.addAgent({ ...split, isCutOff: reason !== "completed" });
    const { metrics, originAtMs } = running.clock;
    this.#sink.send({ type: "agent-turn-end", turn, ...split, reason });
    this.#sink.send({ type: "turn-metrics", metrics });
    this.#deps.log.info("agent turn ended", { turn, reason, metrics });
    const endedAtMs = this.#deps.clock.nowMs();
    this.#deps.tracer?.turnEnded({ sessionId: this.#options.sessionId, turn, reason, originAtMs, endedAtMs, metrics });
    this.#options.onFinished(turn, reason);
  }

  /** Silences the turn in mid-word; nothing of it is lost [TT49]. */
  hold(turn: number): void {
    const running = this.#running;
    if (running?.spoken.turn !== turn || running.spoken.isHeld) return;
    running.spoken.hold();
    this.#playout.halt(this.#deps.clock.nowMs());
    this.#sink.send({ type: "flush", fromSample: running.spoken.firstSample ?? 0 });
  }

  /** Goes on after a hold, from the start of what was hard to hear: `maskedMs` before it fell silent. */
  resume(turn: number, { maskedMs }: { maskedMs: number }): void {
    const running = this.#running;
    if (running?.spoken.turn !== turn || !running.spoken.isHeld) return;
    const nowMs = this.#deps.clock.nowMs();
    const replay = running.spoken.resume({
      positionSamples: this.positionSamples,
      nextSample: this.#playout.sentEndSample,
      maskedSamples: msToSamples(maskedMs, VOICE_SAMPLE_RATE_HZ),
    });
    for (const { pcm } of replay.frames) this.#playout.frameSent(pcm.length, nowMs);
    running.clock.count("rewinds");
    this.#deps.metrics.count("parley_rewinds_total");
    this.#sendAudio(running, replay);
  }

  /** What was said over the turn was judged. */
  noteOverlap(turn: number): void {
    if (this.#running?.spoken.turn === turn) this.#running.clock.count("overlaps");
  }

  reportPlayout(positionSamples: number): void {
    const nowMs = this.#deps.clock.nowMs();
    this.#playout.report(positionSamples, nowMs);
    this.#options.onPlayed(this.#playout.positionSamples(nowMs));
    this.#check();
  }

  dispose(): void {
    this.#checking.dispose();
    this.discardPrepared();
    this.#running?.abort.abort();
    this.#running = undefined;
  }

  #startClock({ turn, speechEndAtMs, transcriptAtMs }: AgentTurnStart): TurnClock {
    const turnClock = new TurnClock({ turn, originAtMs: speechEndAtMs ?? this.#deps.clock.nowMs() });
    if (speechEndAtMs !== undefined && transcriptAtMs !== undefined)
      turnClock.mark("finalTranscriptMs", transcriptAtMs);
    return turnClock;
  }

  #eventsOf(running: RunningTurn): AgentTurnEvents {
    const { turn } = running.spoken;
    const act = (action: () => void): void => this.#act(running, action);
    return {
      onText: (text) =>
        act(() => {
          running.spoken.addText(text);
          this.#sink.send({ type: "agent-text-delta", turn, text });
        }),
      onFrame: (frame) => act(() => this.#sendFrame(running, frame)),
      onStage: (stage) => running.clock.mark(STAGES[stage], this.#deps.clock.nowMs()),
      onWorker: (name) => running.clock.setWorker(name),
      onError: (error) => act(() => this.#options.onError(error)),
      onCut: (cut) => this.#cut(running, cut),
    };
  }

  /** Another worker goes on: takes back what the client has not begun to play of the word that was cut. */
  #cut(running: RunningTurn, cut: SpeechCut): number {
    const { spoken } = running;
    const playedSamples = running.held !== undefined ? 0 : spoken.playedSamples(this.positionSamples);
    const isPlaying = playedSamples > 0;
    const soonPlayed = isPlaying ? playedSamples + TAKE_BACK_MARGIN_SAMPLES : 0;
    const keptSamples = Math.min(cut.receivedSamples, Math.max(cut.completeSamples, soonPlayed));
    this.#act(running, () => {
      running.isBroken = true;
      spoken.truncate({ keptSamples, completeSamples: cut.completeSamples });
      if (spoken.firstSample === undefined || spoken.isHeld) return;
      const fromSample = spoken.sampleAt(keptSamples);
      this.#playout.rollBack(fromSample);
      if (keptSamples < cut.receivedSamples) this.#sink.send({ type: "flush", fromSample });
    });
    return keptSamples;
  }

  /** Where the client's speaker is, on the agent's sample clock. */
  get positionSamples(): number {
    return this.#awayAtSamples ?? this.#playout.positionSamples(this.#deps.clock.nowMs());
  }

  #sendFrame(running: RunningTurn, frame: VoiceFrame): void {
    const nowMs = this.#deps.clock.nowMs();
    const { spoken } = running;
    if (running.isBroken) this.#deps.metrics.count("parley_failovers_total");
    running.isBroken = false;
    if (spoken.isHeld) return spoken.addHeldFrame(frame);
    const sampleIndex = this.#playout.frameSent(frame.pcm.length, nowMs);
    const audio = spoken.addFrame(frame, sampleIndex);
    running.clock.mark("firstFrameSentMs", nowMs);
    this.#sendAudio(running, audio);
  }

  #sendAudio(running: RunningTurn, audio: { words: WordTiming[]; frames: readonly SentFrame[] }): void {
    const { turn } = running.spoken;
    if (audio.words.length > 0) this.#sink.send({ type: "agent-word-timings", turn, words: audio.words });
    for (const frame of audio.frames)
      this.#sink.sendAudio({ kind: "agent", turn, sequence: running.sequence++, ...frame });
  }

  #check(): void {
    const running = this.#running;
    if (running === undefined || this.#awayAtSamples !== undefined) return;
    const nowMs = this.#deps.clock.nowMs();
    const positionSamples = this.#playout.positionSamples(nowMs);
    this.#options.onPlayed(positionSamples);
    this.#markAudible(running, { positionSamples, nowMs });
    this.#markHeard(running, positionSamples);
    running.spoken.forgetPlayed(positionSamples - KEPT_SAMPLES);
    if (running.spoken.isPlayed(positionSamples)) this.stop(running.spoken.turn, "completed");
  }

  #markAudible(running: RunningTurn, at: { positionSamples: number; nowMs: number }): void {
    const { spoken, clock } = running;
    if (clock.metrics.playoutStartMs !== undefined || !spoken.isAudible(at.positionSamples)) return;
    const playedMs = samplesToMs(at.positionSamples - (spoken.firstSample ?? 0), VOICE_SAMPLE_RATE_HZ);
    clock.mark("playoutStartMs", at.nowMs - playedMs);
    this.#deps.metrics.observe("parley_first_audio_ms", clock.metrics.playoutStartMs ?? 0);
    this.#options.onAudible(spoken.turn);
  }

  #markHeard(running: RunningTurn, positionSamples: number): void {
    if (running.isHeard || running.spoken.split(positionSamples - NOTICED_LATE_SAMPLES).heardText === "") return;
    running.isHeard = true;
    this.#options.onHeard(running.spoken.turn);
  }

  /** [TT24] */
  #flush(running: RunningTurn): void {
    this.#playout.flushed();
    this.#sink.send({ type: "flush", fromSample: running.spoken.firstSample ?? this.#playout.sentEndSample });
    this.#sink.send({ type: "unduck" });
    this.#deps.metrics.count("parley_interruptions_total");
  }

  #replay(running: RunningTurn, fromSamples: number): void {
    const { turn, text, words } = running.spoken;
    this.#sink.send({ type: "agent-turn-start", turn });
    this.#sink.send({ type: "agent-text-delta", turn, text });
    if (running.spoken.isHeld) return this.#sendAudio(running, { words: [...words], frames: [] });
    this.#playout.resume(fromSamples, this.#deps.clock.nowMs());
    this.#sendAudio(running, { words: [...words], frames: running.spoken.framesFrom(fromSamples) });
  }
}
