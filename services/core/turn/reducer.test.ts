import { describe, expect, it } from "vitest";
import { reduceTurn } from "./reducer";
import { createTurnModel, type TurnConfig, type TurnEffect, type TurnEvent, type TurnModel } from "./state";

const config: TurnConfig = { minInterruptionMs: 240 };
const speechEnd: TurnEvent = { type: "user-speech-end", speechEndAtMs: 5_000 };

function transcript(revision: number, text: string): TurnEvent {
  return { type: "final-transcript", revision, text, endpointDelayMs: 450, silenceMs: 200, isWorthPreparing: false };
}

function play(events: TurnEvent[], from: TurnModel = createTurnModel()): { model: TurnModel; effects: TurnEffect[] } {
  let model = from;
  let effects: TurnEffect[] = [];
  for (const event of events) ({ model, effects } = reduceTurn(model, event, config));
  return { model, effects };
}

const asked: TurnEvent[] = [{ type: "user-speech-start" }, speechEnd];
const answered: TurnEvent[] = [...asked, transcript(1, "Hello."), { type: "endpoint-delay-over" }];
const audible: TurnEvent[] = [...answered, { type: "agent-audible", turn: 1 }];
const interrupted: TurnEvent[] = [
  ...audible,
  { type: "agent-heard", turn: 1 },
  { type: "user-speech-start" },
  { type: "overlap-judged", verdict: "interruption" },
];
const overlapped: TurnEvent[] = [...audible, { type: "user-speech-start" }];

