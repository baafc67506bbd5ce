import type { FleetSnapshot, RedisSnapshot } from "#contracts/protocol/admin";
import type { AdminSnapshot } from "#core/client/admin-client";
import type { Disposable } from "#core/lifecycle/disposable";
import { toProblem, type AdminPort, type Problem } from "../../ui/admin-port";
import type { Notice } from "../../ui/undo-notice";
import { addToHistory, EMPTY_HISTORY, type RedisHistory } from "./redis-history";

/** A change asked for, until a snapshot shows it. */
export type PendingChange = "drain" | "undrain";

export interface FleetView {
  fleet: FleetSnapshot | undefined;
  redis: RedisSnapshot | undefined;
  history: RedisHistory;
  pending: ReadonlyMap<string, PendingChange>;
  notice: Notice | undefined;
  problem: Problem | undefined;
}

/** After so many snapshots without the change, the button is offered again. */
const MAX_PENDING_SNAPSHOTS = 4;

/** Holds what the screen shows; the charts' ten minutes outlast a visit to another screen. */
export class FleetStore {
  readonly #admin: AdminPort;
  readonly #nowMs: () => number;
  readonly #listeners = new Set<() => void>();
  readonly #snapshotsWaited = new Map<string, number>();
  #view: FleetView = {
    fleet: undefined,
    redis: undefined,
    history: EMPTY_HISTORY,
    pending: new Map(),
    notice: undefined,
    problem: undefined,
  };
  #watching: Disposable | undefined;
  #noticeId = 0;

  /** `nowMs`: Unix time. */
  constructor(admin: AdminPort, nowMs: () => number) {
    this.#admin = admin;
    this.#nowMs = nowMs;
  }

  readonly getView = (): FleetView => this.#view;

  /** News are asked for while someone listens. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#watching ??= this.#admin.watch(["fleet", "redis"], (news) => this.#take(news));
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#watching?.dispose();
      this.#watching = undefined;
    };
  };

  readonly dismissNotice = (): void => this.#update({ notice: undefined });

  async change(name: string, change: PendingChange): Promise<void> {
    this.#snapshotsWaited.set(name, 0);
    this.#update({ pending: new Map(this.#view.pending).set(name, change), problem: undefined, notice: undefined });
    try {
      await this.#admin.call(change === "drain" ? "worker-drain" : "worker-undrain", { name });
      this.#tell(name, change);
    } catch (error) {
      this.#update({ pending: without(this.#view.pending, name), problem: toProblem(error) });
    }
  }

  #tell(name: string, change: PendingChange): void {
    const opposite = change === "drain" ? "undrain" : "drain";
    this.#update({
      notice: {
        id: ++this.#noticeId,
        words: change === "drain" ? `${name} takes no new answers.` : `${name} takes new answers again.`,
        undo: () => void this.change(name, opposite),
      },
    });
  }

  #take(news: AdminSnapshot): void {
    if (news.type === "redis")
      return this.#update({
        redis: news.redis,
        history: addToHistory(this.#view.history, news.redis, this.#nowMs()),
      });
    this.#update({ fleet: news.fleet, pending: this.#stillPending(news.fleet) });
  }

  #stillPending(fleet: FleetSnapshot): ReadonlyMap<string, PendingChange> {
    const { pending } = this.#view;
    if (pending.size === 0) return pending;
    const draining = new Set(fleet.workers.filter(({ state }) => state === "draining").map(({ name }) => name));
    const still = [...pending].filter(([name, change]) => {
      const waited = (this.#snapshotsWaited.get(name) ?? 0) + 1;
      this.#snapshotsWaited.set(name, waited);
      return draining.has(name) !== (change === "drain") && waited < MAX_PENDING_SNAPSHOTS;
    });
    return new Map(still);
  }

  #update(changes: Partial<FleetView>): void {
    this.#view = { ...this.#view, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): Map<string, Value> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
