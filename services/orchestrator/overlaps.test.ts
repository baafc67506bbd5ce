import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { createFakeAsrEngine } from "#testing/fake-asr-engine";
import { ask, createHarness, LONG_ANSWER, type OrchestratorHarness, type World } from "#testing/orchestrator-harness";
import { settle, type TestClient } from "#testing/session-bench";
import { createOrchestrator, type Orchestrator } from "./orchestrator";

const TEXT = LONG_ANSWER[0]?.delta ?? "";

let harness: OrchestratorHarness<Orchestrator>;
let world: World;
/** What the ears hear over the agent. */
let overlapText: string;

beforeEach(async () => {
  overlapText = "";
  const asr = createFakeAsrEngine({ hear: (_samples, utterance) => (utterance === 0 ? "hello" : overlapText) });
  harness = await createHarness(
    { createRegistry: (clock) => createMemoryRegistry({ clock }), createOrchestrator },
    () => ({ asr }),
  );
  world = harness.world;
  world.brain.script(LONG_ANSWER, [{ delta: "Second answer." }]);
});

/** A client that has heard some of the long answer. */
async function listening(heardMs = 500): Promise<TestClient> {
  const client = await harness.started();
  await client.pass(800, "loud");
  while (client.played.length === 0) await client.pass(20);
  await client.pass(heardMs);
  return client;
}

function commands(client: TestClient): string[] {
  return client.messages
    .filter(({ type }) => ["duck", "unduck", "flush", "overlap", "agent-turn-end"].includes(type))
    .map((message) => (message.type === "overlap" ? message.verdict : message.type));
}

describe("speech over the agent", () => {
  it("[TT44] a short backchannel only ducks; it is told and counted, and leaves no words", async () => {
    overlapText = "Yeah.";
    const client = await listening();
    await client.pass(240, "loud");
    await client.pass(3_000);
    expect(commands(client)).toEqual(["duck", "backchannel", "unduck", "agent-turn-end"]);
    expect(client.last("overlap")).toMatchObject({ turn: 1, text: "Yeah." });
    expect(client.last("agent-turn-end")).toMatchObject({ reason: "completed", heardText: TEXT });
    expect(client.last("turn-metrics").metrics).toMatchObject({ overlaps: 1 });
    expect(client.of("user-transcript-delta").map((message) => message.text)).not.toContain("Yeah.");
    expect(client.of("agent-turn-start")).toHaveLength(1);
  });

  it("[TT49] sounds without words silence the agent, and it goes on at the start of the word that was cut", async () => {
    const client = await listening();
    await client.pass(700, "loud");
    await client.pass(4_000);
    expect(commands(client)).toEqual(["duck", "flush", "backchannel", "unduck", "agent-turn-end"]);
    const resent = client.of("agent-word-timings")[1]?.words ?? [];
    expect(resent[0]?.text).toBe("five");
    expect(resent.at(-1)?.text).toBe("twelve.");
    expect(client.last("agent-turn-end")).toMatchObject({ reason: "completed", heardText: TEXT, unheardText: "" });
    expect(client.last("turn-metrics").metrics).toMatchObject({ overlaps: 1, rewinds: 1 });
  });

  it("[TT49] an interruption of a silenced agent keeps what was heard until then", async () => {
    overlapText = "So";
    const client = await listening();
    await client.pass(400, "loud");
    overlapText = "So what about it?";
    await client.pass(400, "loud");
    expect(commands(client)).toEqual(["duck", "flush", "interruption", "flush", "unduck", "agent-turn-end"]);
    expect(client.last("agent-turn-end")).toMatchObject({ reason: "interrupted", heardText: "One two three four" });
    await client.pass(1_500);
    expect(client.last("user-transcript-end").text).toBe("So what about it?");
    expect(client.of("agent-turn-start")).toHaveLength(2);
  });

  it("[TT23] what was not heard is kept beside it, for the brain that is asked to go on", async () => {
    overlapText = "Stop.";
    const client = await listening();
    await client.pass(300, "loud");
    await client.pass(2_500);
    client.say({ type: "text", text: "go on" });
    await client.pass(200);
    const { heardText, unheardText } = client.of("agent-turn-end")[0] ?? {};
    expect(world.brain.requests.at(-1)?.history).toEqual([
      { role: "user", text: "hello" },
      { role: "agent", text: heardText, isCutOff: true, unheardText },
      { role: "user", text: "Stop." },
      { role: "agent", text: "Second answer." },
      { role: "user", text: "go on" },
    ]);
    expect(`${heardText ?? ""} ${unheardText ?? ""}`).toBe(TEXT);
  });

  it("[TT42] a command stops the agent long before it is doubtful", async () => {
    overlapText = "Stop.";
    const client = await listening();
    await client.pass(200, "loud");
    expect(commands(client)).toEqual(["duck", "interruption", "flush", "unduck", "agent-turn-end"]);
    expect(client.last("overlap").reactionMs).toBeLessThan(250);
    await client.pass(1_000);
    expect(client.last("user-transcript-end").text).toBe("Stop.");
  });
});

