import { z } from "zod";

/**
 * The record that the predecessor's tools read: a JSON string at `worker:<name>`, written with SETEX.
 * Exactly these six top-level keys; its reader throws a record with any other key away.
 */
export const PredecessorRecord = z.strictObject({
  name: z.string(),
  /** `grpc://host:port`. */
  addr: z.string(),
  capabilities: z.object({
    streaming: z.boolean(),
    zero_shot: z.boolean(),
    lora: z.boolean(),
    cpu_ok: z.boolean(),
    languages: z.array(z.string()),
    emotive_zero_prompt: z.boolean(),
    /** Ours alone: marks a record that a Parley worker wrote. */
    parley_protocol: z.number().int().optional(),
  }),
  resident_models: z.array(z.string()),
  metrics: z.record(z.string(), z.number()),
  /** Unix seconds. Older than 60 s counts as dead. */
  last_heartbeat_ts: z.number(),
});
export type PredecessorRecord = z.infer<typeof PredecessorRecord>;

/** Where records of its workers may stand: its code's prefix, and those that only its documents name. */
export const FOREIGN_KEY_PATTERNS = ["worker:*", "tts:worker:*", "tts:workers:*"];

/** Key prefix and lifetime that the predecessor's reader expects. */
export const PREDECESSOR_KEY_PREFIX = "worker:";
export const PREDECESSOR_TTL_S = 30;
/** A third of the lifetime at most passes between two writes. */
export const PREDECESSOR_WRITE_INTERVAL_MS = 8_000;
