import { z } from "zod";
import { LogConfig } from "./log";
import { RedisConfig } from "./redis";

/** configs/worker.yaml. Unknown keys are errors. */
export const WorkerConfig = z.strictObject({
  worker: z
    .strictObject({
      name: z
        .string()
        .max(64)
        .regex(/^[\x21-\x7e]*$/, "printable ASCII without spaces")
        .default("")
        .describe("Unique among live workers. Empty: made from the host's name."),
      host: z.string().min(1).default("127.0.0.1").describe("Address to listen on. Others than loopback need a token."),
      port: z.int().min(0).max(65_535).default(7001).describe("Port of its gRPC. 0: any free one."),
      advertise: z
        .string()
        .default("")
        .describe(
          "`host:port` under which orchestrators reach it. Empty: as bound, or this computer's address in the network.",
        ),
      tlsCertFile: z
        .string()
        .default("")
        .describe(
          "PEM file with the certificate for the advertised address, and those between it and its authority. Empty: no TLS.",
        ),
      tlsKeyFile: z.string().default("").describe("PEM file with the key of that certificate."),
      capacity: z.int().min(1).max(1_000).default(8).describe("Answers spoken at the same time."),
    })
    .prefault({}),
  redis: RedisConfig.prefault({}),
  voices: z
    .strictObject({
      default: z.string().min(1).max(64).default("flite-slt").describe("Voice of those who name none."),
      engines: z
        .array(z.enum(["flite", "tone"]))
        .min(1)
        .default(["flite", "tone"])
        .describe("Engines to load."),
    })
    .prefault({}),
  pacing: z
    .strictObject({
      leadMs: z
        .int()
        .min(40)
        .max(5_000)
        .default(400)
        .describe("How far ahead of real time frames may leave; bounds what an interruption throws away."),
    })
    .prefault({}),
  registration: z
    .strictObject({
      heartbeatMs: z.int().min(200).max(60_000).default(2_000).describe("How often it says that it lives."),
      ttlMs: z.int().min(1_000).max(600_000).default(6_000).describe("Silence after which it counts as gone."),
    })
    .prefault({}),
  log: LogConfig.prefault({}),
});
export type WorkerConfig = z.infer<typeof WorkerConfig>;
