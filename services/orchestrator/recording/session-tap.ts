import { toWireError, type AppError } from "#contracts/errors";
import type { TalkEvent } from "#contracts/events/talk-event";
import type { AudioFrame } from "#contracts/protocol/audio-frame";
import type { ServerMessage } from "#contracts/protocol/server-message";
import type { RecordedSession, RecordingScope } from "#contracts/recording/recording";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { SessionRecorder, SessionRecording } from "#core/ports/session-recorder";
import { MicTimeline } from "#core/recording/mic-timeline";
import { SpeakerTimeline } from "#core/recording/speaker-timeline";
import type { ClientSink } from "../client-sink";

/** The speaker has fallen silent when the position has stood still for longer than between two reports. */
const QUIET_MS = 200;

/** What a recording says of its session, as it is when it begins. */
export type SessionFacts = Pick<RecordedSession, "sessionId" | "voice" | "brainLabel" | "micSampleRateHz" | "config">;

export interface SessionTapDeps {
  recorder: SessionRecorder;
  clock: Clock;
  /** To begin with. */
  scope: RecordingScope;
  facts(): SessionFacts;
  /** To the client, when what is kept changes or cannot be kept. */
  notify(message: ServerMessage): void;
  onDisposed(): void;
}

interface Running {
  recording: SessionRecording;
  startedAtMs: number;
  mic: MicTimeline;
  speaker: SpeakerTimeline;
  /** Ends the playout that is heard when it goes quiet. */
  quiet: Disposable | undefined;
}

/** Sees everything that a session hears and says, and hands it to the recorder while recording is on. */
export class SessionTap implements Disposable {
  readonly #deps: SessionTapDeps;
  #scope: RecordingScope;
  #isStarted = false;
  #running: Running | undefined;
  #positionSamples = 0;
  /** Resolves when the recordings that have ended are written. */
  #ending: Promise<void> = Promise.resolve();

  constructor(deps: SessionTapDeps) {
    this.#deps = deps;
    this.#scope = deps.scope;
  }

  /** A client is there: it is told what is kept, from the first one on. */
  announce(): void {
    if (!this.#isStarted) {
      this.#isStarted = true;
      this.#begin();
    }
    this.#deps.notify({ type: "recording", scope: this.#scope });
  }

  /** [RC2] ends the recording there is, and begins another. */
  setScope(scope: RecordingScope): void {
    if (scope === this.#scope) return;
    this.#stop();
    this.#scope = scope;
    if (!this.#isStarted) return;
    this.#begin();
    this.#deps.notify({ type: "recording", scope });
  }

  /** The same way to the client, with what goes through it seen. */
  through(sink: ClientSink): ClientSink {
    return {
      send: (message) => {
        this.#observe(message);
        sink.send(message);
      },
      sendAudio: (frame) => {
        this.#running?.speaker.frameSent(frame);
        sink.sendAudio(frame);
      },
    };
  }

  addMicFrame(frame: Pick<AudioFrame, "sampleIndex" | "pcm">): void {
    const running = this.#running;
    if (running === undefined) return;
    const place = { sampleIndex: frame.sampleIndex, sampleCount: frame.pcm.length };
    const startSample = running.mic.place(place, this.#atMs(running));
    if (startSample !== undefined) running.recording.addMic(startSample, frame.pcm);
  }

  /** How far the speaker is known to have come. */
  played(positionSamples: number): void {
    const running = this.#running;
    if (running === undefined || positionSamples <= this.#positionSamples) return;
    this.#positionSamples = positionSamples;
    const { sounds, start } = running.speaker.played(positionSamples, this.#atMs(running));
    if (sounds.length === 0) return;
    for (const { startSample, pcm } of sounds) running.recording.addSpeaker(startSample, pcm);
    if (start !== undefined && running.quiet === undefined)
      add(running, { type: "agent-playout-start", positionSamples: start.positionSamples }, start.atMs);
    running.quiet?.dispose();
    running.quiet = this.#deps.clock.setTimer(QUIET_MS, () => this.#wentQuiet(running));
  }

  dispose(): void {
    this.#stop();
    this.#deps.onDisposed();
  }

  /** Resolves when everything is written. */
  get written(): Promise<void> {
    return this.#ending;
  }

  #begin(): void {
    const scope = this.#scope;
    if (scope === "off") return;
    const { recorder, clock, facts } = this.#deps;
    const about = facts();
    const recording: SessionRecording = recorder.begin({
      session: { ...about, recordedBy: "orchestrator", hasAudio: scope === "audio" },
      onFailed: (error) => this.#failed(recording, error),
    });
    this.#running = {
      recording,
      startedAtMs: clock.nowMs(),
      mic: new MicTimeline(about.micSampleRateHz),
      speaker: new SpeakerTimeline(),
      quiet: undefined,
    };
    const { sessionId, voice, brainLabel } = about;
    recording.addEvent({ type: "session-started", sessionId, voice, brain: brainLabel, atMs: 0 });
  }

  #stop(): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#wentQuiet(running);
    this.#running = undefined;
    const ended = running.recording.end(Math.round(this.#atMs(running)));
    this.#ending = this.#ending.then(() => ended);
  }

  /** [RC5] */
  #failed(recording: SessionRecording, error: AppError): void {
    if (this.#running?.recording !== recording) return;
    this.#running.quiet?.dispose();
    this.#running = undefined;
    this.#scope = "off";
    this.#deps.notify({ type: "error", ...toWireError(error) });
    this.#deps.notify({ type: "recording", scope: "off" });
  }

  #observe(message: ServerMessage): void {
    const running = this.#running;
    if (running === undefined) return;
    if (message.type === "flush") running.speaker.flushed();
    const body = toEvent(message);
    if (body !== undefined) add(running, body, this.#atMs(running));
  }

  #wentQuiet(running: Running): void {
    if (running.quiet === undefined) return;
    running.quiet.dispose();
    running.quiet = undefined;
    const body: EventBody = { type: "agent-playout-end", positionSamples: this.#positionSamples };
    add(running, body, running.speaker.playedUntilMs);
  }

  #atMs(running: Running): number {
    return this.#deps.clock.nowMs() - running.startedAtMs;
  }
}

type EventBody = TalkEvent extends infer Event ? (Event extends { atMs: number } ? Omit<Event, "atMs"> : never) : never;

function add(running: Running, body: EventBody, atMs: number): void {
  running.recording.addEvent({ ...body, atMs: Math.round(atMs * 10) / 10 });
}

/** Undefined: it tells of the connection and not of the conversation. */
function toEvent(message: ServerMessage): EventBody | undefined {
  switch (message.type) {
    case "session-started":
    case "recording":
      return undefined;
    case "user-speech-start":
    case "user-speech-end":
      return { type: message.type };
    case "error":
      return { type: "error", code: message.code, message: message.message };
    default:
      return message;
  }
}
