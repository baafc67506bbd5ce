import { describe, expect, it } from "vitest";
import type { TalkEvent } from "#contracts/events/talk-event";
import type { TurnMetrics } from "#contracts/protocol/server-message";
import { RecordedSettings } from "#contracts/recording/recording";
import { describeBrainContract } from "#testing/brain.contract";
import { FakeClock } from "#testing/fake-clock";
import { createRecordedBrain, recordedAnswers, type RecordedAnswer } from "./recorded-brain";

const settings = RecordedSettings.parse({});

interface Turn {
  asked: string;
  heardText?: string;
  unheardText?: string;
  metrics?: Omit<TurnMetrics, "turn">;
}

function recorded(turns: readonly Turn[]): TalkEvent[] {
  return turns.flatMap(({ asked, heardText = "", unheardText = "", metrics }, index): TalkEvent[] => {
    const turn = index + 1;
    return [
      { atMs: turn, type: "user-transcript-end", text: asked },
      { atMs: turn, type: "agent-turn-start", turn },
      { atMs: turn, type: "agent-turn-end", turn, heardText, unheardText, reason: "interrupted" },
      ...(metrics === undefined ? [] : [{ atMs: turn, type: "turn-metrics" as const, metrics: { turn, ...metrics } }]),
    ];
  });
}

/** Until no promise is left that needs no clock. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const answer = (question: string, text: string, delays: Partial<RecordedAnswer> = {}): RecordedAnswer => ({
  question,
  text,
  firstTokenMs: 0,
  firstClauseMs: 0,
  ...delays,
});

async function ask(answers: readonly RecordedAnswer[], history: readonly string[]): Promise<string> {
  const brain = createRecordedBrain({ clock: new FakeClock(), label: "Ollama: small", answers });
  let text = "";
  const messages = history.map((said, index) => ({
    role: index % 2 === 0 ? ("user" as const) : ("agent" as const),
    text: said,
  }));
  for await (const delta of brain.respond({ history: messages, sessionId: "s", signal: new AbortController().signal }))
    text += delta;
  return text;
}

describe("recorded answers", () => {
  it("[SM10] are heard and unheard text together, without turns that had said nothing", () => {
    const events = recorded([
      { asked: "Who are you?", heardText: "I am", unheardText: "a model." },
      { asked: "And" },
      { asked: "Good.", heardText: "Fine." },
    ]);
    expect(recordedAnswers(events, settings).map(({ question, text }) => [question, text])).toEqual([
      ["Who are you?", "I am a model."],
      ["Good.", "Fine."],
    ]);
  });

  it("[SM10] took so long from the transcript, or from the end of the turn when nothing was prepared", () => {
    const metrics = { finalTranscriptMs: 150, endpointMs: 300, brainFirstTokenMs: 500, firstClauseMs: 800 };
    const delays = (asked: string, preemptive = true) =>
      recordedAnswers(recorded([{ asked, heardText: "Yes.", metrics }]), {
        ...settings,
        turn: { ...settings.turn, preemptive },
      }).map(({ firstTokenMs, firstClauseMs }) => [firstTokenMs, firstClauseMs]);
    expect(delays("What time is it?")).toEqual([[350, 300]]);
    expect(delays("What time is the")).toEqual([[200, 300]]);
    expect(delays("What time is it?", false)).toEqual([[200, 300]]);
  });
});

describe("a recorded brain", () => {
  it("[SM10] gives the answer to the nearest question, and of several to the same the one whose turn it is", async () => {
    const answers = [answer("Go on.", "First."), answer("What time is it?", "Noon."), answer("Go on.", "Second.")];
    expect(await ask(answers, ["What time is it now?"])).toBe("Noon.");
    expect(await ask(answers, ["Go on."])).toBe("First.");
    expect(await ask(answers, ["Go on.", "First.", "What time is it?", "Noon.", "Go on."])).toBe("Second.");
    expect(await ask([], ["Go on."])).toBe("");
  });

  it("[SM10] begins when the recorded one did, and ends its first clause then", async () => {
    const clock = new FakeClock();
    const answers = [answer("Hi.", "Hello to you.", { firstTokenMs: 300, firstClauseMs: 200 })];
    const brain = createRecordedBrain({ clock, label: "Ollama: small", answers });
    const said: string[] = [];
    const history = [{ role: "user" as const, text: "Hi." }];
    const done = (async () => {
      for await (const delta of brain.respond({ history, sessionId: "s", signal: new AbortController().signal }))
        said.push(delta);
    })();
    clock.advanceMs(299);
    await settled();
    expect(said).toEqual([]);
    clock.advanceMs(1);
    await settled();
    expect(said).toEqual(["Hello"]);
    clock.advanceMs(200);
    await done;
    expect(said).toEqual(["Hello", " to", " you."]);
  });
});

describeBrainContract("recorded answers", async () => {
  const clock = new FakeClock();
  const answers = [answer("Hello", "I am only a recording.")];
  return {
    brain: createRecordedBrain({ clock, label: "Ollama: small", answers }),
    isIdle: () => Promise.resolve(clock.pendingCount === 0),
    close: () => Promise.resolve(),
  };
});
