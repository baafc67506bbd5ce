import type { FleetSnapshot, FleetWorker } from "#contracts/protocol/admin";
import { plural } from "../../ui/figures";

export type WorkerSort = "name" | "state" | "load" | "first-audio" | "real-time" | "heartbeat";

export interface WorkerOrder {
  by: WorkerSort;
  isDescending: boolean;
}

export type RowState = "ready" | "starting" | "draining" | "drained" | "overdue";

export interface WorkerRow {
  worker: FleetWorker;
  state: RowState;
  isSpeaking: boolean;
}

/** Worst first, so that one click on the column shows what needs care. */
const stateRank: Record<RowState, number> = { overdue: 0, draining: 1, drained: 2, starting: 3, ready: 4 };

/** What the table shows: all words of the query in name, host, device, state or voices; sorted, equal ones by name. */
export function selectRows(fleet: FleetSnapshot, query: string, order: WorkerOrder): WorkerRow[] {
  const speaking = new Set(fleet.speakingWorkers);
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = fleet.workers
    .map((worker) => ({ worker, state: rowState(worker), isSpeaking: speaking.has(worker.name) }))
    .filter((row) => words.length === 0 || matches(row, words));
  const sign = order.isDescending ? -1 : 1;
  return rows.sort((a, b) => sign * compare(a, b, order.by) || compareNames(a, b));
}

/** A worker that gives no sign of life is overdue, whatever it said last. */
export function rowState({ isLive, state, inUse }: FleetWorker): RowState {
  if (!isLive) return "overdue";
  if (state === "draining") return inUse > 0 ? "draining" : "drained";
  return state;
}

function matches({ worker, state, isSpeaking }: WorkerRow, words: readonly string[]): boolean {
  const { host, device, voices } = worker.info;
  const text = [worker.name, host, device, state, isSpeaking ? "speaking" : "", ...voices].join(" ").toLowerCase();
  return words.every((word) => text.includes(word));
}

function compare(a: WorkerRow, b: WorkerRow, by: WorkerSort): number {
  switch (by) {
    case "name":
      return compareNames(a, b);
    case "state":
      return stateRank[a.state] - stateRank[b.state];
    case "load":
      return loadOf(a.worker) - loadOf(b.worker);
    case "first-audio":
      return compareMeasured(a.worker.stats?.ttfaMs, b.worker.stats?.ttfaMs);
    case "real-time":
      return compareMeasured(a.worker.stats?.realTimeFactor, b.worker.stats?.realTimeFactor);
    case "heartbeat":
      return a.worker.heartbeatAgeMs - b.worker.heartbeatAgeMs;
  }
}

const names = new Intl.Collator("en", { numeric: true });

function compareNames(a: WorkerRow, b: WorkerRow): number {
  return names.compare(a.worker.name, b.worker.name);
}

/** What was never measured counts as the smallest. */
function compareMeasured(a: number | undefined, b: number | undefined): number {
  return (a ?? -1) - (b ?? -1);
}

/** Part of the capacity in use, 0 to 1. */
export function loadOf({ inUse, capacity }: FleetWorker): number {
  return capacity === 0 ? 0 : Math.min(1, inUse / capacity);
}

/** The fleet in one line. */
export function fleetSummary({ workers }: FleetSnapshot): string {
  if (workers.length === 0) return "No worker is registered.";
  const states = workers.map(rowState);
  const count = (...wanted: RowState[]): number => states.filter((state) => wanted.includes(state)).length;
  const draining = count("draining", "drained");
  const overdue = count("overdue");
  const live = workers.filter(({ isLive }) => isLive);
  const total = (of: (worker: FleetWorker) => number): number => live.reduce((sum, worker) => sum + of(worker), 0);
  return [
    plural(workers.length, "worker"),
    `${count("ready")} ready`,
    ...(draining > 0 ? [`${draining} draining`] : []),
    ...(overdue > 0 ? [`${overdue} overdue`] : []),
    `${total(({ inUse }) => inUse)} of ${plural(
      total(({ capacity }) => capacity),
      "place",
    )} in use`,
  ].join(" · ");
}
