import type { TalkEvent } from "#contracts/events/talk-event";
import type { AppError } from "#contracts/errors";
import type { ServerMessage } from "#contracts/protocol/server-message";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { JitterBuffer } from "#core/audio/jitter-buffer";
import { pcmToFloat } from "#core/audio/pcm";
import { HeardPosition } from "#core/client/heard-position";
import { SessionClient } from "#core/client/session-client";
import type { SessionEvent } from "#core/client/session-events";
import type { TransportConnector } from "#core/client/client-transport";
import { createDeferred } from "#core/lifecycle/deferred";
import type { Clock } from "#core/ports/clock";
import type { TalkMicrophone } from "./talk-microphone";
import { TalkRecording } from "./talk-recording";

/** Microphone and speaker move on together in steps of this length. */
const STEP_MS = 10;
const STEP_SPEAKER_SAMPLES = (VOICE_SAMPLE_RATE_HZ * STEP_MS) / 1000;
/** The timer is finer than the step, so that a late one costs at most this much. */
const TIMER_MS = 4;
const PLAYOUT_REPORT_MS = 50;

export interface TalkOptions {
  connect: TransportConnector;
  clock: Clock;
  microphone: TalkMicrophone;
  token: string | undefined;
  voice: string | undefined;
  /** Called once, when the session has started. */
  onStarted?(controls: TalkControls): void;
  /** The conversation is over when the input has ended and the agent has been silent for so long, ms. */
  tailMs: number;
  /** … and here at the latest, ms. */
  maxMs: number;
  onEvent(event: TalkEvent): void;
}

/** What else a user can do than talk. */
export type TalkControls = Pick<SessionClient, "sendText" | "interrupt">;

export interface TalkResult {
  recording: TalkRecording;
  /** Why the session broke off; undefined after a whole conversation. */
  error: AppError | undefined;
}

type EventBody = TalkEvent extends infer Event ? (Event extends { atMs: number } ? Omit<Event, "atMs"> : never) : never;

/**
 * Holds a conversation as the page would, in real time: the answer goes through the page's own jitter buffer to a speaker
 * that takes 10 ms every 10 ms and plays them next. Rejects when the session cannot start.
 */
export async function holdConversation(options: TalkOptions): Promise<TalkResult> {
  const client = new SessionClient({ connect: options.connect, clock: options.clock });
  const conversation = new TalkConversation(options, client);
  const subscription = client.subscribe((event) => conversation.receive(event));
  try {
    await client.start({
      sampleRateHz: options.microphone.sampleRateHz,
      token: options.token,
      voice: options.voice,
    });
    options.onStarted?.(client);
    const error = await conversation.run();
    return { recording: conversation.recording, error };
  } finally {
    subscription.dispose();
    client.bye();
  }
}

class TalkConversation {
  readonly recording = new TalkRecording();
  readonly #options: TalkOptions;
  readonly #client: SessionClient;
  readonly #speaker = new JitterBuffer();
  readonly #heard = new HeardPosition();
  readonly #ended = createDeferred<AppError | undefined>();
  readonly #stepSamples: number;
  #startAtMs: number | undefined;
  /** What the speaker took at the end of a step leaves it during the next one. */
  #leaving: Float32Array = new Float32Array(STEP_SPEAKER_SAMPLES);
  #stepCount = 0;
  #isAnswering = false;
  #isUserTurnOpen = false;
  #lastActivityMs = 0;
  #hasInputEnded = false;

