import { z } from "zod";
import { BrainConfig } from "./brain";
import { Mode } from "./mode";
import { RedisConfig } from "./redis";

/** configs/orchestrator.yaml. Unknown keys are errors. */
export const OrchestratorConfig = z.strictObject({
  /** What `parley start` runs on this computer. */
  mode: Mode.default("full"),
  server: z
    .strictObject({
      host: z.string().min(1).default("127.0.0.1"),
      /** 0: any free port. */
      port: z.int().min(0).max(65_535).default(8080),
      /** Names under which a browser may reach it, besides its own addresses. */
      allowedHosts: z.array(z.string()).default([]),
      /** Pages from elsewhere that may connect, as their Origin names them, besides the one it serves itself. */
      allowedOrigins: z.array(z.string()).default([]),
      maxSessions: z.int().min(1).max(10_000).default(32),
    })
    .prefault({}),
  redis: RedisConfig.prefault({}),
  brain: BrainConfig.prefault({}),
  voice: z
    .strictObject({
      default: z.string().min(1).max(64).default("flite-slt"),
      leaseTtlMs: z.int().min(1_000).max(600_000).default(15_000),
    })
    .prefault({}),
  foreign: z
    .strictObject({
      /** host:port of workers of the predecessor, which never register themselves. Those with a record in Redis are found. */
      workers: z
        .array(z.string().regex(/^([\w.-]+|\[[\da-fA-F:.]+\]):\d{1,5}$/, "host:port"))
        .max(64)
        .default([]),
      /** Answers spoken at the same time by each of them. */
      capacity: z.int().min(1).max(1_000).default(2),
    })
    .prefault({}),
  turn: z
    .strictObject({
      /** From this the silence is made after which the user's turn is over: 0.75 of it after a question, 1.4 after a statement, 2.9 after an open thought; see docs/specs/turn-taking.md. */
      endpointDelayMs: z.int().min(100).max(3_000).default(450),
      /** Speech before the answer can be heard that lasts this long takes it back; the user's turn goes on. */
      minInterruptionMs: z.int().min(0).max(2_000).default(200),
      /** Speech over the agent that is still undecided after this long silences it until more is known; see docs/specs/turn-taking.md. */
      holdAfterMs: z.int().min(200).max(5_000).default(300),
      /** Prepare the answer while it is not yet certain that the turn is over. */
      preemptive: z.boolean().default(true),
    })
    .prefault({}),
  vad: z
    .strictObject({
      activationThreshold: z.number().min(0.05).max(0.95).default(0.5),
      minSpeechMs: z.int().min(0).max(1_000).default(64),
      minSilenceMs: z.int().min(32).max(1_000).default(100),
    })
    .prefault({}),
  echo: z
    .strictObject({
      /** Take the agent's own voice out of the microphone, so that it cannot interrupt itself on loudspeakers. */
      cancel: z.boolean().default(true),
      /** By Parley's own canceller or WebRTC's; the latter is an optional package that no desktop package contains. */
      canceller: z.enum(["own", "apm"]).default("own"),
    })
    .prefault({}),
  recording: z
    .strictObject({
      /** Keep conversations. Off unless somebody wants it. */
      enabled: z.boolean().default(false),
      /** Where; default: `recordings` in Parley's data folder. */
      folder: z.string().min(1).optional(),
      /** Keep what was said as sound, too, and not only as text. */
      keepAudio: z.boolean().default(false),
      /** The oldest recordings are deleted beyond this. An hour with sound takes up to 700 MB. */
      maxTotalBytes: z.int().min(10_000_000).default(2_000_000_000),
      /** Older recordings are deleted. */
      maxAgeDays: z.int().min(1).max(36_500).default(30),
    })
    .prefault({}),
  log: z.strictObject({ level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info") }).prefault({}),
});
export type OrchestratorConfig = z.infer<typeof OrchestratorConfig>;
