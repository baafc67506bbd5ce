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

beforeEach(() => {
  clock = new FakeClock();
  registry = createMemoryRegistry({ clock });
  entries = [];
  facts = new Map([["gpu:7001", { languages: ["en"], residentModels: ["cosy"], sessionCount: 1 }]]);
  counted = [];
});

function createRegistrar(addresses: readonly string[]) {
  const probe = (address: string): Promise<ForeignFacts> => {
    const known = facts.get(address);
    return known === undefined ? Promise.reject(new AppError("worker-lost")) : Promise.resolve(known);
  };
  return createForeignRegistrar({
    registry: Object.assign(registry, { foreignEntries: () => Promise.resolve(entries) }),
    probe: { probe },
    clock,
    log: silentLogger,
    metrics: { count: (name) => counted.push(name), observe: () => undefined, set: () => undefined },
    config: { addresses, defaultVoice: "flite-slt", capacity: 2 },
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
