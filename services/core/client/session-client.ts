import { AppError, fromWireError } from "#contracts/errors";
import { parseJsonWith } from "#contracts/parse";
import { decodeAudioFrame, encodeAudioFrame } from "#contracts/protocol/audio-frame";
import type { ClientMessage } from "#contracts/protocol/client-message";
import { CloseCode, MAX_TEXT_CHARS, RESUME_WINDOW_MS, START_TIMEOUT_MS } from "#contracts/protocol/limits";
import { ServerMessage } from "#contracts/protocol/server-message";
import { createDeferred, type Deferred } from "../lifecycle/deferred";
import type { Disposable } from "../lifecycle/disposable";
import type { Clock } from "../ports/clock";
import type { ClientTransport, TransportConnector } from "./client-transport";
import { finalCloseError } from "./close-reason";
import { MicStream } from "./mic-stream";
import type { ConnectionState, SessionEvent, SessionStarted, SessionStartOptions } from "./session-events";

export interface SessionClientDeps {
  connect: TransportConnector;
  clock: Clock;
}

/** Audio older than this in the socket is of no use: frames are dropped until it has drained. */
const MAX_MIC_BACKLOG_MS = 500;
const FIRST_RESUME_DELAY_MS = 250;
const MAX_RESUME_DELAY_MS = 4_000;

/**
 * The client's side of one session, the same for the page and the command line. A dropped connection is resumed with
 * the session's token, with back-off, for as long as the orchestrator keeps it; mic audio of that time is lost.
 * A client is used once: the next session takes a new one.
 */
export class SessionClient {
  readonly #deps: SessionClientDeps;
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  #connection: ConnectionState = { type: "idle" };
  #options: SessionStartOptions | undefined;
  #started: Deferred<SessionStarted> | undefined;
  #session: SessionStarted | undefined;
  #mic: MicStream | undefined;
  #transport: ClientTransport | undefined;
  /** The last error of the present connection: says why a close that follows came. */
  #lastError: AppError | undefined;
  #timer: Disposable | undefined;
  #resumeUntilMs = 0;
  #reportedSamples = 0;
  /** Chosen while there was no connection; the orchestrator does not know it yet. */
  #voiceToSend: string | undefined;
  #droppedMicFrameCount = 0;

  constructor(deps: SessionClientDeps) {
    this.#deps = deps;
  }

  get connection(): ConnectionState {
    return this.#connection;
  }

  /** What the orchestrator said at the start; undefined before. */
  get session(): SessionStarted | undefined {
    return this.#session;
  }

  /** Mic frames not sent because the connection was down or behind. */
  get droppedMicFrameCount(): number {
    return this.#droppedMicFrameCount;
  }

  /** Events come in the order of the wire. */
  subscribe(listener: (event: SessionEvent) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  /**
   * Connects and starts the session. Rejects with `connect-failed`, with the code by which the orchestrator refused,
   * with `cancelled` after `bye`, or with `already-started`.
   */
  start(options: SessionStartOptions): Promise<SessionStarted> {
    if (this.#connection.type !== "idle") return Promise.reject(new AppError("already-started"));
    this.#options = options;
    this.#mic = new MicStream(options.sampleRateHz);
    this.#started = createDeferred<SessionStarted>();
    this.#setConnection({ type: "connecting" });
    this.#open(options);
    return this.#started.promise;
  }

  /** Takes mono PCM at the rate of `start`, in pieces of any length. */
  sendMic(pcm: Int16Array): void {
    const mic = this.#mic;
    if (mic === undefined || this.#options === undefined) return;
    const maxBytes = (this.#options.sampleRateHz * 2 * MAX_MIC_BACKLOG_MS) / 1000;
    for (const frame of mic.append(pcm)) {
      const transport = this.#connection.type === "open" ? this.#transport : undefined;
      if (transport === undefined || transport.bufferedBytes > maxBytes) {
        mic.skip(frame);
        this.#droppedMicFrameCount++;
      } else {
        transport.send(encodeAudioFrame(mic.number(frame)));
      }
    }
  }

  /** `positionSamples`: agent's sample clock, what has really left the speaker. Repeated positions are not sent. */
  reportPlayout(positionSamples: number): void {
    const position = Math.floor(positionSamples);
    if (position <= this.#reportedSamples || !this.#send({ type: "playout", positionSamples: position })) return;
    this.#reportedSamples = position;
  }

  /** Says the last position once more: the speaker stands still there. */
  repeatPlayout(): void {
    this.#send({ type: "playout", positionSamples: this.#reportedSamples });
  }

  /** Ends the agent's turn now. */
  interrupt(): void {
    this.#send({ type: "interrupt" });
  }

  /** Throws `text-empty`, `text-too-long`, or `not-started` while there is no connection. */
  sendText(text: string): void {
    if (text.trim() === "") throw new AppError("text-empty");
    if (text.length > MAX_TEXT_CHARS) throw new AppError("text-too-long");
    if (!this.#send({ type: "text", text })) throw new AppError("not-started");
  }

  setVoice(voice: string): void {
    if (this.#options !== undefined) this.#options = { ...this.#options, voice };
    this.#voiceToSend = this.#send({ type: "settings", voice }) ? undefined : voice;
  }

  /** Ends the session in order. */
  bye(): void {
    if (this.#connection.type === "ended") return;
    this.#send({ type: "bye" });
    this.#end(undefined);
  }

  #open(options: SessionStartOptions): void {
    this.#lastError = undefined;
    const isCurrent = (): boolean => this.#transport === transport;
    const transport = this.#deps.connect({
      onOpen: () => {
        if (!isCurrent()) return;
        const { token, voice, resume, sampleRateHz } = options;
        this.#transport?.send(
          JSON.stringify({
            type: "session-start",
            token,
            voice,
            resume,
            audio: { sampleRateHz },
          } satisfies ClientMessage),
        );
      },
      onMessage: (data) => {
        if (isCurrent()) this.#receive(data);
      },
      onClose: ({ code }) => {
        if (isCurrent()) this.#closed(code);
      },
    });
    this.#transport = transport;
    this.#setTimer(START_TIMEOUT_MS, () => {
      transport.close(CloseCode.normal);
      if (isCurrent()) this.#dropped();
    });
  }

  #receive(data: string | Uint8Array): void {
    if (typeof data !== "string") {
      const frame = decodeAudioFrame(data);
      if (frame?.kind === "agent") this.#emit({ type: "audio", frame });
      else this.#emit({ type: "protocol-error", error: new AppError("bad-frame") });
      return;
    }
    const parsed = parseJsonWith(ServerMessage, data);
    if (!parsed.ok) {
      this.#emit({ type: "protocol-error", error: new AppError("bad-message", { detail: parsed.issues }) });
      return;
    }
    if (parsed.value.type === "error") this.#lastError = fromWireError(parsed.value);
    if (parsed.value.type === "session-started") this.#begin(parsed.value);
    this.#emit({ type: "message", message: parsed.value });
    if (parsed.value.type === "error" && !parsed.value.retryable) this.#startRefused(fromWireError(parsed.value));
  }

  /** The orchestrator leaves such a connection open, for a start of another kind. */
  #startRefused(error: AppError): void {
    const { type } = this.#connection;
    if (type === "connecting" || type === "resuming") this.#end(error);
  }

