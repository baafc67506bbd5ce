import { z } from "zod";
import { WorkerInfo, WorkerState, WorkerStats } from "#contracts/registry/worker-record";
import { parseJsonWith, parseWith } from "#contracts/parse";
import type { WorkerSnapshot } from "#core/ports/worker-registry";

/** Numbers come as decimal strings; all of them stay below 2^53. */
const integer = z.coerce.number().int();

export const RegisterReply = z.union([
  z.tuple([z.literal("registered"), integer, integer]),
  z.tuple([z.literal("taken"), z.string(), integer]),
]);

export const BeatReply = z.union([
  z.tuple([z.literal("ok"), WorkerState, integer]),
  z.tuple([z.literal("unknown")]),
  z.tuple([z.literal("stale")]),
]);

export const StatusReply = z.tuple([z.enum(["ok", "unknown", "stale"])]);

export const LeaseReply = z.union([
  z.tuple([z.literal("granted"), integer, integer, z.string(), integer, z.string()]),
  z.tuple([z.literal("none"), z.enum(["no-worker", "worker-at-capacity"])]),
]);

export const LeaseUpdateReply = z.tuple([z.enum(["ok", "gone", "stale"])]);

/** Number of the last event, and the number at which the data began. */
export const PositionReply = z.tuple([integer, integer]);
/** Number of the last event, and for how many ms nobody is taken for gone. */
export const ReapReply = z.tuple([integer, integer]);
export const Rows = z.array(z.unknown());

const PageHead = z.tuple([integer, z.string()]);
const PageRow = z.tuple([z.string(), integer, integer, integer, WorkerState, integer, integer, z.string(), z.string()]);

export interface WorkerPage {
  workers: WorkerSnapshot[];
  /** Pass it to get the next page; empty after the last. */
  after: string;
  damagedCount: number;
}

export function parseInfo(json: string): WorkerInfo | undefined {
  const parsed = parseJsonWith(WorkerInfo, json);
  return parsed.ok ? parsed.value : undefined;
}

export function parsePage(reply: readonly unknown[]): WorkerPage {
  const [nowMs, after] = PageHead.parse(reply.slice(0, 2));
  const rows = reply.slice(2);
  const workers = rows.map((row) => parseRow(row, nowMs)).filter((worker) => worker !== undefined);
  return { workers, after, damagedCount: rows.length - workers.length };
}

function parseRow(row: unknown, nowMs: number): WorkerSnapshot | undefined {
  const parsed = parseWith(PageRow, row);
  if (!parsed.ok) return undefined;
  const [name, generation, capacity, inUse, state, beatAtMs, expiresAtMs, infoJson, statsJson] = parsed.value;
  const info = parseInfo(infoJson);
  if (info === undefined) return undefined;
  const stats = parseJsonWith(WorkerStats, statsJson);
  return {
    name,
    generation,
    state,
    capacity,
    inUse,
    info,
    stats: stats.ok ? stats.value : undefined,
    heartbeatAgeMs: Math.max(0, nowMs - beatAtMs),
    isLive: expiresAtMs > nowMs,
  };
}
