import { z } from "zod";

/** Rates in which a client may send its microphone, Hz. */
export const MIC_SAMPLE_RATES_HZ = [16_000, 44_100, 48_000] as const;

const samples = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const SessionStart = z.object({
  type: z.literal("session-start"),
  token: z.string().max(512).optional(),
  audio: z.object({ sampleRateHz: z.literal(MIC_SAMPLE_RATES_HZ) }),
  /** Voice (model id) of the agent; the orchestrator's default when absent. */
  voice: z.string().max(64).optional(),
  resume: z.object({ sessionId: z.string().max(64), resumeToken: z.string().max(128) }).optional(),
});

export const ClientMessage = z.discriminatedUnion("type", [
  SessionStart,
  /** Position on the agent's sample clock (48 kHz) up to which sound has really left the speaker. */
  z.object({ type: z.literal("playout"), positionSamples: samples }),
  /** The user pressed stop: end the agent's turn now. */
  z.object({ type: z.literal("interrupt") }),
  /** Typed instead of spoken. */
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("settings"), voice: z.string().max(64).optional() }),
  z.object({ type: z.literal("bye") }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;
