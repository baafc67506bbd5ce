import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { noMetrics } from "#core/ports/metrics";
import { createFakeAsrEngine } from "#testing/fake-asr-engine";
import { ask, LONG_ANSWER, createHarness, type OrchestratorHarness, type World } from "#testing/orchestrator-harness";
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

describe("a conversation", () => {
  it("hears the user, answers by voice, and keeps what was heard", async () => {
    const client = await harness.started();
    expect(client.last("session-started")).toMatchObject({
      voice: "flite-slt",
      voices: ["flite-slt", "tone"],
      isResumed: false,
    });
    await ask(client);
    expect(client.last("user-transcript-end").text).toBe("hello");
    expect(client.last("agent-turn-start").turn).toBe(1);
    await client.pass(1_500);
    expect(client.last("agent-turn-end")).toEqual({
      type: "agent-turn-end",
      turn: 1,
      heardText: "Yes indeed.",
      unheardText: "",
      reason: "completed",
    });
    expect(client.of("state").map((message) => message.state)).toEqual([
      "listening",
      "endpointing",
      "responding",
      "listening",
    ]);
    await ask(client);
    expect(world.brain.requests[1]?.history).toEqual([
      { role: "user", text: "hello" },
      { role: "agent", text: "Yes indeed." },
      { role: "user", text: "hello" },
    ]);
  });

  it("[TT6] [TT30] waits longer after an open thought than after a whole sentence", async () => {
    const waits: (number | undefined)[] = [];
    for (const words of ["what time is it?", "I would like to go to the"]) {
      await build(() => ({ asr: createFakeAsrEngine({ hear: () => words }) }));
      const client = await harness.started();
      await ask(client);
      await client.pass(3_000);
      waits.push(client.last("turn-metrics").metrics.endpointMs);
    }
    expect(waits[0]).toBeLessThan(400);
    expect(waits[1]).toBeGreaterThan(1_250);
  });

  it("[TT31] learns to wait out the pauses of a user who was cut off in them", async () => {
    await build(() => ({ asr: createFakeAsrEngine({ hear: () => "what time is it?" }) }));
    world.brain.script([{ delayMs: 5_000, delta: "Late." }]);
    const client = await harness.started();
    for (let pause = 0; pause < 3; pause++) {
      await client.pass(800, "loud");
      await client.pass(400);
    }
    const turnsBefore = client.of("agent-turn-start").length;
    await client.pass(800, "loud");
    await client.pass(400);
    await client.pass(800, "loud");
    expect(turnsBefore).toBeGreaterThan(0);
    expect(client.of("agent-turn-start")).toHaveLength(turnsBefore);
  });

  it("[TT31] short sounds before the answer is heard make nobody patient", async () => {
    await build(() => ({ asr: createFakeAsrEngine({ hear: () => "what time is it?" }) }));
    const client = await harness.started();
    for (let question = 0; question < 4; question++) {
      world.brain.script([{ delayMs: 1_000, delta: "Late." }]);
      await client.pass(800, "loud");
      await client.pass(600);
      await client.pass(120, "loud");
      await client.pass(3_000);
    }
    expect(client.of("agent-turn-end").map(({ reason }) => reason)).toEqual(Array(4).fill("completed"));
    expect(client.last("turn-metrics").metrics.endpointMs).toBeLessThan(400);
  });

  it("[TT28] a microphone that stops sending in mid-speech ends the turn", async () => {
    const client = await harness.started();
    await client.pass(800, "loud");
    await client.pass(900, "off");
    expect(client.of("user-speech-end")).toEqual([]);
    await client.pass(1_500, "off");
    expect(client.last("user-transcript-end").text).toBe("hello");
    expect(client.of("agent-turn-start")).toHaveLength(1);
  });

  it("[TT28] what was being said when the connection broke is gone on with when the client is back", async () => {
    const client = await harness.started();
    await client.pass(800, "loud");
    const { sessionId, resumeToken } = client.last("session-started");
    client.drop();
    await client.pass(5_000, "off");
    const again = harness.connect();
    again.start({ resume: { sessionId, resumeToken } });
    await settle();
    expect(again.last("state").state).toBe("listening");
    await again.pass(600, "loud");
    await again.pass(1_000);
    expect(again.of("user-transcript-end")).toHaveLength(1);
    expect(again.of("agent-turn-start")).toHaveLength(1);
  });

  it("[TT22] sends partial transcripts while the user speaks", async () => {
    const client = await harness.started();
    await client.pass(2_000, "loud");
    expect(client.of("user-transcript-delta").length).toBeGreaterThanOrEqual(3);
    expect(client.of("user-transcript-end")).toEqual([]);
  });

  it("[TT22] the transcript is begun in the first silence, and what covers all speech is not decoded again", async () => {
    const client = await harness.started();
    await client.pass(600, "loud");
    await client.pass(80);
    const countInSilence = world.asr.transcribeCount;
    expect(client.of("user-speech-end")).toEqual([]);
    expect(countInSilence).toBeGreaterThan(0);
    await client.pass(600);
    expect(client.last("user-transcript-end").text).toBe("hello");
    expect(world.asr.transcribeCount).toBe(countInSilence);
  });

  it("[TT20] one short word is heard and answered", async () => {
    await build(() => ({ asr: createFakeAsrEngine({ hear: () => "No." }) }));
    const client = await harness.started();
    await client.pass(240, "loud");
    await client.pass(1_000);
    expect(client.last("user-transcript-end").text).toBe("No.");
    expect(client.of("agent-turn-start")).toHaveLength(1);
  });

  it("[TT20] more words than fit into so little speech are made up, and a blip never reaches ASR", async () => {
    const asr = createFakeAsrEngine({ hear: () => "You can keep mixing" });
    await build(() => ({ asr }));
    const client = await harness.started();
    await client.pass(240, "loud");
    await client.pass(1_000);
    const countAfterSpeech = asr.transcribeCount;
    await client.pass(40, "loud");
    await client.pass(1_000);
    expect(countAfterSpeech).toBeGreaterThan(0);
    expect(asr.transcribeCount).toBe(countAfterSpeech);
    expect(client.of("agent-turn-start")).toEqual([]);
    expect(client.last("state").state).toBe("listening");
  });

  it("[TT21] a very long utterance is cut at a pause, and its parts are answered as one turn", async () => {
    const asr = createFakeAsrEngine({ hear: () => "this and" });
    await build(() => ({ asr }));
    const client = await harness.started();
    await client.pass(21_000, "loud");
    await client.pass(300);
    await client.pass(1_000, "loud");
    await client.pass(2_000);
    expect(client.last("user-transcript-end").text).toBe("this and this and");
    expect(asr.openCount).toBe(0);
  });

  it("[TT21] without any pause it is cut before 25 s", async () => {
    const client = await harness.started();
    await client.pass(40_000, "loud");
    await client.pass(700);
    expect(client.last("user-transcript-end").text).toBe("hello hello");
  });

  it("the lease is taken for the turn and given back after it", async () => {
    world.brain.script(LONG_ANSWER);
    const client = await harness.started();
    await ask(client);
    expect((await world.registry.list())[0]?.inUse).toBe(1);
    expect(world.voiceLink.requests[0]?.lease.worker.name).toBe("worker-a");
    await client.pass(3_000);
    expect((await world.registry.list())[0]?.inUse).toBe(0);
  });

  it("[P8] the client gets frames of 20 ms on one sample clock, and word timings on the same clock", async () => {
    const client = await harness.started();
    await ask(client);
    await client.pass(1_500);
    expect(client.frames.map((frame) => frame.sampleIndex)).toEqual(client.frames.map((_, i) => i * 960));
    expect(client.frames.every((frame) => frame.pcm.length === 960 && frame.turn === 1)).toBe(true);
    expect(client.of("agent-word-timings").flatMap((message) => message.words.map((word) => word.text))).toEqual([
      "Yes",
      "indeed.",
    ]);
  });

  it("reports the waterfall of the turn in order", async () => {
    const client = await harness.started();
    await ask(client);
    await client.pass(1_500);
    const { metrics } = client.last("turn-metrics");
    expect(metrics.worker).toBe("worker-a");
    // One window of 32 ms is the finest that the end of speech is known.
    expect(metrics.endpointMs).toBeGreaterThanOrEqual(270 - 32);
    expect(metrics.playoutStartMs).toBeGreaterThanOrEqual(metrics.endpointMs ?? Infinity);
  });
});

