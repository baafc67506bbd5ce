import { toWireError } from "#contracts/errors";
import type { AdminServerMessage, FleetSnapshot, RedisSnapshot } from "#contracts/protocol/admin";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";

export type AdminTopic = "fleet" | "redis";

/** How often snapshots are made while someone watches [A5]. */
const PUSH_INTERVAL_MS = 2_000;

export interface AdminFeedDeps {
  clock: Clock;
  log: Logger;
  fleet(): FleetSnapshot;
  /** Reads the fleet anew for the next push, as heartbeats that change nothing are no events. Never rejects. */
  look(): Promise<void>;
  redis(): Promise<RedisSnapshot>;
}

interface Watcher {
  topics: readonly AdminTopic[];
  /** Takes a message as text: one text serves all who watch. */
  send(text: string): void;
}

/** Makes snapshots every 2 s for those who watch, one for all of them, and does nothing while nobody does. */
export class AdminFeed {
  readonly #deps: AdminFeedDeps;
  readonly #watchers = new Set<Watcher>();
  #timer: Disposable | undefined;
  #isReadingRedis = false;

  constructor(deps: AdminFeedDeps) {
    this.#deps = deps;
  }

  /** Sends the first snapshots at once. */
  watch(topics: readonly AdminTopic[], send: (text: string) => void): Disposable {
    const watcher: Watcher = { topics, send };
    this.#watchers.add(watcher);
    this.#timer ??= this.#deps.clock.setRepeating(PUSH_INTERVAL_MS, () => this.#pushAll());
    if (topics.includes("fleet")) send(this.#fleetText());
    if (topics.includes("redis")) void this.#pushRedis();
    return { dispose: () => this.#remove(watcher) };
  }

  /** The fleet has changed by what someone did. */
  pushFleet(): void {
    if (this.#isWatched("fleet")) this.#send("fleet", this.#fleetText());
  }

  #pushAll(): void {
    this.pushFleet();
    if (this.#isWatched("fleet")) void this.#deps.look();
    if (this.#isWatched("redis")) void this.#pushRedis();
  }

  /** A server that answers slowly is asked once at a time. */
  async #pushRedis(): Promise<void> {
    if (this.#isReadingRedis) return;
    this.#isReadingRedis = true;
    try {
      this.#send("redis", textOf({ type: "redis", redis: await this.#deps.redis() }));
    } catch (error) {
      this.#deps.log.error("redis snapshot failed", { error: toWireError(error) });
    } finally {
      this.#isReadingRedis = false;
    }
  }

  #fleetText(): string {
    return textOf({ type: "fleet", fleet: this.#deps.fleet() });
  }

  #isWatched(topic: AdminTopic): boolean {
    return [...this.#watchers].some((watcher) => watcher.topics.includes(topic));
  }

  #send(topic: AdminTopic, text: string): void {
    for (const watcher of [...this.#watchers]) if (watcher.topics.includes(topic)) watcher.send(text);
  }

  #remove(watcher: Watcher): void {
    this.#watchers.delete(watcher);
    if (this.#watchers.size > 0) return;
    this.#timer?.dispose();
    this.#timer = undefined;
  }
}

function textOf(message: AdminServerMessage): string {
  return JSON.stringify(message);
}
