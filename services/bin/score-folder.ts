import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#contracts/errors";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { writeWav } from "#core/audio/wav";
import type { PlayedConversation } from "#score/measure/speaker-trace";
import type { JudgedEvent } from "#score/measure/tally";

/** Keeps a scored conversation for a closer look: what the speaker played, all events, and how each was judged. */
export async function keepConversation(
  folder: string,
  name: string,
  scored: { conversation: PlayedConversation; judged: readonly JudgedEvent[] },
): Promise<void> {
  const at = path.join(folder, name);
  const toLines = (items: readonly object[]): string => items.map((item) => `${JSON.stringify(item)}\n`).join("");
  try {
    await mkdir(at, { recursive: true });
    await Promise.all([
      writeFile(path.join(at, "speaker.wav"), writeWav([scored.conversation.speakerPcm], VOICE_SAMPLE_RATE_HZ)),
      writeFile(path.join(at, "events.jsonl"), toLines(scored.conversation.events)),
      writeFile(path.join(at, "judged.jsonl"), toLines(scored.judged)),
    ]);
  } catch (error) {
    throw new AppError("file-unreadable", { detail: at, cause: error });
  }
}
