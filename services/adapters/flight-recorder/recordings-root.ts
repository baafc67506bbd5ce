import { readdir } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#contracts/errors";
import { RecordingId, type RecordedSession } from "#contracts/recording/recording";
import { readSession } from "./recording-folder";

/** Deleted recordings, until they can no longer be brought back. */
export const DELETED_FOLDER = ".deleted";

export interface FoundRecording {
  id: string;
  folder: string;
  session: RecordedSession;
  isRunning: boolean;
}

/** The folder that holds the recordings: one folder each. What else lies there is left alone. */
export class RecordingsRoot {
  readonly path: string;
  /** Written by this process right now. */
  readonly running = new Set<string>();

  constructor(root: string) {
    this.path = root;
  }

  /** Checks the id, so that no path comes from anywhere else. */
  folderOf(id: string): string {
    if (!RecordingId.safeParse(id).success) throw new AppError("unknown-conversation");
    return path.join(this.path, id);
  }

  /** Newest first. Rejects with `file-unreadable`; without a folder there is nothing. */
  async scan(): Promise<{ found: FoundRecording[]; skippedCount: number }> {
    const names = await this.#names();
    const ids = names.filter((entry) => entry.isDirectory() && isId(entry.name)).map(({ name }) => name);
    const looked = await Promise.all(ids.map((id) => this.find(id)));
    const found = looked.filter((one) => one !== undefined).sort((a, b) => (a.id < b.id ? 1 : -1));
    return { found, skippedCount: names.length - found.length };
  }

  /** Undefined when there is none, or none that can be read. */
  async find(id: string): Promise<FoundRecording | undefined> {
    const folder = this.folderOf(id);
    const session = await readSession(folder);
    return session && { id, folder, session, isRunning: this.running.has(id) || isWrittenElsewhere(session) };
  }

  async #names() {
    try {
      const entries = await readdir(this.path, { withFileTypes: true });
      return entries.filter(({ name }) => name !== DELETED_FOLDER);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
      throw new AppError("file-unreadable", { detail: this.path, cause: error });
    }
  }
}

function isId(name: string): boolean {
  return RecordingId.safeParse(name).success;
}

function isWrittenElsewhere({ durationMs, writerPid }: RecordedSession): boolean {
  if (durationMs !== undefined || writerPid === undefined || writerPid === process.pid) return false;
  try {
    process.kill(writerPid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