  #begin(session: SessionStarted): void {
    this.#timer?.dispose();
    this.#session = session;
    this.#setConnection({ type: "open" });
    if (this.#voiceToSend !== undefined) this.setVoice(this.#voiceToSend);
    this.#started?.resolve(session);
  }

  #closed(code: number): void {
    this.#transport = undefined;
    const final = finalCloseError(code, this.#lastError);
    if (final !== undefined) return this.#end(final);
    if (code === CloseCode.normal && this.#connection.type === "open") return this.#end(undefined);
    this.#dropped();
  }

  /** The connection is gone, or was never there, without a word that this is for good. */
  #dropped(): void {
    this.#transport = undefined;
    if (this.#connection.type === "connecting") return this.#end(this.#lastError ?? new AppError("connect-failed"));
    if (this.#connection.type === "open") {
      this.#resumeUntilMs = this.#deps.clock.nowMs() + RESUME_WINDOW_MS;
      return this.#resumeLater(1);
    }
    if (this.#connection.type !== "resuming") return;
    if (this.#lastError !== undefined && !this.#lastError.retryable) return this.#end(this.#lastError);
    this.#resumeLater(this.#connection.attempt + 1);
  }

  #resumeLater(attempt: number): void {
    const delayMs = Math.min(MAX_RESUME_DELAY_MS, FIRST_RESUME_DELAY_MS * 2 ** (attempt - 1));
    const { clock } = this.#deps;
    if (clock.nowMs() + delayMs > this.#resumeUntilMs) return this.#end(new AppError("connect-failed"));
    this.#setConnection({ type: "resuming", attempt });
    this.#setTimer(delayMs, () => {
      if (this.#options === undefined || this.#session === undefined) return;
      const { sessionId, resumeToken } = this.#session;
      this.#open({ ...this.#options, resume: { sessionId, resumeToken } });
    });
  }

  #end(error: AppError | undefined): void {
    this.#timer?.dispose();
    const transport = this.#transport;
    this.#transport = undefined;
    transport?.close(CloseCode.normal);
    this.#setConnection({ type: "ended", error });
    this.#started?.reject(error ?? new AppError("cancelled"));
  }

  #send(message: ClientMessage): boolean {
    if (this.#connection.type !== "open" || this.#transport === undefined) return false;
    this.#transport.send(JSON.stringify(message));
    return true;
  }

  #setTimer(delayMs: number, callback: () => void): void {
    this.#timer?.dispose();
    this.#timer = this.#deps.clock.setTimer(delayMs, callback);
  }

  #setConnection(connection: ConnectionState): void {
    this.#connection = connection;
    this.#emit({ type: "connection", connection });
  }

  #emit(event: SessionEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
