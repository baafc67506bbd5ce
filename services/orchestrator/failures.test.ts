import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { AppError } from "#contracts/errors";
import { ask, LONG_ANSWER, createHarness, type OrchestratorHarness, type World } from "#testing/orchestrator-harness";
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

describe("failures", () => {
  it.each(["brain-unauthorized", "brain-not-found", "brain-rate-limited", "brain-failed", "brain-timeout"] as const)(
    "[TT26] %s: a spoken apology, an error event, and the session lives",
    async (code) => {
      world.brain.script([{ fail: code }], [{ delta: "Better." }]);
      const client = await harness.started();
      await ask(client);
      await client.pass(6_000);
      expect(client.last("error").code).toBe(code);
      expect(client.last("agent-turn-end")).toMatchObject({ reason: "completed" });
      expect(client.last("agent-turn-end").heardText).toMatch(/^Sorry/);
      await ask(client);
      await client.pass(1_000);
      expect(client.last("agent-turn-end").heardText).toBe("Better.");
    },
  );

  it("[TT26] a brain that breaks off in mid-answer: what it said is spoken, then the apology", async () => {
    world.brain.script([{ delta: "The answer is" }, { fail: "brain-interrupted" }]);
    const client = await harness.started();
    await ask(client);
    await client.pass(6_000);
    expect(client.last("agent-turn-end").heardText).toMatch(/^The answer is Sorry/);
    expect(client.last("error").code).toBe("brain-interrupted");
  });

  it("[TT26] an answer of blanks alone is none: an apology and an error event", async () => {
    world.brain.script([{ delta: "  \n " }]);
    const client = await harness.started();
    await ask(client);
    await client.pass(6_000);
    expect(client.last("error").code).toBe("brain-failed");
    expect(client.last("agent-turn-end").heardText.trim()).toMatch(/^Sorry/);
  });

  it("[TT27] a finished sentence is spoken although the brain has stalled", async () => {
    world.brain.script([{ delta: "First sentence." }, { delayMs: 5_000, delta: " Second." }]);
    const client = await harness.started();
    await ask(client);
    await client.pass(1_000);
    expect(client.frames.length).toBeGreaterThan(10);
    await client.pass(6_000);
    expect(client.last("agent-turn-end").heardText).toBe("First sentence. Second.");
  });

  it("[TT26] a voice that stays lost for 5 s ends the turn with an error event, and the next turn works", async () => {
    world.brain.script(LONG_ANSWER);
    world.voiceLink.failAfter({ frames: 25, code: "worker-lost" });
    const client = await harness.started();
    await ask(client);
    world.voiceLink.failAfter({ frames: 0, code: "worker-lost" });
    await client.pass(2_000);
    expect(client.of("error")).toEqual([]);
    await client.pass(4_500);
    expect(client.last("error").code).toBe("worker-lost");
    expect(client.last("agent-turn-end").reason).toBe("failed");
    world.voiceLink.failAfter(undefined);
    await ask(client);
    await client.pass(3_000);
    expect(client.last("agent-turn-end").reason).toBe("completed");
  });

  it("no worker: an error event that says so, and the session lives", async () => {
    await world.registry.unregister({
      name: "worker-a",
      generation: (await world.registry.list())[0]?.generation ?? 0,
    });
    const client = await harness.started();
    await ask(client);
    expect(client.last("error").code).toBe("no-worker");
    expect(client.last("agent-turn-end").reason).toBe("failed");
    expect(client.last("state").state).toBe("listening");
  });

  it("ears that fail for a turn are said, and the next turn is heard", async () => {
    world.asr.failWith(new AppError("ears-unavailable"));
    const client = await harness.started();
    await ask(client);
    expect(client.last("error").code).toBe("ears-unavailable");
    world.asr.failWith(undefined);
    await ask(client);
    expect(client.last("user-transcript-end").text).toBe("hello");
  });

  it("[TT25] a client that never reports its playout still gets the end of the turn", async () => {
    const client = await harness.started();
    client.isReporting = false;
    await ask(client);
    await client.pass(3_000);
    expect(client.last("agent-turn-end")).toMatchObject({ reason: "completed", heardText: "Yes indeed." });
  });
});
