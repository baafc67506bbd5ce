import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { ask, createHarness, type OrchestratorHarness, type World } from "#testing/orchestrator-harness";
import { settle } from "#testing/session-bench";
import { createOrchestrator, type Orchestrator } from "./orchestrator";

let harness: OrchestratorHarness<Orchestrator>;
let world: World;

async function build(change: (deps: World["deps"]) => Partial<World["deps"]> = () => ({})): Promise<void> {
  harness = await createHarness(
    { createRegistry: (clock) => createMemoryRegistry({ clock }), createOrchestrator },
    change,
  );
  world = harness.world;
}

beforeEach(() => build());

describe("the end", () => {
  it("bye ends the session, and nothing runs on", async () => {
    const client = await harness.started();
    await ask(client);
    client.say({ type: "bye" });
    await settle();
    expect(client.closed?.code).toBe(1000);
    expect(world.voiceLink.openCount).toBe(0);
    expect(world.asr.openCount).toBe(0);
  });

  it("[TT18] stop lets the running answer finish", async () => {
    const client = await harness.started();
    await ask(client);
    const stopped = harness.orchestrator.stop({ timeoutMs: 10_000 });
    await client.pass(2_000);
    await stopped;
    expect(client.last("agent-turn-end").reason).toBe("completed");
    expect(client.closed?.code).toBe(1000);
    expect(world.clock.pendingCount).toBe(0);
  });

  it("stop does not wait for ever", async () => {
    world.brain.script([{ delayMs: 60_000, delta: "Never." }]);
    const client = await harness.started();
    await ask(client);
    const stopped = harness.orchestrator.stop({ timeoutMs: 500 });
    await client.pass(600);
    await stopped;
    expect(client.closed?.code).toBe(1000);
  });
});

describe("readiness", () => {
  it("says what is missing", async () => {
    expect(harness.orchestrator.readiness()).toEqual({ isReady: true, reasons: [] });
    world.asr.setReady(false);
    expect(harness.orchestrator.readiness().reasons).toEqual(["Speech recognition is starting."]);
  });
});