describe("the user's turn", () => {
  it("[TT3] the start of speech begins to collect", () => {
    const { model, effects } = play([{ type: "user-speech-start" }]);
    expect(model.state).toEqual({ type: "listening", user: { carriedText: "", isSpeaking: true } });
    expect(effects).toEqual([{ type: "listen" }]);
  });

  it("[TT4] the end of speech asks for the transcript at once", () => {
    const { model, effects } = play(asked);
    expect(model.state.type).toBe("endpointing");
    expect(effects).toEqual([
      { type: "request-transcript", revision: 1 },
      { type: "state-changed", state: "endpointing" },
    ]);
  });

  it("[TT4] an end of speech without a start changes nothing", () => {
    expect(play([speechEnd]).effects).toEqual([]);
  });

  it("[TT5] speech while endpointing goes on with the same utterance", () => {
    const { model, effects } = play([...asked, { type: "user-speech-start" }]);
    expect(model.state).toEqual({ type: "listening", user: { carriedText: "", isSpeaking: true } });
    expect(effects).toContainEqual({ type: "cancel-timer", timer: "endpoint-delay-over" });
    expect(effects).not.toContainEqual({ type: "forget-utterance" });
  });

  const waiting = [...asked, transcript(1, "Hello.")];
  const suspected: TurnEvent[] = [...waiting, { type: "user-speech-suspected" }];
  const awaited: TurnEvent[] = [...suspected, { type: "endpoint-delay-over" }];

  it("[TT5] while a window may be speech the turn is not over, for 128 ms at most", () => {
    const { model, effects } = play(awaited);
    expect(model.state.type).toBe("endpointing");
    expect(effects).toEqual([{ type: "start-timer", timer: "endpoint-delay-over", delayMs: 128 }]);
    expect(play([...awaited, { type: "endpoint-delay-over" }]).model.state.type).toBe("responding");
    expect(play([...awaited, { type: "user-speech-start" }]).model.state.type).toBe("listening");
  });

  it("[TT5] it is over at once when that was nothing, and keeps its delay when that is known before", () => {
    const { model, effects } = play([...awaited, { type: "user-speech-unconfirmed" }]);
    expect(model.state).toMatchObject({ type: "responding", userText: "Hello." });
    expect(effects[0]).toEqual({ type: "cancel-timer", timer: "endpoint-delay-over" });
    const early = play([...suspected, { type: "user-speech-unconfirmed" }]);
    expect(early.model.state.type).toBe("endpointing");
    expect(play([{ type: "endpoint-delay-over" }], early.model).model.state.type).toBe("responding");
  });

  it("[TT5] a suspicion outlives the wait for the transcript", () => {
    const early: TurnEvent[] = [...asked, { type: "user-speech-suspected" }, transcript(1, "Hello.")];
    expect(play([...early, { type: "endpoint-delay-over" }]).model.state.type).toBe("endpointing");
  });

  it("[TT6] the transcript decides the delay, which counts from the end of the speech", () => {
    const { model, effects } = play([...asked, transcript(1, "Hello.")]);
    expect(model.state).toMatchObject({ type: "endpointing", finalText: "Hello." });
    expect(effects).toEqual([{ type: "start-timer", timer: "endpoint-delay-over", delayMs: 250 }]);
  });

  it("[TT6] a transcript that comes after the delay leaves nothing to wait for", () => {
    const late: TurnEvent = {
      type: "final-transcript",
      revision: 1,
      text: "Hi.",
      endpointDelayMs: 450,
      silenceMs: 900,
      isWorthPreparing: false,
    };
    expect(play([...asked, late]).effects).toEqual([{ type: "start-timer", timer: "endpoint-delay-over", delayMs: 0 }]);
  });

  it("[TT6] the turn is over when the delay is", () => {
    const { model, effects } = play(answered);
    expect(model.state).toMatchObject({ type: "responding", turn: 1, userText: "Hello." });
    expect(effects).toContainEqual({ type: "user-turn-ended", text: "Hello." });
    expect(effects).toContainEqual({ type: "start-agent-turn", turn: 1, userText: "Hello.", speechEndAtMs: 5_000 });
  });

  const worthy: TurnEvent = {
    type: "final-transcript",
    revision: 1,
    text: "Hello.",
    endpointDelayMs: 450,
    silenceMs: 200,
    isWorthPreparing: true,
  };

  it("[TT32] the answer to finished words is prepared while the delay runs, and started when it is over", () => {
    const prepared = play([...asked, worthy]);
    expect(prepared.effects).toContainEqual({
      type: "prepare-agent-turn",
      turn: 1,
      userText: "Hello.",
      speechEndAtMs: 5_000,
    });
    expect(prepared.model.turnCount).toBe(0);
    const { effects } = play([{ type: "endpoint-delay-over" }], prepared.model);
    expect(effects).toContainEqual({ type: "start-agent-turn", turn: 1, userText: "Hello.", speechEndAtMs: 5_000 });
  });

  it("[TT32] nothing is prepared for silence", () => {
    const { effects } = play([...asked, { ...worthy, text: " " }]);
    expect(effects.some((effect) => effect.type === "prepare-agent-turn")).toBe(false);
  });

  it.each([{ type: "user-speech-start" }, { type: "text-input", text: "Typed." }, { type: "end" }] as TurnEvent[])(
    "[TT33] a prepared answer is discarded by $type",
    (event) => {
      expect(play([...asked, worthy, event]).effects).toContainEqual({ type: "discard-prepared-turn" });
    },
  );

  it("[TT7] the transcript of an earlier request is ignored", () => {
    const { model } = play([
      ...asked,
      { type: "user-speech-start" },
      speechEnd,
      transcript(1, "Old."),
      { type: "endpoint-delay-over" },
    ]);
    expect(model.state).toMatchObject({ type: "endpointing", finalText: undefined });
  });

  it.each([
    ["listening", []],
    ["listening, speaking", [{ type: "user-speech-start" }]],
    ["endpointing", asked],
    ["responding", answered],
    ["interrupted", interrupted],
  ] as [string, TurnEvent[]][])("[TT8] typed text is answered at once while %s", (_name, before) => {
    const { model, effects } = play([...before, { type: "text-input", text: "Typed." }]);
    expect(model.state).toMatchObject({ type: "responding", userText: "Typed." });
    expect(effects).toContainEqual({ type: "forget-utterance" });
    expect(effects.filter((effect) => effect.type === "start-agent-turn")).toHaveLength(1);
  });

  it("[TT8] typed text stops the agent that is being heard", () => {
    expect(play([...audible, { type: "text-input", text: "Typed." }]).effects).toContainEqual({
      type: "stop-agent-turn",
      turn: 1,
      reason: "interrupted",
    });
  });

  it("[TT9] no words, no answer", () => {
    const { model, effects } = play([...asked, transcript(1, " "), { type: "endpoint-delay-over" }]);
    expect(model.state).toEqual({ type: "listening", user: { carriedText: "", isSpeaking: false } });
    expect(effects).toContainEqual({ type: "forget-utterance" });
    expect(effects.some((effect) => effect.type === "start-agent-turn")).toBe(false);
  });
});