describe("a preemptive answer", () => {
  beforeEach(async () => {
    await build(({ config }) => ({ config: { ...config, isPreemptive: true } }));
  });

  it("[TT32] is prepared while the delay runs, held back, and heard at once when it is over", async () => {
    const client = await harness.started();
    await client.pass(800, "loud");
    await client.pass(220);
    expect(world.brain.requests).toHaveLength(1);
    expect(world.voiceLink.requests).toHaveLength(1);
    expect(client.of("agent-turn-start")).toEqual([]);
    expect(client.of("agent-text-delta")).toEqual([]);
    expect(client.frames).toEqual([]);
    await client.pass(1_500);
    expect(client.last("agent-turn-end")).toMatchObject({ turn: 1, reason: "completed", heardText: "Yes indeed." });
    expect(world.brain.requests).toHaveLength(1);
    const types = client.messages.map((message) => message.type);
    expect(types.indexOf("agent-turn-start")).toBeLessThan(types.indexOf("agent-text-delta"));
    const { metrics } = client.last("turn-metrics");
    expect(metrics.workerFirstFrameMs).toBeLessThan(metrics.endpointMs ?? 0);
  });

  it("[TT33] leaves no trace when the user goes on, and the whole is answered", async () => {
    const client = await harness.started();
    await client.pass(800, "loud");
    await client.pass(160);
    expect(world.brain.requests).toHaveLength(1);
    await client.pass(800, "loud");
    expect(world.brain.requests[0]?.signal.aborted).toBe(true);
    expect((await world.registry.list())[0]?.inUse).toBe(0);
    await client.pass(2_000);
    expect(client.of("agent-turn-start").map((message) => message.turn)).toEqual([1]);
    expect(client.of("agent-turn-end")).toHaveLength(1);
    expect(client.of("flush")).toEqual([]);
    expect(world.brain.requests.at(-1)?.history).toEqual([{ role: "user", text: "hello" }]);
  });

  it("[TT32] [TT33] what was thrown away is counted as such and nowhere else", async () => {
    const counted: string[] = [];
    const metrics = { ...noMetrics, count: (name: string) => void counted.push(name) };
    await build(({ config }) => ({ metrics, config: { ...config, isPreemptive: true } }));
    world.brain.script([{ fail: "brain-failed" }], [{ delta: "Well." }]);
    const client = await harness.started();
    await client.pass(800, "loud");
    await client.pass(160);
    await client.pass(800, "loud");
    // A stream is work that a worker did, whoever hears it.
    const ofTurns = counted.filter((name) => name !== "parley_voice_streams_total");
    expect(ofTurns).toEqual(["parley_prepared_turns_total", "parley_prepared_turns_discarded_total"]);
    await client.pass(2_000);
    expect(counted.filter((name) => name === "parley_turns_total")).toHaveLength(1);
    expect(counted.filter((name) => name === "parley_prepared_turns_discarded_total")).toHaveLength(1);
  });

  it("[TT33] a failure of what was only prepared is not told", async () => {
    world.brain.script([{ fail: "brain-failed" }], [{ delta: "Well." }]);
    const client = await harness.started();
    await client.pass(800, "loud");
    await client.pass(160);
    await client.pass(800, "loud");
    await client.pass(2_000);
    expect(client.of("error")).toEqual([]);
    expect(client.last("agent-turn-end").heardText).toBe("Well.");
  });

  it("[TT32] is not begun for an open thought", async () => {
    const asr = createFakeAsrEngine({ hear: () => "I would like to go to the" });
    await build(({ config }) => ({ asr, config: { ...config, isPreemptive: true } }));
    const client = await harness.started();
    await client.pass(800, "loud");
    await client.pass(900);
    expect(world.brain.requests).toEqual([]);
  });

  it("nothing runs on when the session ends while an answer is prepared", async () => {
    const client = await harness.started();
    await client.pass(800, "loud");
    await client.pass(160);
    client.say({ type: "bye" });
    await settle();
    expect(world.brain.requests[0]?.signal.aborted).toBe(true);
    expect(world.voiceLink.openCount).toBe(0);
  });
});

