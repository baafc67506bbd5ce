import { mkdir, open, readdir, rename, stat } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#contracts/errors";
import type { ConversationList, ConversationRecord } from "#contracts/recording/kept-conversation";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { WAV_HEADER_BYTES } from "#core/audio/wav";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { ConversationArchive, RecordedSound } from "#core/ports/conversation-archive";
import type { Logger } from "#core/ports/logger";
import { CONVERSATION_EVENT_TYPES, toConversation } from "#core/recording/kept-conversation";
import { excerptOf, matchesQuery } from "#core/recording/search-conversation";
import { fileIn, readEvents } from "./recording-folder";
import { DELETED_FOLDER, type FoundRecording, type RecordingsRoot } from "./recordings-root";
import { removeRecording } from "./retention";

/** How long a deletion can be taken back. */
const UNDO_MS = 600_000;
/** Conversations whose words are kept in memory for the next search; about 5 kB each. */
const MAX_REMEMBERED = 2_000;

export interface KeptConversationsDeps {
  root: RecordingsRoot;
  clock: Clock;
  log: Logger;
}

/** Recordings as conversations: found, read, deleted. */
export class KeptConversations implements ConversationArchive {
  readonly #deps: KeptConversationsDeps;
  readonly #remembered = new Map<string, { stamp: string; conversation: ConversationRecord }>();
  readonly #purges = new Map<string, Disposable>();

  constructor(deps: KeptConversationsDeps) {
    this.#deps = deps;
  }

  async list(query: string): Promise<ConversationList> {
    const { found, skippedCount } = await this.#deps.root.scan();
    const conversations: ConversationList["conversations"] = [];
    let unreadableCount = 0;
    for (const one of found) {
      const conversation = await this.#read(one).catch(() => undefined);
      if (conversation === undefined) unreadableCount++;
      else if (matchesQuery(conversation, query)) conversations.push(toLine(conversation, query));
    }
    return { conversations, skippedCount: skippedCount + unreadableCount };
  }

  async get(id: string): Promise<ConversationRecord> {
    const found = await this.#find(id);
    try {
      return await this.#read(found);
    } catch (error) {
      throw new AppError("file-unreadable", { detail: found.folder, cause: error });
    }
  }

  async delete(id: string): Promise<void> {
    const { folder, isRunning } = await this.#find(id);
    if (isRunning) throw new AppError("recording-running");
    await this.#inFiles(async () => {
      await mkdir(this.#deletedFolder(), { recursive: true, mode: 0o700 });
      await rename(folder, this.#deletedFolder(id));
    });
    this.#remembered.delete(id);
    this.#purges.set(
      id,
      this.#deps.clock.setTimer(UNDO_MS, () => void this.#purge(id)),
    );
  }

  async restore(id: string): Promise<void> {
    const folder = this.#deps.root.folderOf(id);
    const isThere = await stat(this.#deletedFolder(id)).catch(() => undefined);
    if (isThere === undefined) throw new AppError("unknown-conversation");
    await this.#inFiles(() => rename(this.#deletedFolder(id), folder));
    this.#purges.get(id)?.dispose();
    this.#purges.delete(id);
  }

  async readSound(id: string, range: { fromMs: number; lengthMs: number }): Promise<RecordedSound> {
    const { folder, session } = await this.#find(id);
    if (!session.hasAudio) throw new AppError("unknown-conversation", { detail: "no sound is kept of it" });
    const read = async (file: string, sampleRateHz: number) => ({
      sampleRateHz,
      pcm: await readPcm(file, { ...range, sampleRateHz }),
    });
    return this.#inFiles(async () => ({
      user: await read(fileIn(folder, "microphone"), session.micSampleRateHz),
      agent: await read(fileIn(folder, "speaker"), VOICE_SAMPLE_RATE_HZ),
    }));
  }

  /** Nothing that was deleted through this outlives it. */
  async close(): Promise<void> {
    for (const [id, purge] of [...this.#purges]) {
      purge.dispose();
      await this.#purge(id);
    }
  }

  /** What another run left behind as well. */
  async purgeAll(): Promise<void> {
    const ids = await readdir(this.#deletedFolder()).catch(() => []);
    for (const id of ids) await this.#purge(id);
  }

  async #purge(id: string): Promise<void> {
    this.#purges.delete(id);
    try {
      await removeRecording(this.#deletedFolder(id));
    } catch (error) {
      this.#deps.log.warn("a deleted recording could not be removed", { error, id });
    }
  }

  #deletedFolder(id = ""): string {
    return path.join(this.#deps.root.path, DELETED_FOLDER, id);
  }

  async #find(id: string): Promise<FoundRecording> {
    const found = await this.#deps.root.find(id);
    if (found === undefined) throw new AppError("unknown-conversation");
    return found;
  }

  /** From memory while the files are as they were. */
  async #read({ id, folder, session, isRunning }: FoundRecording): Promise<ConversationRecord> {
    const { mtimeMs, size } = await stat(fileIn(folder, "events"));
    const stamp = `${mtimeMs}:${size}:${session.durationMs}:${isRunning}`;
    const known = this.#remembered.get(id);
    if (known?.stamp === stamp) return known.conversation;
    const events = await readEvents(folder, CONVERSATION_EVENT_TYPES);
    const conversation = toConversation({ id, session, events, isRunning });
    this.#remembered.set(id, { stamp, conversation });
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > MAX_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest);
    return conversation;
  }

  async #inFiles<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw new AppError("file-unreadable", { detail: this.#deps.root.path, cause: error });
    }
  }
}

function toLine(conversation: ConversationRecord, query: string): ConversationList["conversations"][number] {
  const { messages: _messages, voice: _voice, brainLabel: _brainLabel, ...line } = conversation;
  const excerpt = excerptOf(conversation, query);
  return { ...line, ...(excerpt === undefined ? {} : { excerpt }) };
}

/** A stretch of a mono 16-bit WAV file as it was written here. */
async function readPcm(
  file: string,
  range: { fromMs: number; lengthMs: number; sampleRateHz: number },
): Promise<Uint8Array> {
  const bytesOf = (durationMs: number): number => Math.floor((durationMs * range.sampleRateHz) / 1000) * 2;
  const handle = await open(file, "r");
  try {
    const length = bytesOf(range.lengthMs);
    const position = WAV_HEADER_BYTES + bytesOf(range.fromMs);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead - (bytesRead % 2));
  } finally {
    await handle.close();
  }
}
