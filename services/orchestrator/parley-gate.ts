import { AppError, toWireError, type ErrorCode } from "#contracts/errors";
import { parseJsonWith } from "#contracts/parse";
import { decodeAudioFrame, encodeAudioFrame } from "#contracts/protocol/audio-frame";
import { ClientMessage } from "#contracts/protocol/client-message";
import {
  CloseCode,
  MAX_MESSAGES_PER_SECOND,
  MAX_MIC_FRAMES_PER_SECOND,
  MAX_TEXT_CHARS,
  PROTOCOL_VERSION,
  START_TIMEOUT_MS,
} from "#contracts/protocol/limits";
import type { ServerMessage } from "#contracts/protocol/server-message";
import { msToSamples, VOICE_FRAME_SAMPLES, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { assertNever } from "#core/lifecycle/assert-never";
import type { Disposable } from "#core/lifecycle/disposable";
import { RateLimiter } from "#core/limits/rate-limiter";
import type { ClientConnection } from "#core/ports/client-connection";
import type { ClientSink } from "./client-sink";
import type { GateDeps } from "./gate";
import type { Session } from "./session";
import type { OpenedSession, SessionConnection } from "./session-book";
import { refusalOf, TOKEN_CLOSES } from "./token-check";

/** A client that does not read is dropped before its backlog costs memory: 20 s of audio. */
const MAX_BUFFERED_BYTES = 20 * 48_000 * 2;
const MIN_FRAME_MS = 9;
const MAX_FRAME_MS = 21;
/** A client that keeps sending what is refused is disconnected. */
const MAX_REFUSALS = 20;

type SessionStart = ClientMessage & { type: "session-start" };

interface Started {
  session: Session;
  sampleRateHz: number;
}

/** Serves one `parley.v1` connection: checks everything that comes in, keeps the limits, speaks for the session. */
export class ParleyGate implements ClientSink {
  readonly #deps: GateDeps;
  readonly #connection: ClientConnection;
  readonly #messageLimiter: RateLimiter;
  readonly #frameLimiter: RateLimiter;
  readonly #startTimer: Disposable;
  #started: Started | undefined;
  #refusalCount = 0;
  #isClosed = false;
  readonly #toldBySession: SessionConnection = {
    onEnded: () => this.#close(CloseCode.normal, "session ended"),
    onTakenOver: () => this.#takenOver(),
  };

  constructor(deps: GateDeps, connection: ClientConnection) {
    this.#deps = deps;
    this.#connection = connection;
    const nowMs = deps.clock.nowMs();
    this.#messageLimiter = new RateLimiter({ perSecond: MAX_MESSAGES_PER_SECOND, nowMs });
    this.#frameLimiter = new RateLimiter({ perSecond: MAX_MIC_FRAMES_PER_SECOND, nowMs });
    this.#startTimer = deps.clock.setTimer(START_TIMEOUT_MS, () => this.#closeWith("idle-timeout", CloseCode.idle));
    connection.onMessage((data) => this.#receive(data));
    connection.onClose(() => this.#leave());
  }

  send(message: ServerMessage): void {
    if (!this.#isClosed) this.#connection.send(JSON.stringify(message));
  }

  sendAudio(frame: Parameters<ClientSink["sendAudio"]>[0]): void {
    if (this.#isClosed) return;
    if (this.#connection.bufferedBytes > MAX_BUFFERED_BYTES) return this.#closeWith("idle-timeout", CloseCode.idle);
    this.#connection.send(encodeAudioFrame(frame));
  }

  #receive(data: string | Uint8Array): void {
    if (this.#isClosed) return;
    const nowMs = this.#deps.clock.nowMs();
    if (typeof data !== "string") {
      if (!this.#frameLimiter.take(nowMs)) return this.#closeWith("rate-limited", CloseCode.rateLimited);
      return this.#receiveFrame(data);
    }
    if (!this.#messageLimiter.take(nowMs)) return this.#closeWith("rate-limited", CloseCode.rateLimited);
    const parsed = parseJsonWith(ClientMessage, data);
    if (!parsed.ok) return this.#refuseMalformed(data, parsed.issues);
    try {
      this.#handle(parsed.value);
    } catch (error) {
      this.#refuse(error);
    }
  }

  #receiveFrame(bytes: Uint8Array): void {
    if (this.#started === undefined) return this.#refuse(new AppError("not-started"));
    const frame = decodeAudioFrame(bytes);
    const { sampleRateHz, session } = this.#started;
    const isRightSize =
      frame?.kind === "mic" &&
      frame.pcm.length >= msToSamples(MIN_FRAME_MS, sampleRateHz) &&
      frame.pcm.length <= msToSamples(MAX_FRAME_MS, sampleRateHz);
    if (!isRightSize) return this.#refuse(new AppError("bad-frame"));
    session.addMicFrame(frame);
  }

  #handle(message: ClientMessage): void {
    if (message.type === "session-start") return this.#start(message);
    const session = this.#started?.session;
    if (session === undefined) throw new AppError("not-started");
    switch (message.type) {
      case "playout":
        return session.reportPlayout(message.positionSamples);
      case "interrupt":
        return session.requestStop();
      case "text":
        return session.addText(checkText(message.text));
      case "settings":
        if (message.voice !== undefined) session.setVoice(this.#checkVoice(message.voice));
        return;
      case "bye":
        return session.end();
      default:
        return assertNever(message);
    }
  }

  #start(message: SessionStart): void {
    if (this.#started !== undefined) throw new AppError("already-started");
    const refusal = refusalOf(this.#deps, message.token, this.#connection.remoteAddress);
    if (refusal !== undefined) return this.#closeWith(refusal, TOKEN_CLOSES[refusal]);
    let opened: OpenedSession;
    try {
      opened =
        message.resume === undefined
          ? this.#open(message)
          : this.#deps.sessions.resume({
              ...message.resume,
              micSampleRateHz: message.audio.sampleRateHz,
              connection: this.#toldBySession,
            });
    } catch (error) {
      const { code } = toWireError(error);
      if (code === "at-capacity" || code === "shutting-down") return this.#closeWith(code, CloseCode.atCapacity);
      throw error;
    }
    this.#startTimer.dispose();
    this.#started = { session: opened.session, sampleRateHz: message.audio.sampleRateHz };
    this.#greet(opened);
    opened.session.attach(this);
  }

  #open(message: SessionStart): OpenedSession {
    return this.#deps.sessions.open({
      micSampleRateHz: message.audio.sampleRateHz,
      voice: message.voice === undefined ? this.#deps.defaultVoice() : this.#checkVoice(message.voice),
      idPrefix: "session",
      connection: this.#toldBySession,
    });
  }

  #greet(opened: OpenedSession): void {
    const { brain } = this.#deps;
    const banner = this.#deps.banner();
    this.send({
      type: "session-started",
      sessionId: opened.session.sessionId,
      resumeToken: opened.resumeToken,
      isResumed: opened.isResumed,
      protocolVersion: PROTOCOL_VERSION,
      agentAudio: { sampleRateHz: VOICE_SAMPLE_RATE_HZ, frameSamples: VOICE_FRAME_SAMPLES },
      voice: opened.session.voice,
      voices: this.#deps.voices(),
      brain: { kind: brain.info.kind, label: brain.info.label },
      ...(banner === undefined ? {} : { banner }),
    });
  }

  #checkVoice(voice: string): string {
    const voices = this.#deps.voices();
    if (voices.length > 0 && !voices.includes(voice)) throw new AppError("unknown-voice", { detail: voice });
    return voice;
  }

  /** A wrong rate is worth its own words; everything else is a bad message. */
  #refuseMalformed(text: string, issues: string): void {
    const code =
      text.includes("session-start") && issues.startsWith("audio.sampleRateHz") ? "unsupported-audio" : "bad-message";
    this.#refuse(new AppError(code, { detail: issues }));
  }

  #refuse(error: unknown): void {
    this.send({ type: "error", ...toWireError(error) });
    this.#deps.metrics.count("parley_errors_total");
    if (++this.#refusalCount >= MAX_REFUSALS) this.#closeWith("bad-message", CloseCode.badMessage);
  }

  #takenOver(): void {
    if (this.#isClosed) return;
    this.send({ type: "error", ...toWireError(new AppError("resumed-elsewhere")) });
    this.#close(CloseCode.resumedElsewhere, "resumed-elsewhere");
  }

  #closeWith(code: ErrorCode, closeCode: number): void {
    this.send({ type: "error", ...toWireError(new AppError(code)) });
    this.#deps.metrics.count("parley_refused_connections_total");
    this.#close(closeCode, code);
  }

  #close(closeCode: number, reason: string): void {
    if (this.#isClosed) return;
    this.#leave();
    this.#connection.close(closeCode, reason);
  }

  #leave(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#startTimer.dispose();
    if (this.#started !== undefined) this.#deps.sessions.leave(this.#started.session, this);
  }
}

export function checkText(text: string): string {
  if (text.length > MAX_TEXT_CHARS) throw new AppError("text-too-long");
  if (!/[\p{L}\p{N}]/u.test(text)) throw new AppError("text-empty");
  return text.trim();
}
