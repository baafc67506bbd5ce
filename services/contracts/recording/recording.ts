import { z } from "zod";
import { OrchestratorConfig } from "../config/orchestrator";
import { MIC_SAMPLE_RATES_HZ } from "../protocol/client-message";

/** Rises when an older reader would misread a recording. */
export const RECORDING_VERSION = 1;

/** The files of one recording; see docs/specs/recording.md. The two sounds are there only if sound is kept. */
export const RECORDING_FILES = {
  session: "session.json",
  /** One TalkEvent a line. */
  events: "events.jsonl",
  /** What the microphone sent: 16-bit mono, at its own rate. */
  microphone: "mic.wav",
  /** What the speaker played, silence in between: 16-bit mono, 48 kHz. */
  speaker: "speaker.wav",
} as const;

/** What is kept of conversations. */
export const RecordingScope = z.enum(["off", "text", "audio"]);
export type RecordingScope = z.infer<typeof RecordingScope>;

/** Name of a recording's folder: when it began, UTC to the millisecond, and random digits. Nothing else is ever a path. */
export const RecordingId = z.string().regex(/^\d{8}T\d{9}Z-[0-9a-f]{12}$/);

/** The settings that decide who speaks when. */
export const RecordedSettings = OrchestratorConfig.pick({ turn: true, vad: true, echo: true });
export type RecordedSettings = z.infer<typeof RecordedSettings>;

/** session.json: what stands above the events. */
export const RecordedSession = z.object({
  version: z.literal(RECORDING_VERSION),
  sessionId: z.string(),
  /** Wall-clock time of `atMs` 0 and of the first sample of both sounds. */
  startedAt: z.iso.datetime(),
  /** How long both sounds are; absent while it is being written. */
  durationMs: z.number().min(0).optional(),
  /** Who wrote it: a client knows its speaker to the sample, an orchestrator by the client's reports. */
  recordedBy: z.enum(["client", "orchestrator"]),
  /** Process that writes it; absent once it has ended. */
  writerPid: z.int().optional(),
  voice: z.string(),
  /** For people: which brain answered. */
  brainLabel: z.string(),
  hasAudio: z.boolean(),
  micSampleRateHz: z.literal(MIC_SAMPLE_RATES_HZ),
  /** Those that the conversation had. */
  config: RecordedSettings,
});
export type RecordedSession = z.infer<typeof RecordedSession>;
