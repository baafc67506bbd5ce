import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { noMetrics } from "#core/ports/metrics";
import { ask, createHarness, LONG_ANSWER, type OrchestratorHarness, type World } from "#testing/orchestrator-harness";
import { testWorker } from "#testing/orchestrator-world";
import type { TestClient } from "#testing/session-bench";
import { createOrchestrator, type Orchestrator } from "./orchestrator";

const WORDS = "One two three four five six seven eight nine ten eleven twelve.".split(" ");

let harness: OrchestratorHarness<Orchestrator>;
let world: World;

beforeEach(async () => {
  harness = await createHarness({ createRegistry: (clock) => createMemoryRegistry({ clock }), createOrchestrator });
  world = harness.world;
  const info = { ...testWorker, name: "worker-b", address: "127.0.0.1:7002" };
  await world.registry.register({ info, nonce: "n2", capacity: 4, ttlMs: 3_600_000 });
  world.brain.script(LONG_ANSWER);
});

/** Words by the timings that held at the end: later timings of a place in the text replace earlier ones. */
function finalWords(client: TestClient): { text: string; startSample: number; endSample: number }[] {
  const byPlace = new Map<number, { text: string; startSample: number; endSample: number }>();
  for (const { words } of client.of("agent-word-timings")) for (const word of words) byPlace.set(word.textStart, word);
  return [...byPlace.entries()].sort(([a], [b]) => a - b).map(([, word]) => word);
}

/** Nine of ten first frames of each worker come within this, but for those that are named. */
async function publishP90(ttfaMs: number, others: Readonly<Record<string, number>> = {}): Promise<void> {
  for (const { name, generation } of await world.registry.list()) {
    const ttfaP90Ms = others[name] ?? ttfaMs;
    const stats = { inUse: 0, queueMs: 0, realTimeFactor: 0.05, ttfaMs: ttfaP90Ms, ttfaP90Ms };
    await world.registry.beat({ name, generation }, { ttlMs: 3_600_000, stats });
  }
}

