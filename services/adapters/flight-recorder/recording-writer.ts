import { open, type FileHandle } from "node:fs/promises";
import { AppError } from "#contracts/errors";
import type { TalkEvent } from "#contracts/events/talk-event";
import type { RecordedSession } from "#contracts/recording/recording";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { SessionRecording } from "#core/ports/session-recorder";
import { createFolder, fileIn, writeSession } from "./recording-folder";
import { SoundFile } from "./sound-file";

/** What a killed process loses at most, ms. */
const FLUSH_MS = 500;
/** A disk that is this far behind will not catch up: 40 s of both sounds. */
const MAX_PENDING_BYTES = 8 * 1024 * 1024;

export interface RecordingWriterOptions {
  folder: string;
  session: RecordedSession;
  clock: Clock;
  onFailed(error: AppError): void;
}

/** Writes one recording: twice a second all that has come, one write after the other. */
export class RecordingWriter implements SessionRecording {
  readonly #options: RecordingWriterOptions;
  readonly #flushing: Disposable;
  readonly #mic: SoundFile;
  readonly #speaker: SoundFile;
  #events: FileHandle | undefined;
  #lines: string[] = [];
  #lineBytes = 0;
  #isClosed = false;
  /** The last write; each begins when the one before has ended. */
  #writing: Promise<void>;
  #isWaiting = false;

  constructor(options: RecordingWriterOptions) {
    this.#options = options;
    const { folder, session } = options;
    this.#mic = new SoundFile(fileIn(folder, "microphone"), session.micSampleRateHz);
    this.#speaker = new SoundFile(fileIn(folder, "speaker"), VOICE_SAMPLE_RATE_HZ);
    this.#writing = this.#guard(() => this.#open());
    this.#flushing = options.clock.setRepeating(FLUSH_MS, () => this.#flushSoon());
  }

  addEvent(event: TalkEvent): void {
    if (this.#isClosed) return;
    const line = `${JSON.stringify(event)}\n`;
    this.#lines.push(line);
    this.#lineBytes += line.length;
    this.#checkPending();
  }

  addMic(startSample: number, pcm: Int16Array): void {
    this.#addSound(this.#mic, startSample, pcm);
  }

  addSpeaker(startSample: number, pcm: Int16Array): void {
    this.#addSound(this.#speaker, startSample, pcm);
  }

  async end(durationMs: number): Promise<void> {
    this.#flushing.dispose();
    await this.#then(async () => {
      await this.#flush();
      this.#isClosed = true;
      const { folder, session } = this.#options;
      await this.#events?.close();
      for (const sound of this.#sounds) await sound.finish(durationMs);
      const { writerPid: _, ...ended } = session;
      await writeSession(folder, { ...ended, durationMs });
    });
  }

  /** Keeps what there is and takes nothing more. */
  giveUp(reason: string): void {
    this.#fail(new Error(reason));
  }

  get #sounds(): readonly SoundFile[] {
    return this.#options.session.hasAudio ? [this.#mic, this.#speaker] : [];
  }

  #addSound(sound: SoundFile, startSample: number, pcm: Int16Array): void {
    if (this.#isClosed || !this.#options.session.hasAudio) return;
    sound.add(startSample, pcm);
    this.#checkPending();
  }

  #checkPending(): void {
    const pendingBytes = this.#lineBytes + this.#mic.pendingBytes + this.#speaker.pendingBytes;
    if (pendingBytes > MAX_PENDING_BYTES) this.#fail(new Error("the disk is too slow"));
  }

  async #open(): Promise<void> {
    const { folder, session } = this.#options;
    await createFolder(folder);
    await writeSession(folder, session);
    this.#events = await open(fileIn(folder, "events"), "ax", 0o600);
    for (const sound of this.#sounds) await sound.create();
  }

  #flushSoon(): void {
    if (this.#isWaiting || this.#isClosed) return;
    this.#isWaiting = true;
    void this.#then(async () => {
      this.#isWaiting = false;
      await this.#flush();
    });
  }

  async #flush(): Promise<void> {
    const text = this.#lines.join("");
    this.#lines = [];
    this.#lineBytes = 0;
    if (text !== "") await this.#events?.appendFile(text);
    for (const sound of this.#sounds) await sound.flush();
  }

  #then(write: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(() => this.#guard(write));
    return this.#writing;
  }

  async #guard(write: () => Promise<void>): Promise<void> {
    if (this.#isClosed) return;
    try {
      await write();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(cause: unknown): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#flushing.dispose();
    this.#lines = [];
    this.#writing = this.#writing.then(() => this.#closeFiles());
    this.#options.onFailed(new AppError("recording-failed", { detail: reasonOf(cause), cause }));
  }

  async #closeFiles(): Promise<void> {
    await this.#events?.close().catch(() => undefined);
    for (const sound of this.#sounds) await sound.close().catch(() => undefined);
  }
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT") return "the disk is full";
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") return "the folder may not be written to";
  if (typeof code === "string") return code;
  return cause instanceof Error ? cause.message : "it cannot be written";
}
