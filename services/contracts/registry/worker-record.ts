import { z } from "zod";

/** A model's id, a language or a computer's name: it is shown in terminals, so it has no control characters. */
export const PlainText = z.string().regex(/^\P{Cc}*$/u, "no control characters");

/** What a worker says of itself once, at registration. Kept as JSON in the registry. */
export const WorkerInfo = z.object({
  /** Name shown to people and unique among live workers; printable ASCII, no spaces. */
  name: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[\x21-\x7e]+$/),
  /** host:port of its gRPC service, reachable from the orchestrator. */
  address: z
    .string()
    .max(255)
    .regex(/^(?:[\w.-]+|\[[\w:.%-]+\]):\d{1,5}$/),
  /** Its gRPC service speaks TLS; absent: it does not. */
  isTls: z.boolean().optional(),
  host: PlainText.max(255),
  device: z.enum(["cpu", "gpu"]),
  protocolVersion: z.number().int(),
  languages: z.array(PlainText.max(16)).max(64),
  /** Model ids (voices) that it can speak with. */
  voices: z.array(PlainText.max(64)).max(256),
  residentVoices: z.array(PlainText.max(64)).max(256),
  startedAt: z.string(),
});
export type WorkerInfo = z.infer<typeof WorkerInfo>;

/** `protocolVersion` of a worker that speaks the predecessor's protocol only. */
export const FOREIGN_PROTOCOL_VERSION = 0;

export function isForeignWorker(info: Pick<WorkerInfo, "protocolVersion">): boolean {
  return info.protocolVersion === FOREIGN_PROTOCOL_VERSION;
}

/** What a worker measures, sent with each heartbeat. */
export const WorkerStats = z.object({
  inUse: z.number().int().min(0),
  queueMs: z.number().min(0),
  /** Exponentially weighted means; absent until measured. */
  ttfaMs: z.number().min(0).optional(),
  ttfaP90Ms: z.number().min(0).optional(),
  realTimeFactor: z.number().min(0).optional(),
});
export type WorkerStats = z.infer<typeof WorkerStats>;

export const WorkerState = z.enum(["starting", "ready", "draining"]);
export type WorkerState = z.infer<typeof WorkerState>;