describe("odd moments", () => {
  it("speech that goes on already at connect is a turn", async () => {
    const client = await harness.started();
    await client.pass(600, "loud");
    await client.pass(1_500);
    expect(client.of("agent-turn-start")).toHaveLength(1);
  });

  it("two interruptions within 200 ms are one", async () => {
    overlapText = "Wait.";
    const client = await listening();
    await client.pass(140, "loud");
    await client.pass(60);
    await client.pass(300, "loud");
    await client.pass(1_500);
    expect(client.of("agent-turn-end")).toHaveLength(2);
    expect(client.of("user-transcript-end")).toHaveLength(2);
  });

  it("an interruption in the first 100 ms of the turn stops it, and nothing or one word counts as heard", async () => {
    overlapText = "No.";
    const client = await listening(40);
    await client.pass(240, "loud");
    await client.pass(1_000);
    expect(client.of("agent-turn-end")[0]).toMatchObject({ reason: "interrupted" });
    expect(["", "One"]).toContain(client.of("agent-turn-end")[0]?.heardText);
  });

  it("an interruption in the last word is answered, whether it came in time or not", async () => {
    overlapText = "Wait.";
    const client = await listening(2_250);
    await client.pass(300, "loud");
    await client.pass(2_000);
    expect(client.of("user-transcript-end").map((message) => message.text)).toEqual(["hello", "Wait."]);
    expect(client.of("agent-turn-start")).toHaveLength(2);
  });

  it("a user who is silent for ten minutes is still listened to", async () => {
    const client = await harness.started();
    await client.pass(600_000, "off");
    await ask(client);
    expect(client.of("agent-turn-start")).toHaveLength(1);
    expect(client.closed).toBeUndefined();
  });

  describe.each(["twice", "not at all", "late", "jumping"] as const)("mic frames that come %s", (how) => {
    it("break nothing", async () => {
      const client = await harness.started();
      client.distortMic(how);
      await ask(client);
      await client.pass(3_500);
      expect(client.of("error")).toEqual([]);
      expect(client.of("agent-turn-start")).toHaveLength(1);
      expect(client.last("state").state).toBe("listening");
    });

    it("stop the agent as others do", async () => {
      overlapText = "Stop.";
      const client = await harness.started();
      client.distortMic(how);
      await client.pass(800, "loud");
      while (client.played.length === 0) await client.pass(20);
      await client.pass(500);
      await client.pass(500, "loud");
      await client.pass(1_500);
      expect(client.of("agent-turn-end")[0]?.reason).toBe("interrupted");
      expect(client.of("user-transcript-end").map((message) => message.text)).toEqual(["hello", "Stop."]);
    });
  });

  it("a client that never reports playout is silenced and goes on like any other", async () => {
    const client = await harness.started();
    client.isReporting = false;
    await ask(client);
    await client.pass(1_600);
    await client.pass(700, "loud");
    await client.pass(4_000);
    expect(client.last("agent-turn-end")).toMatchObject({ reason: "completed", heardText: TEXT });
  });

  it("[TT25] of a client that never reports playout, the heard text is right to a word or two", async () => {
    overlapText = "Stop.";
    const client = await harness.started();
    client.isReporting = false;
    await client.pass(800, "loud");
    while (client.played.length === 0) await client.pass(20);
    // A word takes 200 ms.
    await client.pass(1_300);
    await client.pass(300, "loud");
    const { reason, heardText = "" } = client.of("agent-turn-end")[0] ?? {};
    expect(reason).toBe("interrupted");
    const heardWords = (client.played.length * 20) / 200;
    expect(Math.abs(heardText.split(" ").length - heardWords)).toBeLessThanOrEqual(2);
  });

  it("a microphone of nothing but zeros is told in words, and when it is over", async () => {
    const client = await harness.started();
    await client.pass(3_100);
    expect(client.last("mic-notice")).toMatchObject({ code: "mic-silent", isOver: false });
    expect(client.last("mic-notice").words).toMatch(/only silence/);
    await client.pass(100, "loud");
    expect(client.last("mic-notice")).toMatchObject({ code: "mic-silent", isOver: true });
  });

  it("nothing is left over when the session ends in a hold", async () => {
    const client = await listening();
    await client.pass(400, "loud");
    client.say({ type: "bye" });
    await settle();
    expect(world.voiceLink.openCount).toBe(0);
  });
});
