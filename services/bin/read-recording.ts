import { readFile } from "node:fs/promises";
import { fileIn, readEvents, readSession } from "#adapters/flight-recorder/recording-folder";
import { TalkEvent } from "#contracts/events/talk-event";
import { AppError } from "#contracts/errors";
import { readMonoWav } from "#core/audio/wav";
import type { Recording } from "#sim/replay/replay-recording";

const ALL_TYPES = TalkEvent.options.map((option) => option.shape.type.value);

/** A recording with its sound. Throws `file-unreadable` when the folder holds none, `bad-wav`. */
export async function readRecording(folder: string): Promise<Recording> {
  const session = await readSession(folder);
  if (session === undefined) throw new AppError("file-unreadable", { detail: `${folder} holds no recording` });
  if (!session.hasAudio) throw new AppError("file-unreadable", { detail: `${folder} was kept as text only` });
  try {
    const [wav, events] = await Promise.all([readFile(fileIn(folder, "microphone")), readEvents(folder, ALL_TYPES)]);
    return { session, microphone: readMonoWav(wav), events };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("file-unreadable", { detail: folder, cause: error });
  }
}
