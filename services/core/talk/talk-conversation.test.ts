import { describe, expect, it } from "vitest";
import type { TalkEvent } from "#contracts/events/talk-event";
import { FakeClock } from "#testing/fake-clock";
import { createFakeConnector } from "#testing/fake-transport";
import { holdConversation } from "./talk-conversation";
import { createRecordedMicrophone } from "./talk-microphone";

describe("the events of a conversation", () => {
  it("begin with session-started, whatever comes in the same moment", async () => {
    const wire = createFakeConnector();
    const clock = new FakeClock();
    const events: TalkEvent[] = [];
    const held = holdConversation({
      connect: wire.connect,
      clock,
      microphone: createRecordedMicrophone({ pcm: new Int16Array(160), sampleRateHz: 16_000 }),
      token: undefined,
      voice: undefined,
      tailMs: 0,
      maxMs: 0,
      onEvent: (event) => events.push(event),
    });
    wire.latest().open();
    wire.latest().deliver({
      type: "session-started",
      sessionId: "session-1",
      resumeToken: "resume-1",
      isResumed: false,
      protocolVersion: 1,
      agentAudio: { sampleRateHz: 48_000, frameSamples: 960 },
      voice: "slt",
      voices: ["slt"],
      brain: { kind: "builtin", label: "Built-in responder" },
    });
    wire.latest().deliver({ type: "state", state: "listening" });
    await Promise.resolve();
    wire.latest().drop(1000);
    await held;
    expect(events.map(({ type, atMs }) => [type, atMs])).toEqual([
      ["session-started", 0],
      ["state", 0],
    ]);
  });
});
