import { z } from "zod";
import { DoctorReport } from "../doctor/report";
import { WireError } from "../errors";
import { ConversationList, ConversationRecord } from "../recording/kept-conversation";
import { WorkerInfo, WorkerState, WorkerStats } from "../registry/worker-record";
import { RegistryOriginSchema } from "../registry/registry-origin";
import { SettingName, SecretKeeping, UserSettings, UserSettingsPatch } from "../settings/user-settings";

/** Subprotocol for looking after Parley: fleet, Redis, settings, kept conversations. JSON text both ways. */
export const ADMIN_PROTOCOL_NAME = "parley.admin.v1";

/** One row of the worker panel. */
export const FleetWorker = z.object({
  name: z.string(),
  state: WorkerState,
  isLive: z.boolean(),
  capacity: z.number(),
  inUse: z.number(),
  heartbeatAgeMs: z.number(),
  info: WorkerInfo,
  stats: WorkerStats.optional(),
});
export type FleetWorker = z.infer<typeof FleetWorker>;

export const FleetSnapshot = z.object({
  workers: z.array(FleetWorker),
  /** Names of workers that speak for a conversation of this orchestrator right now. */
  speakingWorkers: z.array(z.string()),
  /** The worker that was started together with what answers here. */
  ownWorker: z.string().optional(),
  /** The last read of the registry failed; the workers are those of the read before. */
  error: WireError.optional(),
});
export type FleetSnapshot = z.infer<typeof FleetSnapshot>;

/** State of the Redis behind the registry. All but the origin is absent while it cannot be asked, or with the in-process registry. */
export const RedisSnapshot = z.object({
  origin: RegistryOriginSchema,
  error: WireError.optional(),
  server: z
    .object({
      version: z.string(),
      mode: z.string(),
      role: z.string(),
      runId: z.string(),
      uptimeSeconds: z.number(),
      connectedClients: z.number(),
      maxClients: z.number(),
      usedMemoryBytes: z.number(),
      maxMemoryBytes: z.number(),
      commandsPerSecond: z.number(),
      /** Of the lookups since the last snapshot; absent when there were none. */
      hitRatio: z.number().optional(),
      evictedKeys: z.number(),
      roundTripMs: z.number(),
    })
    .optional(),
});
export type RedisSnapshot = z.infer<typeof RedisSnapshot>;

export const SettingsView = z.object({
  settings: UserSettings,
  hasBrainApiKey: z.boolean(),
  hasRedisPassword: z.boolean(),
  /** What the environment or the command line decides, and by which variable or option. */
  fixedBy: z.partialRecord(SettingName, z.string()),
  /** The brain in use, for people. */
  brainLabel: z.string(),
  /** False: the built-in responder answers. */
  hasLanguageModel: z.boolean(),
  /** Where the settings are kept. */
  file: z.string(),
  secretKeeping: SecretKeeping,
  isFirstRun: z.boolean(),
  /** A worker for others alone: whoever answers here holds no conversations. */
  isWorkerOnly: z.boolean(),
  /** Whether `settings.mode` says what runs: not with a headless orchestrator. */
  hasMode: z.boolean(),
  /** Where conversations are kept, when they are. */
  recordingsFolder: z.string().optional(),
  /** Something about the file that the person should know. */
  notice: z.string().optional(),
});
export type SettingsView = z.infer<typeof SettingsView>;

const conversation = z.object({ id: z.string().max(64) });

/** Longest stretch of sound that one call brings; 48 kHz twice are 1 MB in base64. */
export const MAX_SOUND_MS = 4_000;

const SoundTrack = z.object({
  sampleRateHz: z.number().int(),
  /** 16-bit mono PCM, little-endian, in base64. Shorter than asked for where the recording ends. */
  pcm: z.base64(),
});
export const ConversationSound = z.object({ user: SoundTrack, agent: SoundTrack });
export type ConversationSound = z.infer<typeof ConversationSound>;

/** A call and its answer, by name: the only list of what this protocol can do. */
export const adminCalls = {
  "worker-drain": { request: z.object({ name: z.string().max(64) }), response: z.null() },
  "worker-undrain": { request: z.object({ name: z.string().max(64) }), response: z.null() },
  "redis-test": {
    request: z.object({
      url: z.string().max(2_000),
      password: z.string().max(1_000).optional(),
      /** PEM file on the computer of the orchestrator. */
      caFile: z.string().max(2_000).optional(),
    }),
    response: z.object({ roundTripMs: z.number(), version: z.string() }),
  },
  /** Looks the computer of the orchestrator over; takes up to 4 s. */
  "computer-check": { request: z.object({}), response: DoctorReport },
  "settings-get": { request: z.object({}), response: SettingsView },
  "settings-set": { request: UserSettingsPatch, response: SettingsView },
  "brain-test": {
    request: z.object({
      url: z.string().max(2_000),
      model: z.string().max(200),
      apiKey: z.string().max(1_000).optional(),
    }),
    response: z.object({ models: z.array(z.string()), firstTokenMs: z.number().optional() }),
  },
  /** A sentence in this voice, 16-bit little-endian mono PCM as base64. */
  "voice-preview": {
    request: z.object({ voice: z.string().min(1).max(64) }),
    response: z.object({ sampleRateHz: z.number(), pcm: z.string() }),
  },
  "conversations-list": { request: z.object({ query: z.string().max(200) }), response: ConversationList },
  "conversation-get": { request: conversation, response: ConversationRecord },
  "conversation-delete": { request: conversation, response: z.null() },
  /** Takes a deletion back. */
  "conversation-restore": { request: conversation, response: z.null() },
  "conversation-sound": {
    request: conversation.extend({ fromMs: z.number().min(0), lengthMs: z.number().min(1).max(MAX_SOUND_MS) }),
    response: ConversationSound,
  },
} as const satisfies Record<string, { request: z.ZodType; response: z.ZodType }>;

export type AdminCallName = keyof typeof adminCalls;
export type AdminRequest<Name extends AdminCallName> = z.infer<(typeof adminCalls)[Name]["request"]>;
export type AdminResponse<Name extends AdminCallName> = z.infer<(typeof adminCalls)[Name]["response"]>;

const callNames = Object.keys(adminCalls) as [AdminCallName, ...AdminCallName[]];

export const AdminClientMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("admin-start"), token: z.string().max(512).optional() }),
  /** Push snapshots of these, at once and then every 2 s; an empty list ends it. */
  z.object({ type: z.literal("watch"), topics: z.array(z.enum(["fleet", "redis"])).max(2) }),
  z.object({ type: z.literal("call"), requestId: z.number().int(), name: z.enum(callNames), request: z.unknown() }),
]);
export type AdminClientMessage = z.infer<typeof AdminClientMessage>;

/** What a call can be answered by, also when the rest of it is wrong. */
export const AdminCallHead = z.object({ type: z.literal("call"), requestId: z.number().int() });

export const AdminServerMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("admin-started") }),
  z.object({ type: z.literal("fleet"), fleet: FleetSnapshot }),
  z.object({ type: z.literal("redis"), redis: RedisSnapshot }),
  z.object({ type: z.literal("reply"), requestId: z.number().int(), value: z.unknown() }),
  z.object({ type: z.literal("reply-failed"), requestId: z.number().int(), error: WireError }),
  z.object({ type: z.literal("error"), error: WireError }),
]);
export type AdminServerMessage = z.infer<typeof AdminServerMessage>;