  constructor(options: TalkOptions, client: SessionClient) {
    this.#options = options;
    this.#client = client;
    this.#stepSamples = (options.microphone.sampleRateHz * STEP_MS) / 1000;
    this.recording.addSpeaker(this.#leaving, 0);
  }

  async run(): Promise<AppError | undefined> {
    this.#startAtMs = this.#options.clock.nowMs();
    const timer = this.#options.clock.setRepeating(TIMER_MS, () => this.#catchUp());
    try {
      return await this.#ended.promise;
    } finally {
      timer.dispose();
    }
  }

  receive(event: SessionEvent): void {
    if (event.type === "audio") {
      const { sampleIndex, pcm, isLast } = event.frame;
      this.recording.addFrame(event.frame);
      this.#speaker.push({ sampleIndex, samples: pcmToFloat(pcm), isLast });
    } else if (event.type === "message") {
      this.#receiveMessage(event.message);
    } else if (event.type === "protocol-error") {
      this.#emit({ type: "error", code: event.error.code, message: event.error.message });
    } else if (event.connection.type === "ended") {
      this.#ended.resolve(event.connection.error);
    }
  }

  #emit(body: EventBody, atMs: number = this.#nowMs()): void {
    this.#options.onEvent({ ...body, atMs: Math.round(atMs * 10) / 10 });
  }

  #receiveMessage(message: ServerMessage): void {
    switch (message.type) {
      case "session-started":
        if (message.isResumed) return;
        return this.#emit({
          type: "session-started",
          sessionId: message.sessionId,
          voice: message.voice,
          brain: message.brain.label,
        });
      case "recording":
        return;
      case "user-speech-start":
      case "user-speech-end":
        this.#isUserTurnOpen = true;
        return this.#emit({ type: message.type });
      case "error":
        return this.#emit({ type: "error", code: message.code, message: message.message });
      case "duck":
        this.#speaker.duck(message.gainDb);
        return this.#emit(message);
      case "unduck":
        this.#speaker.unduck();
        return this.#emit(message);
      case "flush":
        this.#speaker.flushFrom(message.fromSample);
        return this.#emit(message);
      case "state":
        this.#isAnswering = message.state === "responding" || message.state === "endpointing";
        this.#isUserTurnOpen = message.state !== "listening";
        this.#lastActivityMs = this.#playedMs;
        return this.#emit(message);
      default:
        return this.#emit(message);
    }
  }

  #catchUp(): void {
    const dueSteps = Math.floor(this.#nowMs() / STEP_MS);
    while (this.#stepCount < dueSteps) this.#step();
    if (this.#isOver()) this.#ended.resolve(undefined);
  }

  #step(): void {
    this.#client.sendMic(this.#options.microphone.read(this.#stepSamples, this.#leaving));
    this.#leaving = this.#speaker.pull(STEP_SPEAKER_SAMPLES);
    this.recording.addSpeaker(this.#leaving, this.#speaker.positionSamples);
    this.#stepCount++;
    this.#noteInputEnd();
    for (const transition of this.#speaker.takeTransitions()) {
      const body: EventBody = {
        type: transition.type === "playout-start" ? "agent-playout-start" : "agent-playout-end",
        positionSamples: transition.positionSamples,
      };
      this.#emit(body, (transition.pulledSamples * 1000) / VOICE_SAMPLE_RATE_HZ + STEP_MS);
    }
    if (this.#speaker.isPlaying) this.#lastActivityMs = this.#playedMs;
    if ((this.#stepCount * STEP_MS) % PLAYOUT_REPORT_MS === 0) {
      this.#client.reportPlayout(this.#heard.update(this.#speaker, 0));
    }
  }

  #noteInputEnd(): void {
    const { endSample, sampleRateHz } = this.#options.microphone;
    if (this.#hasInputEnded || endSample === undefined || this.#stepCount * this.#stepSamples < endSample) return;
    this.#hasInputEnded = true;
    const endMs = (endSample * 1000) / sampleRateHz;
    this.#lastActivityMs = Math.max(this.#lastActivityMs, endMs);
    this.#emit({ type: "user-audio-end" }, endMs);
  }

  #isOver(): boolean {
    if (this.#playedMs >= this.#options.maxMs) return true;
    if (!this.#hasInputEnded || this.#isAnswering || this.#isUserTurnOpen || this.#speaker.isPlaying) return false;
    return this.#playedMs - this.#lastActivityMs >= this.#options.tailMs;
  }

  get #playedMs(): number {
    return this.#stepCount * STEP_MS;
  }

  #nowMs(): number {
    return this.#startAtMs === undefined ? 0 : this.#options.clock.nowMs() - this.#startAtMs;
  }
}
