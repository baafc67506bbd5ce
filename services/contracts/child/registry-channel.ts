import { z } from "zod";
import { WireError } from "../errors";
import { WorkerInfo, WorkerState, WorkerStats } from "../registry/worker-record";

/**
 * How a child process uses the registry of its parent: requests up, one reply each down, tied by `requestId`.
 * They share the channel with other messages, which both sides leave alone.
 */
const id = z.string().min(1).max(256);
const ttlMs = z.number().positive();
const integer = z.number().int();
const names = z.array(id).max(16).readonly();

export const RegistrationShape = z.object({ name: id, generation: integer });
export const LeaseShape = z.object({
  requestId: id,
  worker: WorkerInfo,
  generation: integer,
  fencingToken: integer,
  ttlMs,
});
const DesiredState = z.enum(["ready", "draining"]);
const LeaseUpdate = z.enum(["ok", "gone", "stale"]);

export const RegistryCall = z.discriminatedUnion("type", [
  z.object({ type: z.literal("describe") }),
  z.object({
    type: z.literal("register"),
    request: z.object({
      info: WorkerInfo,
      nonce: id,
      capacity: integer.positive(),
      ttlMs,
      state: DesiredState.optional(),
    }),
  }),
  z.object({ type: z.literal("beat"), registration: RegistrationShape, beat: z.object({ ttlMs, stats: WorkerStats }) }),
  z.object({ type: z.literal("unregister"), registration: RegistrationShape }),
  z.object({
    type: z.literal("lease"),
    request: z.object({ requestId: id, voice: id, ttlMs, preferred: names.optional(), exclude: names.optional() }),
  }),
  z.object({ type: z.literal("renew"), lease: LeaseShape }),
  z.object({ type: z.literal("release"), lease: LeaseShape }),
  z.object({ type: z.literal("set-desired-state"), name: id, state: DesiredState }),
  z.object({ type: z.literal("list") }),
]);
export type RegistryCall = z.infer<typeof RegistryCall>;

/** What each call is answered with. */
export const registryAnswers = {
  "describe": z.object({
    source: z.enum(["url", "settings", "config", "local", "private", "in-process"]),
    address: z.string(),
    banner: z.string().optional(),
  }),
  "register": z.discriminatedUnion("type", [
    z.object({ type: z.literal("registered"), registration: RegistrationShape }),
    z.object({ type: z.literal("name-taken"), heldByHost: z.string(), expiresInMs: z.number() }),
  ]),
  "beat": z.discriminatedUnion("type", [
    z.object({ type: z.literal("ok"), desiredState: WorkerState }),
    z.object({ type: z.literal("unknown") }),
    z.object({ type: z.literal("stale") }),
  ]),
  "unregister": z.null(),
  "lease": z.discriminatedUnion("type", [
    z.object({ type: z.literal("granted"), lease: LeaseShape }),
    z.object({ type: z.literal("none"), reason: z.enum(["no-worker", "worker-at-capacity"]) }),
  ]),
  "renew": LeaseUpdate,
  "release": LeaseUpdate,
  "set-desired-state": z.enum(["ok", "unknown"]),
  "list": z.array(
    z.object({
      name: id,
      generation: integer,
      state: WorkerState,
      capacity: integer,
      inUse: integer,
      info: WorkerInfo,
      stats: WorkerStats.optional(),
      heartbeatAgeMs: z.number(),
      isLive: z.boolean(),
    }),
  ),
} as const satisfies Record<RegistryCall["type"], z.ZodType>;

export const RegistryRequest = z.object({
  type: z.literal("registry-request"),
  requestId: integer,
  call: RegistryCall,
});
export type RegistryRequest = z.infer<typeof RegistryRequest>;

export const RegistryReply = z.object({
  type: z.literal("registry-reply"),
  requestId: integer,
  result: z.discriminatedUnion("type", [
    z.object({ type: z.literal("value"), value: z.unknown() }),
    z.object({ type: z.literal("failed"), error: WireError }),
  ]),
});
export type RegistryReply = z.infer<typeof RegistryReply>;
