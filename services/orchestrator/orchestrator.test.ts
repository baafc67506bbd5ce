import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { AppError } from "#contracts/errors";
import { createFakeAsrEngine } from "#testing/fake-asr-engine";
import { createOrchestratorWorld } from "#testing/orchestrator-world";
import { TestClient, settle } from "#testing/session-bench";
import { createOrchestrator, type Orchestrator } from "./orchestrator";

const longAnswer = [[{ delta: "One two three four five six seven eight nine ten eleven twelve." }]];

type World = Awaited<ReturnType<typeof createOrchestratorWorld>>;

let world: World;
let orchestrator: Orchestrator;

async function build(change: Partial<World["deps"]> = {}): Promise<void> {
  world = await createOrchestratorWorld((clock) => createMemoryRegistry({ clock }));
  orchestrator = createOrchestrator({ ...world.deps, ...change });
  await orchestrator.start();
}

function connect(protocol?: string): TestClient {
  const client = new TestClient(world.clock, protocol);
  orchestrator.accept(client);
  return client;
}

async function started(): Promise<TestClient> {
  const client = connect("parley.v1");
  client.start();
  await settle();
  return client;
}

/** The user says something long enough and waits for the answer to begin. */
async function ask(client: TestClient): Promise<void> {
  await client.pass(800, "loud");
  await client.pass(700);
}

beforeEach(() => build());