describe("a sentence outlives its worker", () => {
  it.each([1, 5, 9, 10, 14, 25, 33, 60, 99])(
    "[TT34] lost after %i frames: every word is said once and in order, and the listener never runs dry",
    async (frames) => {
      world.voiceLink.failAfter({ frames, code: "worker-lost", times: 1 });
      const client = await harness.started();
      await ask(client);
      await client.pass(4_000);
      expect(client.last("agent-turn-end")).toMatchObject({ reason: "completed", heardText: WORDS.join(" ") });
      expect(client.of("error")).toEqual([]);
      expect(world.voiceLink.requests.map((request) => request.lease.worker.name)).toEqual(["worker-a", "worker-b"]);
      const words = finalWords(client);
      expect(words.map((word) => word.text)).toEqual(WORDS);
      for (const [index, word] of words.entries()) {
        expect(word.startSample).toBeGreaterThanOrEqual(words[index - 1]?.endSample ?? 0);
      }
      const gaps = client.played.slice(1).map((frame, i) => frame.atMs - (client.played[i]?.atMs ?? 0));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(60);
    },
  );

  it.each([
    ["[RG19] takes another token", "worker-unauthorized"],
    ["[TT34] cannot be reached", "worker-unreachable"],
  ] as const)("a worker that %s: the next one is asked, and no word is lost", async (_what, code) => {
    world.voiceLink.failAfter({ frames: 0, code, times: 1 });
    const client = await harness.started();
    await ask(client);
    await client.pass(4_000);
    expect(client.last("agent-turn-end")).toMatchObject({ reason: "completed", heardText: WORDS.join(" ") });
    expect(client.of("error")).toEqual([]);
    expect(world.voiceLink.requests.map((request) => request.lease.worker.name)).toEqual(["worker-a", "worker-b"]);
  });

  it("[TT34] what was sent of the cut word is taken back before it is played", async () => {
    world.voiceLink.failAfter({ frames: 25, code: "worker-lost", times: 1 });
    const client = await harness.started();
    await ask(client);
    await client.pass(4_000);
    // 25 frames are two whole words and half of a third one.
    expect(client.of("flush").map((message) => message.fromSample)).toEqual([20 * 960]);
    const starts = client.frames.map((frame) => frame.sampleIndex);
    expect(starts.filter((start) => start === 20 * 960)).toHaveLength(2);
  });

  it("[TT35] a worker that falls silent with words left is given up before the listener runs dry", async () => {
    world.voiceLink.failAfter({ frames: 40, code: "silence", times: 1 });
    const client = await harness.started();
    await ask(client);
    await client.pass(4_000);
    expect(client.last("agent-turn-end")).toMatchObject({ reason: "completed", heardText: WORDS.join(" ") });
    const gaps = client.played.slice(1).map((frame, i) => frame.atMs - (client.played[i]?.atMs ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(60);
  });

  it("[TT34] of a word that broke off while it was played, what was heard is not said again", async () => {
    // 47 frames are four whole words and most of the fifth one, which the listener is in when the silence is noticed.
    world.voiceLink.failAfter({ frames: 47, code: "silence", times: 1 });
    const client = await harness.started();
    await ask(client);
    await client.pass(4_000);
    expect(client.last("agent-turn-end")).toMatchObject({ reason: "completed", heardText: WORDS.join(" ") });
    // A word lasts 10 frames; where the second voice begins is chosen by whole ones.
    const ends = finalWords(client).map(({ endSample }, index) => endSample / 960 - 10 * (index + 1));
    expect(Math.max(...ends.map(Math.abs))).toBeLessThanOrEqual(0.5);
  });

  it("[TT34] what is counted is how often somebody went on, not how many were asked in vain", async () => {
    const counted: string[] = [];
    const metrics = { ...noMetrics, count: (name: string) => void counted.push(name) };
    harness = await createHarness(
      { createRegistry: (clock) => createMemoryRegistry({ clock }), createOrchestrator },
      () => ({ metrics }),
    );
    ({ world } = harness);
    world.brain.script(LONG_ANSWER);
    world.voiceLink.failAfter({ frames: 0, code: "worker-lost", times: 6 });
    const client = await harness.started();
    await ask(client);
    await client.pass(4_000);
    expect(world.voiceLink.requests).toHaveLength(7);
    expect(client.last("agent-turn-end").reason).toBe("completed");
    expect(counted.filter((name) => name === "parley_failovers_total")).toHaveLength(1);
  });

  it("[TT35] a slow brain is no silent worker", async () => {
    world.brain.script([{ delta: "First sentence." }, { delayMs: 4_000, delta: " Second sentence." }]);
    const client = await harness.started();
    await ask(client);
    await client.pass(6_500);
    expect(world.voiceLink.requests).toHaveLength(1);
    expect(client.last("agent-turn-end").heardText).toBe("First sentence. Second sentence.");
  });

  it("[TT34] when every worker was lost in this turn, the one that was lost longest ago is asked first", async () => {
    await publishP90(100, { "worker-b": 20 });
    world.voiceLink.failAfter({ frames: 35, code: "silence", times: 2 });
    const client = await harness.started();
    // The list of workers is read every 2 s.
    await client.pass(2_500);
    await ask(client);
    await client.pass(5_000);
    const speakers = world.voiceLink.requests.map(({ lease }) => lease.worker.name);
    expect(speakers).toEqual(["worker-b", "worker-a", "worker-b"]);
    expect(client.last("agent-turn-end")).toMatchObject({ reason: "completed", heardText: WORDS.join(" ") });
  });

  it("[TT35] a worker that falls silent between two clauses of which it has both is given up, too", async () => {
    await publishP90(100);
    world.brain.script([{ delta: "One two three four five six. Seven eight nine ten." }]);
    // Six words of 10 frames each.
    world.voiceLink.failAfter({ frames: 60, code: "silence", times: 1 });
    const client = await harness.started();
    await ask(client);
    await client.pass(4_000);
    expect(world.voiceLink.requests.map(({ lease }) => lease.worker.name)).toEqual(["worker-a", "worker-b"]);
    expect(client.last("agent-turn-end")).toMatchObject({
      reason: "completed",
      heardText: "One two three four five six. Seven eight nine ten.",
    });
    const gaps = client.played.slice(1).map((frame, i) => frame.atMs - (client.played[i]?.atMs ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(60);
  });

  it("[TT35] one that was given its clause a moment ago, and takes as long as it always does, is waited for", async () => {
    await publishP90(100);
    world.brain.script([{ delta: "First sentence." }, { delayMs: 2_000, delta: " Second sentence." }]);
    const client = await harness.started();
    world.voiceLink.slowDown("worker-a", 300);
    await ask(client);
    await client.pass(5_000);
    expect(world.voiceLink.requests).toHaveLength(1);
  });

  it("[TT35] a clause of which no voice says a word costs one attempt, and nobody's turn", async () => {
    await publishP90(100);
    world.voiceLink.ignore("你好.");
    world.brain.script([
      { delta: "It has a name that few here know. " },
      { delta: "你好. " },
      { delayMs: 6_000, delta: "That is it." },
    ]);
    const client = await harness.started();
    await ask(client);
    await client.pass(9_000);
    expect(world.voiceLink.requests).toHaveLength(2);
    expect(client.of("error")).toEqual([]);
    expect(client.last("agent-turn-end").reason).toBe("completed");
  });

  it("[TT34] several losses in one answer", async () => {
    world.voiceLink.failAfter({ frames: 22, code: "worker-lost", times: 4 });
    const client = await harness.started();
    await ask(client);
    await client.pass(5_000);
    expect(client.last("agent-turn-end")).toMatchObject({ reason: "completed", heardText: WORDS.join(" ") });
    expect(finalWords(client).map((word) => word.text)).toEqual(WORDS);
  });

  it("[TT34] the only worker comes back within 5 s and goes on", async () => {
    const [, second] = await world.registry.list();
    await world.registry.unregister({ name: second?.name ?? "", generation: second?.generation ?? 0 });
    world.voiceLink.failAfter({ frames: 25, code: "worker-lost", times: 12 });
    const client = await harness.started();
    await ask(client);
    await client.pass(6_000);
    expect(client.last("agent-turn-end").reason).toBe("completed");
    expect(client.of("error")).toEqual([]);
  });

  it("[TT34] a worker that refuses before its first sound, as one that is just leaving, is replaced", async () => {
    world.voiceLink.failAfter({ frames: 0, code: "worker-refused", times: 2 });
    const client = await harness.started();
    await ask(client);
    await client.pass(4_000);
    expect(client.of("error")).toEqual([]);
    expect(client.last("agent-turn-end")).toMatchObject({ reason: "completed", heardText: WORDS.join(" ") });
  });

  it("[TT34] refusals without end are told at once", async () => {
    world.voiceLink.failAfter({ frames: 0, code: "worker-refused" });
    const client = await harness.started();
    await ask(client);
    await client.pass(300);
    expect(client.last("error").code).toBe("worker-refused");
    expect(world.voiceLink.requests).toHaveLength(3);
  });

  it("[TT34] an interruption during a failover ends it", async () => {
    world.voiceLink.failAfter({ frames: 25, code: "worker-lost" });
    const client = await harness.started();
    await ask(client);
    client.say({ type: "interrupt" });
    const attempts = world.voiceLink.requests.length;
    await client.pass(2_000);
    expect(world.voiceLink.requests.length).toBeLessThanOrEqual(attempts + 1);
    expect(client.last("agent-turn-end").reason).toBe("interrupted");
  });
});
