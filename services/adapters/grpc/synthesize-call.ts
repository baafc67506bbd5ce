import type { ServerDuplexStream } from "@grpc/grpc-js";
import { AppError } from "#contracts/errors";
import { VOICE_FRAME_SAMPLES } from "#contracts/units";
import { sleep } from "#core/lifecycle/sleep";
import type { Clock } from "#core/ports/clock";
import type { VoiceFrame } from "#core/ports/voice-link";
import type { VoiceWorker } from "#core/ports/voice-worker";
import { isParleyClient, readFencingToken } from "./call-metadata";
import { readMessages } from "./message-source";
import { frameToWire, type TextChunk } from "./messages";
import { cutClauses, parseChunk, readClauses } from "./incoming-text";
import { StreamControl, type SessionTable, type WorkerSession } from "./session-table";
import { toStatus } from "./status-table";

export type SynthesizeStream = ServerDuplexStream<unknown, object>;

export interface SynthesizeDeps {
  worker: VoiceWorker;
  sessions: SessionTable;
  clock: Clock;
}

/** A client that opens a stream and says nothing must not hold it for ever. */
const FIRST_CHUNK_LIMIT_MS = 60_000;
/** Nor one that pauses, or stops reading. */
const PAUSE_LIMIT_MS = 120_000;
const UNREAD_LIMIT_MS = 30_000;

/** One Synthesize call: text chunks in, paced frames out, until the text ends, the client leaves, or STOP. */
export class SynthesizeCall {
  readonly #control = new StreamControl();
  readonly #cancelled = new AbortController();
  /** Instead of the error's own words, where older clients know a certain text. */
  #statusText: string | undefined;

  constructor(
    readonly deps: SynthesizeDeps,
    readonly call: SynthesizeStream,
  ) {}

  async serve(): Promise<void> {
    const { call } = this;
    call.on("cancelled", () => this.#cancelled.abort());
    call.on("error", () => this.#cancelled.abort());
    try {
      await this.#speak();
      call.end();
    } catch (error) {
      if (!this.#cancelled.signal.aborted) call.emit("error", toStatus(error, this.#statusText));
    } finally {
      this.#cancelled.abort();
    }
  }

  async #speak(): Promise<void> {
    const { call, deps } = this;
    const messages = readMessages(call);
    call.on("end", () => messages.end());
    this.#cancelled.signal.addEventListener("abort", () => messages.fail(new AppError("cancelled")), { once: true });
    const incoming = messages[Symbol.asyncIterator]();

    const limit = deps.clock.setTimer(FIRST_CHUNK_LIMIT_MS, () => messages.fail(new AppError("idle-timeout")));
    const opening = await incoming.next().finally(() => limit.dispose());
    const first = parseChunk(opening.done === true ? {} : opening.value);
    const isParley = isParleyClient(call.metadata);
    const session = this.#findSession(first.session_id, isParley);
    const rest: AsyncIterator<TextChunk> = {
      next: () =>
        incoming.next().then((next) => (next.done === true ? next : { done: false, value: parseChunk(next.value) })),
    };
    const stopSignal = this.#control.stopSignal;
    session.streams.add(this.#control);
    const frames = deps.worker.openSynthesis({
      sessionId: session.sessionId,
      voice: isParley && first.model_id !== "" ? first.model_id : session.voice,
      fencingToken: readFencingToken(call.metadata),
      clauses: isParley ? readClauses(first, rest) : cutClauses(first, rest, deps.clock),
      signal: AbortSignal.any([this.#cancelled.signal, stopSignal]),
    });
    try {
      await this.#send(session, frames);
    } finally {
      session.streams.delete(this.#control);
    }
  }

  #findSession(sessionId: string, isParley: boolean): WorkerSession {
    if (sessionId === "") {
      this.#statusText = "Missing session_id";
      throw new AppError("bad-message", { detail: "session_id" });
    }
    const { sessions, worker } = this.deps;
    // Our own clients spare themselves the round trip of StartSession.
    const session = sessions.find(sessionId) ?? (isParley ? sessions.start(sessionId, worker.defaultVoice) : undefined);
    if (session === undefined) throw new AppError("not-started", { detail: sessionId });
    return session;
  }

  async #send(session: WorkerSession, frames: AsyncIterable<VoiceFrame>): Promise<void> {
    let sequence = 0;
    try {
      for await (const frame of frames) {
        await this.#whenResumed();
        if (this.#control.stopSignal.aborted) break;
        await this.#write(frameToWire(frame, { sessionId: session.sessionId, sequence: ++sequence }));
        if (frame.isFinal) return;
      }
    } catch (error) {
      if (!this.#control.stopSignal.aborted || this.#cancelled.signal.aborted) throw error;
    }
    // Stopped: the stream still ends with a last frame, which its reader waits for.
    const silence: VoiceFrame = { pcm: new Int16Array(VOICE_FRAME_SAMPLES), words: [], isFinal: true };
    await this.#write(frameToWire(silence, { sessionId: session.sessionId, sequence: ++sequence }));
  }

  async #whenResumed(): Promise<void> {
    if (!this.#control.isPaused) return;
    const limit = this.deps.clock.setTimer(PAUSE_LIMIT_MS, () => this.#control.stop());
    const onCancel = (): void => this.#control.resume();
    this.#cancelled.signal.addEventListener("abort", onCancel, { once: true });
    await this.#control.whenResumed();
    this.#cancelled.signal.removeEventListener("abort", onCancel);
    limit.dispose();
    if (this.#cancelled.signal.aborted) throw new AppError("cancelled");
  }

  async #write(message: object): Promise<void> {
    if (this.call.write(message)) return;
    const read = new AbortController();
    const onDrain = (): void => read.abort();
    this.call.once("drain", onDrain);
    try {
      await sleep(this.deps.clock, UNREAD_LIMIT_MS, AbortSignal.any([read.signal, this.#cancelled.signal]));
      throw new AppError("idle-timeout");
    } catch (error) {
      if (this.#cancelled.signal.aborted || !read.signal.aborted) throw error;
    } finally {
      this.call.off("drain", onDrain);
    }
  }
}