describe("a conversation", () => {
  it("hears the user, answers by voice, and keeps what was heard", async () => {
    const client = await started();
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
      await build({ asr: createFakeAsrEngine({ hear: () => words }) });
      const client = await started();
      await ask(client);
      await client.pass(3_000);
      waits.push(client.last("turn-metrics").metrics.endpointMs);
    }
    expect(waits[0]).toBeLessThan(320);
    expect(waits[1]).toBeGreaterThan(1_250);
  });

  it("[TT31] learns to wait out the pauses of a user who pauses often", async () => {
    await build({ asr: createFakeAsrEngine({ hear: () => "what time is it?" }) });
    world.brain.script([{ delayMs: 5_000, delta: "Late." }]);
    const client = await started();
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

  it("[TT22] sends partial transcripts while the user speaks", async () => {
    const client = await started();
    await client.pass(2_000, "loud");
    expect(client.of("user-transcript-delta").length).toBeGreaterThanOrEqual(3);
    expect(client.of("user-transcript-end")).toEqual([]);
  });

  it("[TT20] less than 400 ms of speech never reaches ASR and is not answered", async () => {
    const client = await started();
    await client.pass(240, "loud");
    await client.pass(1_000);
    expect(client.of("user-speech-start")).toHaveLength(1);
    expect(world.asr.transcribeCount).toBe(0);
    expect(client.of("agent-turn-start")).toEqual([]);
    expect(client.last("state").state).toBe("listening");
  });

  it("[TT21] a very long utterance is cut at a pause, and its parts are answered as one turn", async () => {
    const asr = createFakeAsrEngine({ hear: () => "this and" });
    await build({ asr });
    const client = await started();
    await client.pass(21_000, "loud");
    await client.pass(300);
    await client.pass(1_000, "loud");
    await client.pass(2_000);
    expect(client.last("user-transcript-end").text).toBe("this and this and");
    expect(asr.openCount).toBe(0);
  });

  it("[TT21] without any pause it is cut before 25 s", async () => {
    const client = await started();
    await client.pass(40_000, "loud");
    await client.pass(700);
    expect(client.last("user-transcript-end").text).toBe("hello hello");
  });

  it("the lease is taken for the turn and given back after it", async () => {
    world.brain.script(...longAnswer);
    const client = await started();
    await ask(client);
    expect((await world.registry.list())[0]?.inUse).toBe(1);
    expect(world.voiceLink.requests[0]?.lease.worker.name).toBe("worker-a");
    await client.pass(3_000);
    expect((await world.registry.list())[0]?.inUse).toBe(0);
  });

  it("[P8] the client gets frames of 20 ms on one sample clock, and word timings on the same clock", async () => {
    const client = await started();
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
    const client = await started();
    await ask(client);
    await client.pass(1_500);
    const { metrics } = client.last("turn-metrics");
    expect(metrics.worker).toBe("worker-a");
    // One window of 32 ms is the finest that the end of speech is known.
    expect(metrics.endpointMs).toBeGreaterThanOrEqual(270 - 32);
    expect(metrics.playoutStartMs).toBeGreaterThanOrEqual(metrics.endpointMs ?? Infinity);
  });
});

describe("an interruption", () => {
  it("[TT13] [TT23] [TT24] stops the voice, flushes the client and keeps only heard words", async () => {
    world.brain.script(...longAnswer);
    const client = await started();
    await ask(client);
    await client.pass(600);
    const framesBefore = client.frames.length;
    await client.pass(400, "loud");
    const end = client.last("agent-turn-end");
    expect(end.reason).toBe("interrupted");
    expect(end.heardText).toMatch(/^One two/);
    expect(`${end.heardText} ${end.unheardText}`).toBe(
      "One two three four five six seven eight nine ten eleven twelve.",
    );
    expect(client.of("flush")).toHaveLength(1);
    expect(world.voiceLink.openCount).toBe(0);
    const framesAtStop = client.frames.length;
    await client.pass(500, "loud");
    expect(client.frames.length).toBe(framesAtStop);
    expect(framesAtStop).toBeGreaterThanOrEqual(framesBefore);
    await client.pass(800);
    expect(world.brain.requests.at(-1)?.history[1]).toEqual({ role: "agent", text: end.heardText, isCutOff: true });
  });

  it("[TT12] a short noise only ducks, and the answer goes on to its end", async () => {
    world.brain.script(...longAnswer);
    const client = await started();
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
    const client = await started();
    await ask(client);
    await ask(client);
    expect(client.of("agent-turn-end")[0]).toMatchObject({ reason: "superseded", heardText: "" });
    expect(world.brain.requests.at(-1)?.history).toEqual([{ role: "user", text: "hello hello" }]);
  });

  it("[TT15] the stop button ends the answer at once", async () => {
    world.brain.script(...longAnswer);
    const client = await started();
    await ask(client);
    await client.pass(300);
    client.say({ type: "interrupt" });
    await settle();
    expect(client.last("agent-turn-end").reason).toBe("interrupted");
    expect(client.last("state").state).toBe("listening");
    expect(world.voiceLink.openCount).toBe(0);
  });

  it("[TT8] typed text is answered, also over a running answer", async () => {
    world.brain.script(...longAnswer, [{ delta: "Second." }]);
    const client = await started();
    client.say({ type: "text", text: "First question" });
    await client.pass(600);
    client.say({ type: "text", text: "Second question" });
    await client.pass(800);
    expect(client.of("agent-turn-end").map((message) => message.reason)).toEqual(["interrupted", "completed"]);
    expect(client.last("agent-turn-end").heardText).toBe("Second.");
  });
});

describe("failures", () => {
  it.each(["brain-unauthorized", "brain-not-found", "brain-rate-limited", "brain-failed", "brain-timeout"] as const)(
    "[TT26] %s: a spoken apology, an error event, and the session lives",
    async (code) => {
      world.brain.script([{ fail: code }], [{ delta: "Better." }]);
      const client = await started();
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
    const client = await started();
    await ask(client);
    await client.pass(6_000);
    expect(client.last("agent-turn-end").heardText).toMatch(/^The answer is Sorry/);
    expect(client.last("error").code).toBe("brain-interrupted");
  });

  it("[TT27] a finished sentence is spoken although the brain has stalled", async () => {
    world.brain.script([{ delta: "First sentence." }, { delayMs: 5_000, delta: " Second." }]);
    const client = await started();
    await ask(client);
    await client.pass(1_000);
    expect(client.frames.length).toBeGreaterThan(10);
    await client.pass(6_000);
    expect(client.last("agent-turn-end").heardText).toBe("First sentence. Second.");
  });

  it("[TT26] a worker lost in mid-sentence ends the turn with an error event, and the next turn works", async () => {
    world.brain.script(...longAnswer);
    world.voiceLink.failAfter({ frames: 25, code: "worker-lost" });
    const client = await started();
    await ask(client);
    await client.pass(1_000);
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
    const client = await started();
    await ask(client);
    expect(client.last("error").code).toBe("no-worker");
    expect(client.last("agent-turn-end").reason).toBe("failed");
    expect(client.last("state").state).toBe("listening");
  });

  it("ears that fail for a turn are said, and the next turn is heard", async () => {
    world.asr.failWith(new AppError("ears-unavailable"));
    const client = await started();
    await ask(client);
    expect(client.last("error").code).toBe("ears-unavailable");
    world.asr.failWith(undefined);
    await ask(client);
    expect(client.last("user-transcript-end").text).toBe("hello");
  });

  it("[TT25] a client that never reports its playout still gets the end of the turn", async () => {
    const client = await started();
    client.isReporting = false;
    await ask(client);
    await client.pass(3_000);
    expect(client.last("agent-turn-end")).toMatchObject({ reason: "completed", heardText: "Yes indeed." });
  });
});

describe("coming back", () => {
  it("[P10] a dropped client resumes with its token and hears the cut word again", async () => {
    world.brain.script(...longAnswer);
    const client = await started();
    await ask(client);
    await client.pass(700);
    const { sessionId, resumeToken } = client.last("session-started");
    client.drop();
    await new TestClient(world.clock).pass(1_000, "off");
    const again = connect("parley.v1");
    again.start({ resume: { sessionId, resumeToken } });
    await settle();
    expect(again.last("session-started")).toMatchObject({ sessionId, isResumed: true });
    expect(again.last("agent-text-delta").text).toMatch(/^One two/);
    const firstSample = again.frames[0]?.sampleIndex ?? -1;
    const cutWord = again.last("agent-word-timings").words.find((word) => word.endSample > firstSample);
    expect(Math.abs((cutWord?.startSample ?? 0) - firstSample)).toBeLessThan(960);
    await again.pass(3_500);
    expect(again.last("agent-turn-end")).toMatchObject({ reason: "completed", unheardText: "" });
  });

  it("[P11] a wrong resume token is refused", async () => {
    const client = await started();
    const { sessionId } = client.last("session-started");
    client.drop();
    const thief = connect("parley.v1");
    thief.start({ resume: { sessionId, resumeToken: "guess" } });
    expect(thief.last("error").code).toBe("resume-failed");
  });

  it("[P10] after 30 s the session is over", async () => {
    const client = await started();
    const { sessionId, resumeToken } = client.last("session-started");
    client.drop();
    world.clock.advanceMs(30_001);
    const late = connect("parley.v1");
    late.start({ resume: { sessionId, resumeToken } });
    expect(late.last("error").code).toBe("resume-failed");
  });
});

describe("the door", () => {
  it("[P5] [P9] what is not the protocol is refused with a code, and the session goes on", async () => {
    const client = await started();
    for (const raw of ["rubbish", "{}", '{"type":"unknown"}', "[1,2]", '{"type":"text"}']) client.sendRaw(raw);
    client.sendRaw(new Uint8Array([1, 2, 3]));
    client.sendRaw(new Uint8Array(20 + 4_000));
    expect(client.of("error").map((message) => message.code)).toEqual([
      ...Array.from({ length: 5 }, () => "bad-message"),
      "bad-frame",
      "bad-frame",
    ]);
    await ask(client);
    expect(client.last("user-transcript-end").text).toBe("hello");
  });

  it("[P5] a client that sends only rubbish is disconnected", async () => {
    const client = await started();
    for (let i = 0; i < 20; i++) client.sendRaw("rubbish");
    expect(client.closed?.code).toBe(4400);
  });

  it("[P3] text or audio before session-start is refused", () => {
    const client = connect("parley.v1");
    client.say({ type: "text", text: "hi" });
    client.sendRaw(new Uint8Array(20 + 640));
    expect(client.of("error").map((message) => message.code)).toEqual(["not-started", "not-started"]);
  });

  it("[P6] 100 messages at once are too many", async () => {
    const client = await started();
    for (let i = 0; i < 100; i++) client.say({ type: "playout", positionSamples: i });
    expect(client.last("error").code).toBe("rate-limited");
    expect(client.closed?.code).toBe(4429);
  });

  it("[P7] a client that does not read is closed before its backlog costs memory", async () => {
    world.brain.script(...longAnswer);
    const client = await started();
    client.bufferedBytes = 21 * 48_000 * 2;
    await ask(client);
    expect(client.closed?.code).toBe(4408);
    expect(world.voiceLink.openCount).toBe(1);
    world.clock.advanceMs(30_001);
    await settle();
    expect(world.voiceLink.openCount).toBe(0);
  });

  it("[P3] a client that sends nothing is closed after ten seconds", () => {
    const client = connect("parley.v1");
    world.clock.advanceMs(10_001);
    expect(client.last("error").code).toBe("idle-timeout");
    expect(client.closed?.code).toBe(4408);
  });

  it.each([
    ["10,001 characters", "a".repeat(10_001), "text-too-long"],
    ["only emoji", "🎉🎉", "text-empty"],
    ["only whitespace", "  \n ", "text-empty"],
    ["nothing", "", "text-empty"],
  ])("text of %s is refused", async (_name, text, code) => {
    const client = await started();
    client.say({ type: "text", text });
    expect(client.last("error").code).toBe(code);
    expect(client.of("agent-turn-start")).toEqual([]);
  });

  it("an unknown voice is refused and the session can start with another", async () => {
    const client = connect("parley.v1");
    client.start({ voice: "nobody" });
    expect(client.last("error").code).toBe("unknown-voice");
    client.start({ voice: "tone" });
    await settle();
    expect(client.last("session-started").voice).toBe("tone");
  });

  it("a sample rate that no microphone has is refused in its own words", () => {
    const client = connect("parley.v1");
    client.sendRaw('{"type":"session-start","audio":{"sampleRateHz":96000}}');
    expect(client.last("error").code).toBe("unsupported-audio");
  });

  it("[P4] with a token, only the token opens", async () => {
    await build({ token: "secret" });
    const wrong = connect("parley.v1");
    wrong.start({ token: "guess" });
    expect(wrong.last("error").code).toBe("unauthorized");
    expect(wrong.closed?.code).toBe(4401);
    const right = connect("parley.v1");
    right.start({ token: "secret" });
    expect(right.last("session-started").isResumed).toBe(false);
  });

  it("a session too many is refused as at capacity", async () => {
    await started();
    await started();
    const third = connect("parley.v1");
    third.start();
    expect(third.last("error").code).toBe("at-capacity");
    expect(third.closed?.code).toBe(4503);
  });
});

describe("the end", () => {
  it("bye ends the session, and nothing runs on", async () => {
    const client = await started();
    await ask(client);
    client.say({ type: "bye" });
    await settle();
    expect(client.closed?.code).toBe(1000);
    expect(world.voiceLink.openCount).toBe(0);
    expect(world.asr.openCount).toBe(0);
  });

  it("[TT18] stop lets the running answer finish", async () => {
    const client = await started();
    await ask(client);
    const stopped = orchestrator.stop({ timeoutMs: 10_000 });
    await client.pass(2_000);
    await stopped;
    expect(client.last("agent-turn-end").reason).toBe("completed");
    expect(client.closed?.code).toBe(1000);
    expect(world.clock.pendingCount).toBe(0);
  });

  it("stop does not wait for ever", async () => {
    world.brain.script([{ delayMs: 60_000, delta: "Never." }]);
    const client = await started();
    await ask(client);
    const stopped = orchestrator.stop({ timeoutMs: 500 });
    await client.pass(600);
    await stopped;
    expect(client.closed?.code).toBe(1000);
  });
});

describe("readiness", () => {
  it("says what is missing", async () => {
    expect(orchestrator.readiness()).toEqual({ isReady: true, reasons: [] });
    world.asr.setReady(false);
    expect(orchestrator.readiness().reasons).toEqual(["Speech recognition is starting."]);
  });
});
