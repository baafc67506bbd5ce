import { z } from "zod";
import { RedisConfig } from "./redis";

/** configs/worker.yaml. Unknown keys are errors. */
export const WorkerConfig = z.strictObject({
  worker: z
    .strictObject({
      /** Unique among live workers; empty: made from the host's name. */
      name: z
        .string()
        .max(64)
        .regex(/^[\x21-\x7e]*$/, "printable ASCII without spaces")
        .default(""),
      host: z.string().min(1).default("127.0.0.1"),
      /** 0: any free port. */
      port: z.int().min(0).max(65_535).default(7001),
      /** host:port under which orchestrators reach it; empty: as bound, or this computer's address in the network. */
      advertise: z.string().default(""),
      /** Answers spoken at the same time. */
      capacity: z.int().min(1).max(1_000).default(8),
    })
    .prefault({}),
  redis: RedisConfig.prefault({}),
  voices: z
    .strictObject({
      default: z.string().min(1).max(64).default("flite-slt"),
      /** Engines to load. */
      engines: z
        .array(z.enum(["flite", "tone"]))
        .min(1)
        .default(["flite", "tone"]),
    })
    .prefault({}),
  pacing: z
    .strictObject({
      /** How far ahead of real time frames may leave; bounds what an interruption throws away. */
      leadMs: z.int().min(40).max(5_000).default(400),
    })
    .prefault({}),
  registration: z
    .strictObject({
      heartbeatMs: z.int().min(200).max(60_000).default(2_000),
      ttlMs: z.int().min(1_000).max(600_000).default(6_000),
    })
    .prefault({}),
  log: z.strictObject({ level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info") }).prefault({}),
});
export type WorkerConfig = z.infer<typeof WorkerConfig>;
