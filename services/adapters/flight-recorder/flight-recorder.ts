import path from "node:path";
import { RECORDING_VERSION } from "#contracts/recording/recording";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { ConversationArchive } from "#core/ports/conversation-archive";
import type { Ids } from "#core/ports/ids";
import type { Logger } from "#core/ports/logger";
import type { RecordingStart, SessionRecorder, SessionRecording } from "#core/ports/session-recorder";
import { KeptConversations } from "./kept-conversations";
import { RecordingWriter } from "./recording-writer";
import { RecordingsRoot } from "./recordings-root";
import { repairRecording } from "./repair";
import { enforceRetention, type RetentionLimits } from "./retention";

/** A minute of both sounds is 12 MB. */
const RETENTION_CHECK_MS = 60_000;

export interface FlightRecorderOptions {
  /** Holds one folder for each recording; made with the first one. */
  folder: string;
  limits: RetentionLimits;
  clock: Clock;
  ids: Ids;
  log: Logger;
}

export interface FlightRecorder extends SessionRecorder {
  readonly archive: ConversationArchive;
  /** Resolves when what an earlier run left behind is whole, and what is too old is gone. */
  readonly ready: Promise<void>;
  /** Ends what is still being recorded. */
  close(): Promise<void>;
}

/** The recordings of a folder, as another process keeps them. */
export function openArchive(
  options: Pick<FlightRecorderOptions, "folder" | "clock" | "log">,
): ConversationArchive & { close(): Promise<void> } {
  const { folder, clock, log } = options;
  return new KeptConversations({ root: new RecordingsRoot(folder), clock, log });
}

/** Keeps sessions in folders of this computer, and gives them back. */
export function openFlightRecorder(options: FlightRecorderOptions): FlightRecorder {
  const { folder, limits, clock, ids, log } = options;
  const root = new RecordingsRoot(folder);
  const archive = new KeptConversations({ root, clock, log });
  const writers = new Set<RecordingWriter>();
  let checking: Disposable | undefined;

  const enforce = async (): Promise<void> => {
    try {
      const { found } = await root.scan();
      const { leftBytes } = await enforceRetention(found, limits, clock.wallTime());
      if (leftBytes > limits.maxTotalBytes)
        for (const writer of writers) writer.giveUp("the recordings take all the space they may have");
    } catch (error) {
      log.warn("the recordings could not be looked through", { error });
    }
  };
  const tidy = async (): Promise<void> => {
    try {
      await archive.purgeAll();
      for (const { folder: broken, session, isRunning } of (await root.scan()).found)
        if (session.durationMs === undefined && !isRunning) await repairRecording(broken, session);
    } catch (error) {
      log.warn("the recordings could not be repaired", { error });
    }
    await enforce();
  };
  // What is begun later is not in the way: it has other folders.
  const ready = tidy();

  const forget = (id: string, writer: RecordingWriter): void => {
    root.running.delete(id);
    writers.delete(writer);
    if (writers.size > 0) return;
    checking?.dispose();
    checking = undefined;
  };

  return {
    archive,
    ready,
    begin(start: RecordingStart): SessionRecording {
      const startedAt = clock.wallTime().toISOString();
      const id = `${startedAt.replace(/[-:.]/g, "")}-${ids.next("recording").slice(-12)}`;
      const writer = new RecordingWriter({
        folder: path.join(folder, id),
        session: { version: RECORDING_VERSION, startedAt, writerPid: process.pid, ...start.session },
        clock,
        onFailed: (error) => {
          forget(id, writer);
          log.warn("a recording failed", { error, id });
          start.onFailed(error);
        },
      });
      root.running.add(id);
      writers.add(writer);
      checking ??= clock.setRepeating(RETENTION_CHECK_MS, () => void enforce());
      return {
        addEvent: (event) => writer.addEvent(event),
        addMic: (startSample, pcm) => writer.addMic(startSample, pcm),
        addSpeaker: (startSample, pcm) => writer.addSpeaker(startSample, pcm),
        async end(durationMs) {
          await writer.end(durationMs);
          forget(id, writer);
          await enforce();
        },
      };
    },
    async close() {
      checking?.dispose();
      await ready;
      await archive.close();
    },
  };
}
