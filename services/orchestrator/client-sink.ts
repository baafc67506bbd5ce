import type { AudioFrame } from "#contracts/protocol/audio-frame";
import type { ServerMessage } from "#contracts/protocol/server-message";

/** The way to the client of a session. It may be replaced when the client resumes. */
export interface ClientSink {
  send(message: ServerMessage): void;
  sendAudio(frame: AudioFrame): void;
}

/** Where a session speaks to while its client is away. */
export const absentClient: ClientSink = { send: () => undefined, sendAudio: () => undefined };
