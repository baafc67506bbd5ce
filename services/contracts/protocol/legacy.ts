import { z } from "zod";

/** JSON protocol of the Python predecessor, served to clients that ask for no subprotocol. */
export const LegacyClientMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string(), is_final: z.boolean().optional() }),
  z.object({ type: z.literal("control"), command: z.enum(["PAUSE", "RESUME", "STOP"]) }),
]);
export type LegacyClientMessage = z.infer<typeof LegacyClientMessage>;

export type LegacyServerMessage =
  | { type: "session_start"; session_id: string }
  /** `pcm`: base64 of 1920 bytes, 16-bit little-endian, 48 kHz mono. `is_final` on the last frame of an utterance. */
  | { type: "audio"; pcm: string; sample_rate: number; frame_ms: number; sequence: number; is_final?: true }
  | { type: "session_end"; session_id: string; reason: "completed" | "closed" | "error" }
  | { type: "error"; message: string; code: string };
