import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import type { CounterName } from "#contracts/metrics";
import { noMetrics } from "#core/ports/metrics";
import { createHarness, type OrchestratorHarness, type World } from "#testing/orchestrator-harness";
import { testWorker } from "#testing/orchestrator-world";
import type { TestClient } from "#testing/session-bench";
import { createOrchestrator, type Orchestrator } from "./orchestrator";

let harness: OrchestratorHarness<Orchestrator>;
let world: World;
let counts: Map<CounterName, number>;

const count = (name: CounterName): number => counts.get(name) ?? 0;

beforeEach(async () => {
  counts = new Map();
  const metrics = {
    ...noMetrics,
    count: (name: CounterName, by = 1) => void counts.set(name, (counts.get(name) ?? 0) + by),
  };
  harness = await createHarness(
    { createRegistry: (clock) => createMemoryRegistry({ clock }), createOrchestrator },
    () => ({ metrics }),
  );
  world = harness.world;
});

async function addSecondWorker(): Promise<void> {
  const info = { ...testWorker, name: "worker-b", address: "127.0.0.1:7002" };
  await world.registry.register({ info, nonce: "n2", capacity: 4, ttlMs: 3_600_000 });
}

/** Typed turns, each heard to its end. */
async function turns(client: TestClient, turnCount: number): Promise<void> {
  for (let turn = 0; turn < turnCount; turn++) {
    world.brain.script([{ delta: "Yes." }]);
    client.say({ type: "text", text: "Say yes." });
    await client.pass(400);
  }
}

const speakers = (): string[] => world.voiceLink.requests.map((request) => request.lease.worker.name);

describe("hedged first frames", () => {
  it("[RT6] a worker late by its own measure is doubled, the first to speak is heard, the other is cancelled", async () => {
    const client = await harness.started();
    await turns(client, 20);
    await addSecondWorker();
    await client.pass(2_500);
    world.voiceLink.slowDown("worker-a", 800);
    const before = speakers().length;
    await turns(client, 1);
    expect(speakers().slice(before)).toEqual(["worker-a", "worker-b"]);
    expect(client.last("agent-turn-end")).toMatchObject({ reason: "completed", heardText: "Yes." });
    expect(world.voiceLink.openCount).toBe(0);
    expect([count("parley_hedges_total"), count("parley_hedges_won_total")]).toEqual([1, 1]);
    const audio = client.frames.filter((frame) => frame.turn === 21);
    expect(audio.map((frame) => frame.sequence)).toEqual(audio.map((_, index) => index));
  });

  it("[RT7] never more than one stream in twenty is doubled", async () => {
    await addSecondWorker();
    const client = await harness.started();
    await turns(client, 12);
    for (const worker of ["worker-a", "worker-b"]) world.voiceLink.slowDown(worker, 200);
    await turns(client, 48);
    expect(count("parley_hedges_total")).toBeGreaterThan(0);
    expect(count("parley_hedges_total")).toBeLessThanOrEqual(count("parley_voice_streams_total") * 0.05);
    expect(client.of("agent-turn-end").every((end) => end.heardText === "Yes.")).toBe(true);
  });

  it("[RT8] with no other worker the late one is waited for", async () => {
    const client = await harness.started();
    await turns(client, 25);
    world.voiceLink.slowDown("worker-a", 300);
    world.brain.script([{ delta: "Yes." }]);
    client.say({ type: "text", text: "Say yes." });
    await client.pass(1_000);
    expect(count("parley_hedges_total")).toBe(0);
    expect(client.last("agent-turn-end").heardText).toBe("Yes.");
  });

  it("[RT8] an interruption while both are asked ends both and gives their slots back", async () => {
    const client = await harness.started();
    await turns(client, 20);
    await addSecondWorker();
    await client.pass(2_500);
    for (const worker of ["worker-a", "worker-b"]) world.voiceLink.slowDown(worker, 800);
    world.brain.script([{ delta: "Yes." }]);
    client.say({ type: "text", text: "Say yes." });
    await client.pass(300);
    expect(world.voiceLink.openCount).toBe(2);
    client.say({ type: "interrupt" });
    await client.pass(100);
    expect(world.voiceLink.openCount).toBe(0);
    expect((await world.registry.list()).map((worker) => worker.inUse)).toEqual([0, 0]);
  });
});
