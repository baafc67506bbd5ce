import type { AppError } from "#contracts/errors";
import type { AudioFrame } from "#contracts/protocol/audio-frame";
import type { MIC_SAMPLE_RATES_HZ } from "#contracts/protocol/client-message";
import type { ServerMessage } from "#contracts/protocol/server-message";

export type MicSampleRateHz = (typeof MIC_SAMPLE_RATES_HZ)[number];
export type SessionStarted = Extract<ServerMessage, { type: "session-started" }>;

export type ConnectionState =
  | { type: "idle" }
  | { type: "connecting" }
  | { type: "open" }
  /** The connection dropped; the session is being resumed. */
  | { type: "resuming"; attempt: number }
  /** For good. `error` is absent when the client or the orchestrator ended it in order. */
  | { type: "ended"; error: AppError | undefined };

export type SessionEvent =
  | { type: "connection"; connection: ConnectionState }
  | { type: "message"; message: ServerMessage }
  /** A frame of the agent's voice. */
  | { type: "audio"; frame: AudioFrame }
  /** The orchestrator sent something that does not follow the protocol; the session goes on. */
  | { type: "protocol-error"; error: AppError };

export interface SessionStartOptions {
  token?: string;
  /** Rate of what `sendMic` gets. */
  sampleRateHz: MicSampleRateHz;
  voice?: string;
  /** Goes on with a session that another connection held. */
  resume?: { sessionId: string; resumeToken: string };
}
