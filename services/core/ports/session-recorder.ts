import type { AppError } from "#contracts/errors";
import type { TalkEvent } from "#contracts/events/talk-event";
import type { RecordedSession } from "#contracts/recording/recording";

export interface RecordingStart {
  session: Pick<
    RecordedSession,
    "sessionId" | "recordedBy" | "voice" | "brainLabel" | "hasAudio" | "micSampleRateHz" | "config"
  >;
  /** Called at most once, with `recording-failed`: nothing more is kept of this session. */
  onFailed(error: AppError): void;
}

/** Keeps sessions as they happen. */
export interface SessionRecorder {
  /** Begins at this moment, which is `atMs` 0 and sample 0 of both sounds. Never throws. */
  begin(start: RecordingStart): SessionRecording;
}

/** What is kept of one session. Takes everything at once and writes it behind the caller's back; never throws. */
export interface SessionRecording {
  addEvent(event: TalkEvent): void;
  /** PCM at the microphone's rate. The places of one sound may leave gaps, which are silence, and never go back. */
  addMic(startSample: number, pcm: Int16Array): void;
  /** PCM at 48 kHz. */
  addSpeaker(startSample: number, pcm: Int16Array): void;
  /** Resolves when all is written; both sounds are then this long. */
  end(durationMs: number): Promise<void>;
}
