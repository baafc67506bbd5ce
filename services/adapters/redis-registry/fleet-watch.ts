import { sleep } from "#core/lifecycle/sleep";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import type { FleetView, FleetWatch, WorkerSnapshot } from "#core/ports/worker-registry";
import { emptyFleetView, isYoung, reduceFleetView, workersOf, type FleetViewEvent } from "#core/registry/fleet-view";

export interface FleetTimes {
  /** Two heartbeats' TTLs: after the link, the server or its data began anew nobody is taken for gone. */
  graceMs: number;
  listIntervalMs: number;
  /** Overdue for this long a worker is forgotten, with its leases. */
  forgetAfterMs: number;
}

const defaultTimes: FleetTimes = { graceMs: 12_000, listIntervalMs: 30_000, forgetAfterMs: 60_000 };
/** Overdue heartbeats are looked for every second; a longer pause, half the grace time, makes the registry young again. */
const REAPS_PER_GRACE = 12;
const RETRY_MS = 200;
/** While that fails, whether the registry can be written to again is tried this often. */
const REAP_RETRY_MS = 100;
const MAX_RETRY_MS = 2_000;
/** Changes of so short a time are read at once: a burst of leases costs one call. */
const GATHER_MS = 25;

export interface FleetWatchDeps {
  clock: Clock;
  log: Logger;
  times: FleetTimes | undefined;
  list(): Promise<WorkerSnapshot[]>;
  /** The rows of those of the names that there are. */
  read(names: readonly string[]): Promise<WorkerSnapshot[]>;
  /** Number of the last event, and the number at which the data began; both 0 when there is none. */
  position(): Promise<{ seq: number; born: number }>;
  /**
   * Tells of overdue heartbeats and forgets workers, unless `youngForMs` is above 0: for that long nobody is taken for gone.
   * `seq`: number of the last event.
   */
  reap(times: FleetTimes): Promise<{ seq: number; youngForMs: number }>;
  openEvents(): { read(position: number): Promise<{ seq: number; name: string }[]>; close(): void };
}

/**
 * Follows the fleet by the registry's stream of events: the whole list at the start, after a gap, after a reconnect and
 * every 30 s, and in between the rows of the workers that events name. Rules RG70 to RG77.
 */
export function watchRedisFleet(deps: FleetWatchDeps, listener: (view: FleetView) => void): FleetWatch {
  const { clock } = deps;
  const times = deps.times ?? defaultTimes;
  const ended = new AbortController();
  const events = deps.openEvents();
  let view = emptyFleetView;
  /** Undefined: the list has to be read. */
  let position: number | undefined;
  let isLinked = false;
  let listedAtMs = -Infinity;
  let error: unknown;
  /** Why nothing can be written, also where all can be read. */
  let reapError: unknown;
  let reaping: Disposable | undefined;
  let failureCount = 0;

  const tell = (): void => {
    const nowMs = clock.nowMs();
    if (ended.signal.aborted) return;
    listener({ workers: workersOf(view, nowMs), seenAtMs: nowMs, error, isSettled: isLinked && !isYoung(view, nowMs) });
  };
  const apply = (event: FleetViewEvent): void => {
    view = reduceFleetView(view, event, times.graceMs);
  };
  const loseLink = (): void => {
    isLinked = false;
    position = undefined;
  };
  const fail = (reason: unknown): void => {
    if (error === undefined) deps.log.warn("the fleet cannot be seen", { error: reason });
    error = reason;
    loseLink();
    tell();
  };
  const readList = async (): Promise<void> => {
    const { seq, born } = await deps.position();
    const workers = await deps.list();
    const atMs = clock.nowMs();
    if (!isLinked) apply({ type: "begun-anew", untilMs: atMs + times.graceMs });
    isLinked = true;
    apply({ type: "list", born, workers, atMs });
    position = seq;
    listedAtMs = atMs;
    error = reapError;
    tell();
  };
  const isListDue = (): boolean => {
    const nowMs = clock.nowMs();
    const hasComeOfAge = listedAtMs < view.youngUntilMs && !isYoung(view, nowMs);
    return nowMs - listedAtMs >= times.listIntervalMs || hasComeOfAge;
  };
  const takeEvents = async (from: number): Promise<void> => {
    const read = await events.read(from);
    failureCount = 0;
    const last = read.at(-1);
    if (last === undefined) return;
    if (read[0]?.seq !== from + 1) {
      position = undefined;
      return;
    }
    const names = [...new Set(read.map(({ name }) => name))];
    const found = new Map((await deps.read(names)).map((worker) => [worker.name, worker]));
    apply({ type: "rows", rows: names.map((name) => ({ name, snapshot: found.get(name) })), atMs: clock.nowMs() });
    if (position === from) position = last.seq;
    tell();
    await sleep(clock, GATHER_MS, ended.signal);
  };
  /** Without events, as when the server has no second connection to give, the list is read again and again. */
  const follow = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      try {
        if (position === undefined || isListDue()) await readList().catch(fail);
        if (position !== undefined) await takeEvents(position);
        else await sleep(clock, RETRY_MS, ended.signal);
      } catch {
        if (ended.signal.aborted) return;
        loseLink();
        failureCount += 1;
        const delayMs = failureCount === 1 ? 0 : Math.min(RETRY_MS * failureCount, MAX_RETRY_MS);
        await sleep(clock, delayMs, ended.signal).catch(() => undefined);
      }
    }
  };
  const reap = async (): Promise<void> => {
    try {
      const { seq, youngForMs } = await deps.reap(times);
      if (youngForMs > 0) apply({ type: "begun-anew", untilMs: clock.nowMs() + youngForMs });
      // Of data that were lost with all events nobody tells.
      if (position !== undefined && seq < position) listedAtMs = -Infinity;
      if (reapError === undefined) return;
      reapError = undefined;
      await readList();
    } catch (reason) {
      reapError = reason;
      fail(reason);
    }
  };
  const reapLater = (): void => {
    if (ended.signal.aborted) return;
    const delayMs = reapError === undefined ? times.graceMs / REAPS_PER_GRACE : REAP_RETRY_MS;
    reaping = clock.setTimer(delayMs, () => void reap().finally(reapLater));
  };
  reapLater();
  void follow();
  return {
    refresh: () => readList().catch(fail),
    dispose() {
      ended.abort();
      reaping?.dispose();
      events.close();
    },
  };
}
