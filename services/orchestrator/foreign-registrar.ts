import {
  FOREIGN_PROTOCOL_VERSION,
  isForeignWorker,
  PlainText,
  type WorkerInfo,
} from "#contracts/registry/worker-record";
import { hasCode } from "#contracts/errors";
import type { Clock } from "#core/ports/clock";
import type { Disposable } from "#core/lifecycle/disposable";
import type { ForeignFacts, ForeignProbe } from "#core/ports/foreign-workers";
import type { Logger } from "#core/ports/logger";
import type { Metrics } from "#core/ports/metrics";
import type { Registration, WorkerRegistry } from "#core/ports/worker-registry";
import { readForeignRecord } from "#core/registry/foreign-record";

export interface ForeignRegistrarConfig {
  /** host:port of workers that are not found in Redis. */
  addresses: readonly string[];
  /** Voice for which any foreign model will do. */
  defaultVoice: string;
  /** Streams at a time on each: one model serves all sessions there. */
  capacity: number;
}

export interface ForeignRegistrarDeps {
  registry: Pick<WorkerRegistry, "register" | "beat" | "list" | "foreignEntries">;
  probe: ForeignProbe;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  config: ForeignRegistrarConfig;
}

interface Known {
  registration: Registration | undefined;
  factsKey: string;
}

/** A probe may take up to 3 s; the round after the next one still comes in time. */
const ROUND_MS = 3_000;
const TTL_MS = 12_000;
/**
 * Where no record has been found for this long, Redis is searched for some no longer than a thousandth of the time: each search
 * looks at all its keys, and takes 1 ms or less where there are few.
 */
const SEARCHING_MS = 60_000;
const PAUSE_PER_SEARCH = 1_000;
const MAX_PAUSE_MS = 30_000;
/** So many are looked after; the names come first in Redis's own order. */
const MAX_WORKERS = 64;

/**
 * Registers workers of the predecessor, which never do that by themselves, for as long as they answer: those at given
 * addresses and those with a record under the predecessor's keys. Several orchestrators may look after the same one:
 * it has one nonce. Rules RG90, RG96 to RG98.
 */
export function createForeignRegistrar(deps: ForeignRegistrarDeps): Disposable & { round(): Promise<void> } {
  const { registry, clock, log, metrics, config } = deps;
  const known = new Map<string, Known>();
  const skipped = new Set<string>();
  let running: Promise<void> | undefined;
  let foundAtMs = clock.nowMs();
  let nextSearchAtMs = foundAtMs;
  /** The Redis user may not search; told once. */
  let isDenied = false;

  const skippedKey = (name: string, reason: string): string => `${name.slice(0, 128)} ${reason}`;
  /** Each is told once, and again after it has been served. */
  const skip = (name: string, reason: string): void => {
    const key = skippedKey(name, reason);
    if (skipped.has(key) || skipped.size > 1_000) return;
    skipped.add(key);
    metrics.count("parley_foreign_skipped_total");
    log.warn("a foreign worker is left out", { worker: JSON.stringify(name.slice(0, 128)), reason });
  };

  const findAll = async (): Promise<Map<string, string>> => {
    const found = new Map(config.addresses.map((address) => [`foreign@${address}`.slice(0, 64), address]));
    const startedAtMs = clock.nowMs();
    if (startedAtMs < nextSearchAtMs) return found;
    try {
      for (const entry of (await registry.foreignEntries?.()) ?? []) {
        const record = readForeignRecord(entry);
        if (record.type === "skipped") skip(entry.key, record.reason);
        if (record.type === "foreign") foundAtMs = clock.nowMs();
        if (record.type === "foreign" && ![...found.values()].includes(record.address))
          found.set(record.name, record.address);
      }
      const endedAtMs = clock.nowMs();
      const pauseMs = Math.min(MAX_PAUSE_MS, PAUSE_PER_SEARCH * (endedAtMs - startedAtMs));
      if (endedAtMs - foundAtMs >= SEARCHING_MS) nextSearchAtMs = endedAtMs + pauseMs;
    } catch (error) {
      if (hasCode(error, "redis-denied")) {
        if (!isDenied) log.warn("the predecessor's records cannot be looked for", { error });
        isDenied = true;
        nextSearchAtMs = clock.nowMs() + MAX_PAUSE_MS;
      } else log.debug("the predecessor's records could not be read", { error });
    }
    return found;
  };

  /**
   * Voices for which any model of the worker will do: this orchestrator's default, and those of others that registered it,
   * so that orchestrators with different defaults do not take it from each other in turn [RG98].
   */
  const stockVoices = async (name: string, address: string): Promise<string[]> => {
    const held = (await registry.list()).find((worker) => worker.name === name && worker.isLive)?.info;
    if (held === undefined || !isForeignWorker(held) || held.address !== address) return [config.defaultVoice];
    const others = held.voices.filter((voice) => !held.residentVoices.includes(voice));
    return [...new Set([...others, config.defaultVoice])].sort();
  };

  const attend = async (name: string, address: string): Promise<void> => {
    let facts: ForeignFacts;
    try {
      facts = await deps.probe.probe(address);
    } catch {
      // It is not beaten for any more, and so leaves the candidates by itself.
      known.delete(name);
      return skip(name, "no-answer");
    }
    const state = known.get(name);
    const factsKey = JSON.stringify(facts.residentModels);
    if (state?.registration !== undefined && state.factsKey === factsKey) {
      const stats = { inUse: facts.sessionCount, queueMs: 0 };
      const answer = await registry.beat(state.registration, { ttlMs: TTL_MS, stats });
      if (answer.type === "ok") return;
    }
    const info = describe({ name, address }, facts, await stockVoices(name, address));
    const outcome = await registry.register({
      info,
      nonce: `foreign ${address}`,
      capacity: config.capacity,
      ttlMs: TTL_MS,
    });
    if (outcome.type === "name-taken") return skip(name, "name-taken");
    known.set(name, { registration: outcome.registration, factsKey });
    skipped.delete(skippedKey(name, "no-answer"));
    log.info("a foreign worker is served", { worker: name, address });
  };

  const attendAll = async (): Promise<void> => {
    const found = [...(await findAll())].slice(0, MAX_WORKERS);
    const outcomes = await Promise.allSettled(found.map(([name, address]) => attend(name, address)));
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined)
      log.debug("a foreign worker could not be registered", { error: failed.reason as unknown });
  };
  /** One at a time. */
  const round = (): Promise<void> => (running ??= attendAll().finally(() => (running = undefined)));
  const rounds = clock.setRepeating(ROUND_MS, () => void round());
  return { round, dispose: () => rounds.dispose() };
}

function describe(
  { name, address }: { name: string; address: string },
  facts: ForeignFacts,
  stock: readonly string[],
): WorkerInfo {
  const isPlain = (text: string, maxLength: number): boolean => PlainText.max(maxLength).safeParse(text).success;
  const residentVoices = [...new Set(facts.residentModels.filter((model) => isPlain(model, 64)))].slice(0, 200);
  return {
    name,
    address,
    host: address.replace(/:\d+$/, ""),
    device: "cpu",
    protocolVersion: FOREIGN_PROTOCOL_VERSION,
    languages: facts.languages.filter((language) => isPlain(language, 16)).slice(0, 64),
    voices: [...new Set([...residentVoices, ...stock])].slice(0, 256),
    residentVoices,
    // It does not say; the same from every orchestrator, so that they register the same worker.
    startedAt: "1970-01-01T00:00:00.000Z",
  };
}
