import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { ask, LONG_ANSWER, createHarness, type OrchestratorHarness, type World } from "#testing/orchestrator-harness";
import { settle, TestClient } from "#testing/session-bench";
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

describe("coming back", () => {
  it("[P10] a dropped client resumes with its token and hears the cut word again", async () => {
    world.brain.script(LONG_ANSWER);
    const client = await harness.started();
    await ask(client);
    await client.pass(700);
    const { sessionId, resumeToken } = client.last("session-started");
    client.drop();
    await new TestClient(world.clock).pass(1_000, "off");
    const again = harness.connect();
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

  it("[P10] a client that is back before its old connection is known to be lost takes the session over", async () => {
    world.brain.script(LONG_ANSWER);
    const lost = await harness.started();
    await ask(lost);
    await lost.pass(700);
    const { sessionId, resumeToken } = lost.last("session-started");
    const again = harness.connect();
    again.start({ resume: { sessionId, resumeToken } });
    await settle();
    expect(lost.last("error").code).toBe("resumed-elsewhere");
    expect(lost.closed).toEqual({ code: 4409, reason: "resumed-elsewhere" });
    expect(again.last("agent-text-delta").text).toMatch(/^One two/);
    lost.sendRaw('{"type":"bye"}');
    await again.pass(30_001);
    expect(again.last("agent-turn-end")).toMatchObject({ reason: "completed", unheardText: "" });
    expect(again.closed).toBeUndefined();
  });

  it("[P11] a wrong resume token is refused", async () => {
    const client = await harness.started();
    const { sessionId } = client.last("session-started");
    client.drop();
    const thief = harness.connect();
    thief.start({ resume: { sessionId, resumeToken: "guess" } });
    expect(thief.last("error").code).toBe("resume-failed");
  });

  it("[P10] a session is resumed at its own microphone's rate alone", async () => {
    const client = await harness.started();
    const { sessionId, resumeToken } = client.last("session-started");
    client.drop();
    const again = harness.connect();
    again.say({ type: "session-start", audio: { sampleRateHz: 48_000 }, resume: { sessionId, resumeToken } });
    expect(again.last("error").code).toBe("unsupported-audio");
    again.start({ resume: { sessionId, resumeToken } });
    expect(again.last("session-started").isResumed).toBe(true);
  });

  it("[P11] a wrong resume token takes nothing from the connection that is there", async () => {
    const client = await harness.started();
    const { sessionId } = client.last("session-started");
    const thief = harness.connect();
    thief.start({ resume: { sessionId, resumeToken: "guess" } });
    expect(client.closed).toBeUndefined();
  });

  it("[P10] after 30 s the session is over", async () => {
    const client = await harness.started();
    const { sessionId, resumeToken } = client.last("session-started");
    client.drop();
    world.clock.advanceMs(30_001);
    const late = harness.connect();
    late.start({ resume: { sessionId, resumeToken } });
    expect(late.last("error").code).toBe("resume-failed");
  });
});

describe("the door", () => {
  it("[P5] [P9] what is not the protocol is refused with a code, and the session goes on", async () => {
    const client = await harness.started();
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
    const client = await harness.started();
    for (let i = 0; i < 20; i++) client.sendRaw("rubbish");
    expect(client.closed?.code).toBe(4400);
  });

  it("[P3] text or audio before session-start is refused", () => {
    const client = harness.connect();
    client.say({ type: "text", text: "hi" });
    client.sendRaw(new Uint8Array(20 + 640));
    expect(client.of("error").map((message) => message.code)).toEqual(["not-started", "not-started"]);
  });

  it("[P6] 100 messages at once are too many", async () => {
    const client = await harness.started();
    for (let i = 0; i < 100; i++) client.say({ type: "playout", positionSamples: i });
    expect(client.last("error").code).toBe("rate-limited");
    expect(client.closed?.code).toBe(4429);
  });

  it("[P7] a client that does not read is closed before its backlog costs memory", async () => {
    world.brain.script(LONG_ANSWER);
    const client = await harness.started();
    client.bufferedBytes = 21 * 48_000 * 2;
    await ask(client);
    expect(client.closed?.code).toBe(4408);
    expect(world.voiceLink.openCount).toBe(1);
    world.clock.advanceMs(30_001);
    await settle();
    expect(world.voiceLink.openCount).toBe(0);
  });

  it("[P3] a client that sends nothing is closed after ten seconds", () => {
    const client = harness.connect();
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
    const client = await harness.started();
    client.say({ type: "text", text });
    expect(client.last("error").code).toBe(code);
    expect(client.of("agent-turn-start")).toEqual([]);
  });

  it("an unknown voice is refused and the session can start with another", async () => {
    const client = harness.connect();
    client.start({ voice: "nobody" });
    expect(client.last("error").code).toBe("unknown-voice");
    client.start({ voice: "tone" });
    await settle();
    expect(client.last("session-started").voice).toBe("tone");
  });

  it("a sample rate that no microphone has is refused in its own words", () => {
    const client = harness.connect();
    client.sendRaw('{"type":"session-start","audio":{"sampleRateHz":96000}}');
    expect(client.last("error").code).toBe("unsupported-audio");
  });

  it("[P4] with a token, only the token opens", async () => {
    await build(() => ({ token: "secret" }));
    const wrong = harness.connect();
    wrong.start({ token: "guess" });
    expect(wrong.last("error").code).toBe("unauthorized");
    expect(wrong.closed?.code).toBe(4401);
    const right = harness.connect();
    right.start({ token: "secret" });
    expect(right.last("session-started").isResumed).toBe(false);
  });

  it("[P4] after 20 wrong tokens of an address none of it is looked at, and none given is no guess", async () => {
    await build(() => ({ token: "secret" }));
    const startWith = (token?: string): number | undefined => {
      const client = harness.connect();
      client.start(token === undefined ? {} : { token });
      return client.closed?.code;
    };
    for (let i = 0; i < 30; i++) startWith();
    for (let i = 0; i < 20; i++) expect(startWith(`guess ${i}`)).toBe(4401);
    const late = harness.connect();
    late.start({ token: "secret" });
    expect(late.last("error").code).toBe("too-many-wrong-tokens");
    expect(late.closed?.code).toBe(4429);
    world.clock.advanceMs(3_100);
    expect(startWith("secret")).toBeUndefined();
  });

  it("a session too many is refused as at capacity", async () => {
    await harness.started();
    await harness.started();
    const third = harness.connect();
    third.start();
    expect(third.last("error").code).toBe("at-capacity");
    expect(third.closed?.code).toBe(4503);
  });
});
