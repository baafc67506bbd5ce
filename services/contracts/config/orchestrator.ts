import { z } from "zod";
import { BrainConfig } from "./brain";
import { LogConfig } from "./log";
import { Mode } from "./mode";
import { RedisConfig } from "./redis";

/** configs/orchestrator.yaml. Unknown keys are errors. */
export const OrchestratorConfig = z.strictObject({
  mode: Mode.default("full").meta({
    description:
      "What `parley start` runs on this computer: `full`, `client` (the voices of the fleet alone) or `worker` (a voice for others, and no conversations).",
    variables: ["PARLEY_MODE"],
  }),
  server: z
    .strictObject({
      host: z.string().min(1).default("127.0.0.1").describe("Address to listen on. Others than loopback need a token."),
      port: z.int().min(0).max(65_535).default(8080).describe("Port of the page and the WebSocket. 0: any free one."),
      allowedHosts: z
        .array(z.string())
        .default([])
        .describe("Names under which a browser may reach it, besides its own addresses."),
      allowedOrigins: z
        .array(z.string())
        .default([])
        .describe(
          "Pages from elsewhere that may connect, as their Origin names them, besides the one it serves itself.",
        ),
      maxSessions: z
        .int()
        .min(1)
        .max(10_000)
        .optional()
        .describe('Conversations at the same time; more are told "at capacity". Unset: four for each core.'),
      tlsCertFile: z
        .string()
        .default("")
        .describe(
          "PEM file with the certificate, and what leads from it to its authority: https and wss on every address but loopback, which stays plain. Empty: plain everywhere.",
        ),
      tlsKeyFile: z.string().default("").describe("PEM file with the certificate's private key."),
    })
    .prefault({}),
  redis: RedisConfig.prefault({}),
  brain: BrainConfig.prefault({}),
  voice: z
    .strictObject({
      default: z.string().min(1).max(64).default("flite-slt").describe("The agent's voice; see `parley models list`."),
      leaseTtlMs: z
        .int()
        .min(1_000)
        .max(600_000)
        .default(15_000)
        .describe("How long a lease on a worker holds unless it is renewed."),
      workerCaFile: z
        .string()
        .default("")
        .describe("PEM file with the authority of the workers' certificates. Empty: those that Node knows."),
    })
    .prefault({}),
  foreign: z
    .strictObject({
      workers: z
        .array(z.string().regex(/^([\w.-]+|\[[\da-fA-F:.]+\]):\d{1,5}$/, "host:port"))
        .max(64)
        .default([])
        .describe(
          "`host:port` of workers of the predecessor, which never register themselves. Those with a record in Redis are found.",
        ),
      capacity: z.int().min(1).max(1_000).default(2).describe("Answers spoken at the same time by each of them."),
    })
    .prefault({}),
  turn: z
    .strictObject({
      endpointDelayMs: z
        .int()
        .min(100)
        .max(3_000)
        .default(450)
        .describe(
          "From this the silence is made after which the user's turn is over: 0.75 of it after a question, 1.4 after a statement, 2.9 after an open thought; see docs/specs/turn-taking.md.",
        ),
      minInterruptionMs: z
        .int()
        .min(0)
        .max(2_000)
        .default(200)
        .describe("Speech before the answer can be heard that lasts this long takes it back; the user's turn goes on."),
      holdAfterMs: z
        .int()
        .min(200)
        .max(5_000)
        .default(300)
        .describe(
          "Speech over the agent that is still undecided after this long silences it until more is known; see docs/specs/turn-taking.md.",
        ),
      preemptive: z
        .boolean()
        .default(true)
        .describe("Prepare the answer while it is not yet certain that the turn is over."),
    })
    .prefault({}),
  vad: z
    .strictObject({
      activationThreshold: z
        .number()
        .min(0.05)
        .max(0.95)
        .default(0.5)
        .describe("How likely a window must be speech to count as speech."),
      minSpeechMs: z.int().min(0).max(1_000).default(64).describe("Shorter noises are no speech."),
      minSilenceMs: z.int().min(32).max(1_000).default(100).describe("Shorter pauses do not end it."),
    })
    .prefault({}),
  echo: z
    .strictObject({
      cancel: z
        .boolean()
        .default(true)
        .describe(
          "Take the agent's own voice out of the microphone, so that it cannot interrupt itself on loudspeakers.",
        ),
      canceller: z
        .enum(["own", "apm"])
        .default("own")
        .describe(
          "By Parley's own canceller or WebRTC's; the latter is an optional package that no desktop package contains.",
        ),
    })
    .prefault({}),
  recording: z
    .strictObject({
      enabled: z.boolean().default(false).describe("Keep conversations."),
      folder: z.string().min(1).optional().describe("Where. Default: `recordings` in Parley's data folder."),
      keepAudio: z.boolean().default(false).describe("Keep what was said as sound, too, and not only as text."),
      maxTotalBytes: z
        .int()
        .min(10_000_000)
        .default(2_000_000_000)
        .describe("The oldest recordings are deleted beyond this. An hour with sound takes up to 700 MB."),
      maxAgeDays: z.int().min(1).max(36_500).default(30).describe("Older recordings are deleted."),
    })
    .prefault({}),
  telemetry: z
    .strictObject({
      otlpEndpoint: z
        .string()
        .regex(/^(https?:\/\/\S+)?$/, "http:// or https:// address")
        .default("")
        .describe(
          "OpenTelemetry collector, for instance `http://127.0.0.1:4318`: a span for every agent turn and its stages, with ids and times, never words. Empty: none.",
        ),
    })
    .prefault({}),
  log: LogConfig.prefault({}),
});
export type OrchestratorConfig = z.infer<typeof OrchestratorConfig>;