describe("an interruption", () => {
  it("[TT13] [TT23] [TT24] stops the voice, flushes the client and keeps only heard words", async () => {
    world.brain.script(LONG_ANSWER);
    const client = await harness.started();
    await ask(client);
    await client.pass(600);
    const framesBefore = client.frames.length;
    await client.pass(500, "loud");
    const end = client.last("agent-turn-end");
    expect(end.reason).toBe("interrupted");
    expect(end.heardText).toMatch(/^One two/);
    expect(`${end.heardText} ${end.unheardText}`).toBe(
      "One two three four five six seven eight nine ten eleven twelve.",
    );
    // By the doubt [TT49], and by the verdict.
    expect(client.of("flush")).toHaveLength(2);
    expect(world.voiceLink.openCount).toBe(0);
    const framesAtStop = client.frames.length;
    await client.pass(500, "loud");
    expect(client.frames.length).toBe(framesAtStop);
    expect(framesAtStop).toBeGreaterThanOrEqual(framesBefore);
    await client.pass(800);
    expect(world.brain.requests.at(-1)?.history[1]).toEqual({
      role: "agent",
      text: end.heardText,
      isCutOff: true,
      unheardText: end.unheardText,
    });
  });

  it("[TT12] a short noise only ducks, and the answer goes on to its end", async () => {
    world.brain.script(LONG_ANSWER);
    const client = await harness.started();
    await ask(client);
    await client.pass(400);
    await client.pass(120, "loud");
    await client.pass(3_500);
    expect(
      client.messages
        .filter((message) => message.type === "duck" || message.type === "unduck")
        .map((message) => message.type),
    ).toEqual(["duck", "unduck"]);
    expect(client.last("agent-turn-end").reason).toBe("completed");
  });

  it("[TT14] going on to speak before the answer is heard gives one merged answer", async () => {
    world.brain.script([{ delayMs: 2_000, delta: "Late." }], [{ delta: "Merged." }]);
    const client = await harness.started();
    await ask(client);
    await ask(client);
    expect(client.of("agent-turn-end")[0]).toMatchObject({ reason: "superseded", heardText: "" });
    expect(world.brain.requests.at(-1)?.history).toEqual([{ role: "user", text: "hello hello" }]);
  });

  it("[TT14] going on to speak before a word of the answer is heard gives one merged answer", async () => {
    world.brain.script(LONG_ANSWER, [{ delta: "Merged." }]);
    const client = await harness.started();
    await client.pass(800, "loud");
    while (client.played.length < 3) await client.pass(20);
    await client.pass(600, "loud");
    await client.pass(1_500);
    const [withdrawn, merged] = client.of("agent-turn-end");
    expect(withdrawn).toMatchObject({ turn: 1, reason: "superseded" });
    expect(world.brain.requests.at(-1)?.history).toEqual([{ role: "user", text: "hello hello" }]);
    expect(merged).toMatchObject({ turn: 2, reason: "completed", heardText: "Merged." });
  });

  it("[TT15] the stop button ends the answer at once", async () => {
    world.brain.script(LONG_ANSWER);
    const client = await harness.started();
    await ask(client);
    await client.pass(300);
    client.say({ type: "interrupt" });
    await settle();
    expect(client.last("agent-turn-end").reason).toBe("interrupted");
    expect(client.last("state").state).toBe("listening");
    expect(world.voiceLink.openCount).toBe(0);
  });

  it("[TT8] typed text is answered, also over a running answer", async () => {
    world.brain.script(LONG_ANSWER, [{ delta: "Second." }]);
    const client = await harness.started();
    client.say({ type: "text", text: "First question" });
    await client.pass(600);
    client.say({ type: "text", text: "Second question" });
    await client.pass(800);
    expect(client.of("agent-turn-end").map((message) => message.reason)).toEqual(["interrupted", "completed"]);
    expect(client.last("agent-turn-end").heardText).toBe("Second.");
  });
});
