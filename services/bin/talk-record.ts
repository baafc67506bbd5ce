import { writeFile } from "node:fs/promises";
import { createFolder, fileIn, writeSession } from "#adapters/flight-recorder/recording-folder";
import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { TalkEvent } from "#contracts/events/talk-event";
import { AppError } from "#contracts/errors";
import { RECORDING_VERSION } from "#contracts/recording/recording";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { writeWav, type MonoWav } from "#core/audio/wav";

export interface TalkRecord {
  input: MonoWav;
  /** What the speaker played, 48 kHz. */
  agentPcm: Int16Array;
  events: readonly TalkEvent[];
  /** Wall-clock time of `atMs` 0. */
  startedAt: Date;
  config: OrchestratorConfig;
}

/** For this user alone. Throws `file-unreadable` when the folder is there already. */
export async function createRecord(folder: string): Promise<void> {
  await orUnreadable(folder, () => createFolder(folder));
}

/** Writes a conversation as the flight recorder does, from the client's side: the speaker is known to the sample. */
export async function writeRecord(folder: string, record: TalkRecord): Promise<void> {
  const { input, agentPcm, events, startedAt, config } = record;
  const started = events.find((event) => event.type === "session-started");
  const durationMs = (agentPcm.length * 1000) / VOICE_SAMPLE_RATE_HZ;
  const micPcm = new Int16Array(Math.floor((durationMs * input.sampleRateHz) / 1000));
  micPcm.set(input.pcm.subarray(0, micPcm.length));
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join("");
  const write = (name: Parameters<typeof fileIn>[1], data: string | Uint8Array): Promise<void> =>
    writeFile(fileIn(folder, name), data, { mode: 0o600 });
  await orUnreadable(folder, async () => {
    await write("microphone", writeWav([micPcm], input.sampleRateHz));
    await write("speaker", writeWav([agentPcm], VOICE_SAMPLE_RATE_HZ));
    await write("events", lines);
    await writeSession(folder, {
      version: RECORDING_VERSION,
      sessionId: started?.sessionId ?? "",
      startedAt: startedAt.toISOString(),
      durationMs,
      recordedBy: "client",
      voice: started?.voice ?? "",
      brainLabel: started?.brain ?? "",
      hasAudio: true,
      micSampleRateHz: input.sampleRateHz,
      config: { turn: config.turn, vad: config.vad, echo: config.echo },
    });
  });
}

async function orUnreadable(folder: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new AppError("file-unreadable", { detail: folder, cause: error });
  }
}
