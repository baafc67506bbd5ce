import { beforeEach, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { AppError } from "#contracts/errors";
import type { ForeignFacts } from "#core/ports/foreign-workers";
import { silentLogger } from "#core/ports/logger";
import type { ForeignEntry, WorkerRegistry } from "#core/ports/worker-registry";
import { FakeClock } from "#testing/fake-clock";
import { createForeignRegistrar } from "./foreign-registrar";

let clock: FakeClock;
let registry: WorkerRegistry;
let entries: ForeignEntry[];
let facts: Map<string, ForeignFacts>;
let counted: string[];
let searchCount: number;
let searchMs: number;
let searchError: AppError | undefined;
let warnings: string[];

beforeEach(() => {
  clock = new FakeClock();
  registry = createMemoryRegistry({ clock });
  entries = [];
  facts = new Map([["gpu:7001", { languages: ["en"], residentModels: ["cosy"], sessionCount: 1 }]]);
  counted = [];
  searchCount = 0;
  searchMs = 0;
  searchError = undefined;
  warnings = [];
});

function createRegistrar(addresses: readonly string[], defaultVoice = "flite-slt") {
  const probe = (address: string): Promise<ForeignFacts> => {
    const known = facts.get(address);
    return known === undefined ? Promise.reject(new AppError("worker-lost")) : Promise.resolve(known);
  };
  return createForeignRegistrar({
    registry: Object.assign(registry, {
      foreignEntries: async () => {
        searchCount++;
        await Promise.resolve();
        clock.advanceMs(searchMs);
        if (searchError !== undefined) throw searchError;
        return entries;
      },
    }),
    probe: { probe },
    clock,
    log: { ...silentLogger, warn: (message) => warnings.push(message) },
    metrics: { count: (name) => counted.push(name), observe: () => undefined, set: () => undefined },
    config: { addresses, defaultVoice, capacity: 2 },
  });
}

it("[RG90] a given address is registered while it answers, and leased within its capacity", async () => {
  const registrar = createRegistrar(["gpu:7001"]);
  await registrar.round();
  const lease = (requestId: string) => registry.lease({ requestId, voice: "flite-slt", ttlMs: 60_000 });
  expect((await lease("a")).type).toBe("granted");
  expect((await lease("b")).type).toBe("granted");
  expect(await lease("c")).toEqual({ type: "none", reason: "worker-at-capacity" });
  clock.advanceMs(11_000);
  await registrar.round();
  expect(await registry.list()).toMatchObject([{ name: "foreign@gpu:7001", isLive: true, inUse: 2 }]);
  facts.clear();
  clock.advanceMs(13_000);
  await registrar.round();
  expect(await registry.list()).toMatchObject([{ isLive: false }]);
});

it("[RG98] two orchestrators serve it as one; a model that it loads is told", async () => {
  await createRegistrar(["gpu:7001"]).round();
  const [before] = await registry.list();
  const second = createRegistrar(["gpu:7001"]);
  await second.round();
  expect(await registry.list()).toMatchObject([
    { generation: before?.generation, info: { voices: ["cosy", "flite-slt"] } },
  ]);
  facts.set("gpu:7001", { languages: ["en"], residentModels: ["cosy", "piper"], sessionCount: 0 });
  await second.round();
  expect(await registry.list()).toMatchObject([{ info: { residentVoices: ["cosy", "piper"] } }]);
});

it("[RG98] orchestrators with different default voices do not take it from each other", async () => {
  const registrars = [createRegistrar(["gpu:7001"]), createRegistrar(["gpu:7001"], "tone")];
  const generations: (number | undefined)[] = [];
  for (let round = 0; round < 4; round++) {
    for (const registrar of registrars) await registrar.round();
    generations.push((await registry.list())[0]?.generation);
  }
  expect(await registry.list()).toMatchObject([{ info: { voices: ["cosy", "flite-slt", "tone"] } }]);
  expect(new Set(generations).size).toBe(1);
});

it("[RG90] a large Redis is searched less often where no record has been found for a minute, until there is one", async () => {
  const registrar = createRegistrar([]);
  // Rounds are made by hand.
  registrar.dispose();
  const searchesIn = async (roundCount: number): Promise<number> => {
    searchCount = 0;
    for (let round = 0; round < roundCount; round++) {
      clock.advanceMs(3_000);
      await registrar.round();
    }
    return searchCount;
  };
  expect(await searchesIn(40)).toBe(40);
  searchMs = 10;
  expect(await searchesIn(20)).toBe(5);
  searchMs = 100;
  expect(await searchesIn(20)).toBe(2);
  entries = [{ key: "worker:d", value: { name: "d", addr: "gpu:7001" } }];
  await searchesIn(10);
  expect(await registry.list()).toMatchObject([{ name: "d", isLive: true }]);
  expect(await searchesIn(10)).toBe(10);
});

it("[RG97] what cannot be used is left out, and counted once", async () => {
  entries = [
    { key: "worker:a", value: "{" },
    { key: "worker:b", value: undefined },
    { key: "worker:c", value: { name: "c", addr: "nowhere:1" } },
    { key: "worker:d", value: { name: "d", addr: "gpu:7001" } },
  ];
  const registrar = createRegistrar([]);
  await registrar.round();
  await registrar.round();
  expect((await registry.list()).map(({ name }) => name)).toEqual(["d"]);
  expect(counted).toEqual(Array.from({ length: 3 }, () => "parley_foreign_skipped_total"));
});

it("[RG97] names of models and languages that would steer a terminal are left out", async () => {
  facts.set("gpu:7001", {
    languages: ["en", "\u001b[31m"],
    residentModels: ["cosy", "a\nb", "\u001b[2J"],
    sessionCount: 0,
  });
  await createRegistrar(["gpu:7001"]).round();
  expect(await registry.list()).toMatchObject([{ info: { languages: ["en"], residentVoices: ["cosy"] } }]);
});

it("[RG97] a worker that answered and then no more is told again", async () => {
  const registrar = createRegistrar(["gpu:7001"]);
  for (let time = 0; time < 2; time++) {
    facts.set("gpu:7001", { languages: ["en"], residentModels: ["cosy"], sessionCount: 0 });
    await registrar.round();
    facts.clear();
    await registrar.round();
    await registrar.round();
  }
  expect(warnings).toEqual(["a foreign worker is left out", "a foreign worker is left out"]);
});

it("[RG45] a Redis user that may not search is told once, and tried seldom; given addresses are served", async () => {
  searchError = new AppError("redis-denied");
  const registrar = createRegistrar(["gpu:7001"]);
  registrar.dispose();
  for (let round = 0; round < 20; round++) {
    await registrar.round();
    clock.advanceMs(3_000);
  }
  expect(warnings).toEqual(["the predecessor's records cannot be looked for"]);
  expect(searchCount).toBe(2);
  expect(await registry.list()).toMatchObject([{ name: "foreign@gpu:7001", isLive: true }]);
});
