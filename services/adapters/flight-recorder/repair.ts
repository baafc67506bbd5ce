import { open } from "node:fs/promises";
import type { RecordedSession } from "#contracts/recording/recording";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { MAX_WAV_DATA_BYTES, WAV_HEADER_BYTES, wavHeader } from "#core/audio/wav";
import { fileIn, readEvents, writeSession } from "./recording-folder";

const NEWLINE = 0x0a;
/** A line of the event log is far shorter. */
const TAIL_BYTES = 256 * 1024;

/** Makes a recording whole whose writer was killed: no half line, headers that tell the length, a duration. */
export async function repairRecording(folder: string, session: RecordedSession): Promise<RecordedSession> {
  await dropHalfLine(fileIn(folder, "events"));
  const soundMs = session.hasAudio
    ? [
        await repairSound(fileIn(folder, "microphone"), session.micSampleRateHz),
        await repairSound(fileIn(folder, "speaker"), VOICE_SAMPLE_RATE_HZ),
      ]
    : [];
  const lastEvent = (await readEvents(folder, ["state", "agent-turn-end", "user-transcript-end"])).at(-1);
  const { writerPid: _, ...ended } = session;
  const repaired = { ...ended, durationMs: Math.max(0, lastEvent?.atMs ?? 0, ...soundMs) };
  await writeSession(folder, repaired);
  return repaired;
}

/** Returns how long it is, ms; 0 when it is not there. */
async function repairSound(file: string, sampleRateHz: number): Promise<number> {
  const handle = await open(file, "r+").catch(() => undefined);
  if (handle === undefined) return 0;
  try {
    const { size } = await handle.stat();
    const whole = Math.max(0, size - WAV_HEADER_BYTES);
    const dataBytes = Math.min(MAX_WAV_DATA_BYTES, whole - (whole % 2));
    await handle.truncate(WAV_HEADER_BYTES + dataBytes);
    const header = wavHeader({ sampleRateHz, channelCount: 1, dataBytes });
    await handle.write(header, 0, header.length, 0);
    return (dataBytes / 2 / sampleRateHz) * 1000;
  } finally {
    await handle.close();
  }
}

async function dropHalfLine(file: string): Promise<void> {
  const handle = await open(file, "a+", 0o600);
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), { position: from });
    const end = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (end !== bytesRead - 1) await handle.truncate(from + end + 1);
  } finally {
    await handle.close();
  }
}
