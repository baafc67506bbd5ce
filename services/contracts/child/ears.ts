import { z } from "zod";
import { WireError } from "../errors";

/**
 * Messages between the orchestrator and its ears (the ASR child process).
 * Audio is Float32, 16 kHz, mono, in [-1, 1].
 */
const samples = z.custom<Float32Array>((value) => value instanceof Float32Array, "a Float32Array");
const utteranceId = z.string().min(1).max(64);

export const EarsRequest = z.discriminatedUnion("type", [
  z.object({ type: z.literal("append"), utteranceId, samples }),
  /** Decode all that was appended so far. One answer per `requestId`: `transcript` or `failed`. */
  z.object({
    type: z.literal("transcribe"),
    utteranceId,
    requestId: z.number().int(),
    /** Silence to be heard after the audio; counts for nothing else. */
    trailingSilenceMs: z.number().min(0).max(1_000).optional(),
  }),
  z.object({ type: z.literal("forget"), utteranceId }),
  z.object({ type: z.literal("stop") }),
]);
export type EarsRequest = z.infer<typeof EarsRequest>;

export const EarsReply = z.discriminatedUnion("type", [
  /** Model loaded and warmed. */
  z.object({ type: z.literal("ready") }),
  z.object({
    type: z.literal("transcript"),
    utteranceId,
    requestId: z.number().int(),
    text: z.string(),
    decodeMs: z.number(),
    audioMs: z.number(),
  }),
  z.object({ type: z.literal("failed"), utteranceId, requestId: z.number().int(), error: WireError }),
  z.object({ type: z.literal("fatal"), error: WireError }),
]);
export type EarsReply = z.infer<typeof EarsReply>;