describe("the agent's turn", () => {
  it("[TT11] speech over the audible agent is collected, and ducks it", () => {
    expect(play(overlapped).effects).toEqual([{ type: "watch-overlap" }, { type: "duck" }]);
  });

  it("[TT11] speech before the agent is audible ducks only when it becomes audible", () => {
    const before = play([...answered, { type: "user-speech-start" }]);
    expect(before.effects).not.toContainEqual({ type: "duck" });
    expect(play([{ type: "agent-audible", turn: 1 }], before.model).effects).toEqual([{ type: "duck" }]);
  });

  it("[TT11] one window that sounds like speech ducks the agent already, and is taken back when nothing follows", () => {
    const suspected = play([...audible, { type: "user-speech-suspected" }]);
    expect(suspected.effects).toEqual([{ type: "duck" }]);
    expect(play([{ type: "user-speech-unconfirmed" }], suspected.model).effects).toEqual([{ type: "unduck" }]);
    expect(play([{ type: "user-speech-start" }], suspected.model).effects).toEqual([{ type: "watch-overlap" }]);
  });

  it("[TT41] the end of an undecided overlap asks for the verdict, and the agent stays ducked until it comes", () => {
    const { model, effects } = play([...overlapped, speechEnd]);
    expect(model.state).toMatchObject({ type: "responding", overlap: { stage: "open", endedAtMs: 5_000 } });
    expect(effects).toEqual([{ type: "settle-overlap" }]);
  });

  it.each(["backchannel", "noise", "side-talk", "echo"] as const)(
    "[TT12] %s is forgotten and the agent restored",
    (verdict) => {
      const { model, effects } = play([...overlapped, speechEnd, { type: "overlap-judged", verdict }]);
      expect(model.state).toMatchObject({ type: "responding", overlap: undefined });
      expect(effects).toEqual([{ type: "forget-utterance" }, { type: "unduck" }]);
    },
  );

  it("[TT43] what was dismissed while it goes on is forgotten at its end, or becomes an interruption after all", () => {
    const dismissed = play([...overlapped, { type: "overlap-judged", verdict: "side-talk" }]);
    expect(dismissed.effects).toEqual([{ type: "unduck" }]);
    expect(play([speechEnd], dismissed.model).effects).toEqual([{ type: "forget-utterance" }]);
    const { effects } = play([{ type: "overlap-judged", verdict: "interruption" }], dismissed.model);
    expect(effects[0]).toMatchObject({ type: "stop-agent-turn", turn: 1 });
  });

  it("[TT41] speech that comes back before the verdict belongs to the same overlap", () => {
    const { model, effects } = play([...overlapped, speechEnd, { type: "user-speech-start" }]);
    expect(model.state).toMatchObject({ overlap: { stage: "open", endedAtMs: undefined } });
    expect(effects).toEqual([{ type: "watch-overlap" }]);
  });

  describe("in doubt", () => {
    const held = play([...overlapped, { type: "overlap-doubted", isDoubtful: true }]);
    const backchannel: TurnEvent = { type: "overlap-judged", verdict: "backchannel" };

    it("[TT49] the agent is silenced, once", () => {
      expect(held.effects).toEqual([{ type: "hold-agent", turn: 1 }]);
      expect(play([{ type: "overlap-doubted", isDoubtful: true }], held.model).effects).toEqual([]);
    });

    it("[TT49] it goes on ducked when there is no more doubt, and in full voice with the verdict", () => {
      expect(play([{ type: "overlap-doubted", isDoubtful: false }], held.model).effects).toEqual([
        { type: "duck" },
        { type: "resume-agent", turn: 1, verdict: undefined },
      ]);
      expect(play([backchannel], held.model).effects).toEqual([
        { type: "unduck" },
        { type: "resume-agent", turn: 1, verdict: "backchannel" },
      ]);
    });

    it("[TT49] nothing silences an agent that is not audible, nor for what was dismissed", () => {
      const before = play([...answered, { type: "user-speech-start" }, { type: "overlap-doubted", isDoubtful: true }]);
      expect(before.effects).toEqual([]);
      const dismissed = play([...overlapped, backchannel, { type: "overlap-doubted", isDoubtful: true }]);
      expect(dismissed.effects).toEqual([]);
    });

    it("[TT18] [TT49] a drain lets the silenced agent finish", () => {
      expect(play([{ type: "drain" }], held.model).effects).toContainEqual(
        expect.objectContaining({ type: "resume-agent" }),
      );
    });
  });

  it("[TT13] an overlap does not stop the agent by its length alone", () => {
    const { model } = play([...overlapped, { type: "user-speech-continues", speechMs: 5_000 }]);
    expect(model.state).toMatchObject({ type: "responding", overlap: { stage: "open" } });
  });

  it("[TT13] an interruption that has ended already is transcribed at once", () => {
    const { model, effects } = play([
      ...audible,
      { type: "agent-heard", turn: 1 },
      { type: "user-speech-start" },
      speechEnd,
      { type: "overlap-judged", verdict: "interruption" },
    ]);
    expect(model.state).toMatchObject({ type: "endpointing", speechEndAtMs: 5_000 });
    expect(effects.slice(0, 2)).toEqual([
      { type: "stop-agent-turn", turn: 1, reason: "interrupted" },
      { type: "request-transcript", revision: 2 },
    ]);
  });

  it("[TT16] an overlap that ends with the agent's turn, undecided, is the user's turn; a dismissed one is not", () => {
    const finished: TurnEvent = { type: "agent-finished", turn: 1, reason: "completed" };
    expect(play([...overlapped, speechEnd, finished]).model.state).toMatchObject({ type: "endpointing" });
    const dismissed = play([...overlapped, { type: "overlap-judged", verdict: "side-talk" }, finished, speechEnd]);
    expect(dismissed.model.state).toMatchObject({ type: "listening", user: { isSpeaking: false } });
  });

  it("[TT13] an interruption stops the agent", () => {
    const { model, effects } = play(interrupted);
    expect(model.state).toMatchObject({ type: "interrupted", turn: 1 });
    expect(effects).toContainEqual({ type: "stop-agent-turn", turn: 1, reason: "interrupted" });
  });

  it("[TT13] what the interrupting user says is answered as a turn of its own", () => {
    const { model } = play([...interrupted, speechEnd, transcript(2, "Wait."), { type: "endpoint-delay-over" }]);
    expect(model.state).toMatchObject({ type: "responding", turn: 2, userText: "Wait." });
  });

  it("[TT14] speech before the agent is audible withdraws the answer and merges the words", () => {
    const withdrawn = play([
      ...answered,
      { type: "user-speech-start" },
      { type: "user-speech-continues", speechMs: 240 },
    ]);
    expect(withdrawn.effects).toContainEqual({ type: "stop-agent-turn", turn: 1, reason: "superseded" });
    const { model } = play([speechEnd, transcript(2, "My friend."), { type: "endpoint-delay-over" }], withdrawn.model);
    expect(model.state).toMatchObject({ type: "responding", turn: 2, userText: "Hello. My friend." });
  });

  describe("speech that begins before a word of the answer was heard", () => {
    const words: TurnEvent = { type: "overlap-judged", verdict: "interruption" };
    const heard: TurnEvent = { type: "agent-heard", turn: 1 };

    it("[TT14] is more of the question, also when a word is heard before that is clear", () => {
      for (const events of [
        [...overlapped, words],
        [...overlapped, heard, words],
      ]) {
        const withdrawn = play(events);
        expect(withdrawn.effects).toContainEqual({ type: "stop-agent-turn", turn: 1, reason: "superseded" });
        expect(withdrawn.model.state).toEqual({
          type: "listening",
          user: { carriedText: "Hello.", isSpeaking: true },
        });
      }
    });

    it("[TT14] is answered together with it, also when it has ended before it was judged", () => {
      const { model } = play([
        ...overlapped,
        speechEnd,
        words,
        transcript(2, "Please."),
        { type: "endpoint-delay-over" },
      ]);
      expect(model.state).toMatchObject({ type: "responding", turn: 2, userText: "Hello. Please." });
    });

    it("[TT14] is an interruption when it is a command", () => {
      const { model } = play([...overlapped, { ...words, isCommand: true }]);
      expect(model.state).toMatchObject({ type: "interrupted", user: { carriedText: "" } });
    });

    it("[TT13] [TT14] is an interruption when a word was heard before it began", () => {
      const { model, effects } = play([...audible, heard, { type: "user-speech-start" }, words]);
      expect(model.state).toMatchObject({ type: "interrupted", user: { carriedText: "" } });
      expect(effects).toContainEqual({ type: "stop-agent-turn", turn: 1, reason: "interrupted" });
    });
  });

  it("[TT15] a stop request ends the agent's turn without speech", () => {
    const { model, effects } = play([...audible, { type: "stop-requested" }]);
    expect(model.state.type).toBe("listening");
    expect(effects).toContainEqual({ type: "stop-agent-turn", turn: 1, reason: "interrupted" });
  });

  it("[TT15] a stop request has no effect when the agent is silent", () => {
    expect(play([{ type: "stop-requested" }]).effects).toEqual([]);
  });

  it("[TT16] the end of the agent's turn leads to listening", () => {
    const { model } = play([...audible, { type: "agent-finished", turn: 1, reason: "completed" }]);
    expect(model.state).toEqual({ type: "listening", user: { carriedText: "", isSpeaking: false } });
  });

  it("[TT16] speech that overlaps the end becomes the next user turn", () => {
    const { model, effects } = play([
      ...audible,
      { type: "user-speech-start" },
      { type: "agent-finished", turn: 1, reason: "completed" },
    ]);
    expect(model.state).toEqual({ type: "listening", user: { carriedText: "", isSpeaking: true } });
    expect(effects).toContainEqual({ type: "unduck" });
  });

  it("[TT17] events of another turn are ignored", () => {
    for (const event of [
      { type: "agent-audible", turn: 7 },
      { type: "agent-heard", turn: 7 },
      { type: "agent-finished", turn: 7, reason: "completed" },
    ] satisfies TurnEvent[]) {
      const step = play([...answered, event]);
      expect(step.effects).toEqual([]);
      expect(step.model.state).toMatchObject({ type: "responding", turn: 1 });
    }
  });

  it("[TT18] drain waits for the end of the agent's turn", () => {
    const draining = play([...audible, { type: "drain" }]);
    expect(draining.model.state).toEqual({ type: "draining", turn: 1 });
    expect(play([{ type: "user-speech-start" }], draining.model).effects).toEqual([]);
    const ended = play([{ type: "agent-finished", turn: 1, reason: "completed" }], draining.model);
    expect(ended.model.state.type).toBe("ended");
    expect(ended.effects).toContainEqual({ type: "close-session" });
  });

  it("[TT18] drain ends an idle session at once", () => {
    expect(play([{ type: "drain" }]).model.state.type).toBe("ended");
  });
});
