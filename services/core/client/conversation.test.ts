import { describe, expect, test } from "vitest";
import type { ServerMessage } from "#contracts/protocol/server-message";
import { addTypedText, applyServerMessage, EMPTY_CONVERSATION, type Conversation } from "./conversation";

const after = (messages: ServerMessage[], from: Conversation = EMPTY_CONVERSATION): Conversation =>
  messages.reduce(applyServerMessage, from);

describe("the user's side", () => {
  test("a partial transcript replaces the one before and becomes final", () => {
    const partial = after([
      { type: "user-transcript-delta", text: "seven" },
      { type: "user-transcript-delta", text: "seven of" },
    ]);
    expect(partial.entries).toEqual([{ type: "user", id: 1, text: "seven of", isFinal: false, isTyped: false }]);
    expect(after([{ type: "user-transcript-end", text: "Seven of clubs." }], partial).entries).toMatchObject([
      { id: 1, text: "Seven of clubs.", isFinal: true },
    ]);
  });

  test("speech without words leaves nothing", () => {
    expect(
      after([
        { type: "user-transcript-delta", text: "uh" },
        { type: "user-transcript-end", text: "" },
      ]).entries,
    ).toEqual([]);
    expect(after([{ type: "user-transcript-delta", text: "" }]).entries).toEqual([]);
  });

  test("typed text shows at once, and its echo does not show it again", () => {
    const typed = addTypedText(EMPTY_CONVERSATION, " hello ");
    expect(after([{ type: "user-transcript-end", text: "hello" }], typed).entries).toMatchObject([
      { text: "hello", isTyped: true },
    ]);
    expect(after([{ type: "user-transcript-end", text: "other" }], typed).entries).toHaveLength(2);
  });

  test("speaking follows the VAD", () => {
    const speaking = after([{ type: "user-speech-start", micSample: 0 }]);
    expect(speaking.isUserSpeaking).toBe(true);
    expect(after([{ type: "user-speech-end", micSample: 9 }], speaking).isUserSpeaking).toBe(false);
  });
});

describe("the agent's side", () => {
  const running: ServerMessage[] = [
    { type: "agent-turn-start", turn: 1 },
    { type: "agent-text-delta", turn: 1, text: "Good " },
    { type: "agent-text-delta", turn: 1, text: "morning." },
  ];

  test("text grows", () => {
    expect(after(running).entries).toMatchObject([{ type: "agent", text: "Good morning.", outcome: "running" }]);
  });

  test("timings of the words gather while the turn runs, and go with its end", () => {
    const word = { text: "Good", startSample: 0, endSample: 9_600, textStart: 0, textEnd: 4 };
    const next = { text: "morning.", startSample: 9_600, endSample: 24_000, textStart: 5, textEnd: 13 };
    const timed = after([
      ...running,
      { type: "agent-word-timings", turn: 1, words: [word] },
      { type: "agent-word-timings", turn: 1, words: [next] },
    ]);
    expect(timed.entries).toMatchObject([{ words: [word, next] }]);
    const end: ServerMessage = {
      type: "agent-turn-end",
      turn: 1,
      heardText: "Good morning.",
      unheardText: "",
      reason: "completed",
    };
    expect(after([end], timed).entries).toMatchObject([{ text: "Good morning.", words: [] }]);
  });

  test.each([
    ["a blank", "Good morning.", "Good", "morning.", " morning."],
    ["a new line", "Good.\n\nMorning.", "Good.", "Morning.", "\n\nMorning."],
    ["nothing, in a word with a hyphen", "built-in", "built-", "in", "in"],
    ["a blank, where the announced text is not known", "", "Good", "morning.", " morning."],
    ["nothing, when nothing was heard", "Good morning.", "", "Good morning.", "Good morning."],
  ])("words that were not heard follow those that were, with what stood between them: %s", (_, ...parts) => {
    const [text, heardText, unheardText, shown] = parts;
    const entries = after([
      { type: "agent-turn-start", turn: 1 },
      { type: "agent-text-delta", turn: 1, text },
      { type: "agent-turn-end", turn: 1, heardText, unheardText, reason: "interrupted" },
    ]).entries;
    expect(entries).toMatchObject([{ text: heardText, unheardText: shown }]);
  });

  test("[TT49] timings that come again replace those from there on", () => {
    const word = (text: string, at: number) => ({
      text,
      startSample: at,
      endSample: at + 10,
      textStart: text === "Good" ? 0 : 5,
      textEnd: text === "Good" ? 4 : 13,
    });
    const timings = (...words: ReturnType<typeof word>[]): ServerMessage => ({
      type: "agent-word-timings",
      turn: 1,
      words,
    });
    const again = after([...running, timings(word("Good", 0), word("morning.", 10)), timings(word("morning.", 50))]);
    expect(again.entries).toMatchObject([{ words: [{ startSample: 0 }, { startSample: 50 }] }]);
  });

  test("[TT44] a backchannel leaves a mark at the turn; coughs, and what was not understood, do not", () => {
    const over = (verdict: "backchannel" | "noise", text: string): ServerMessage => ({
      type: "overlap",
      turn: 1,
      verdict,
      text,
      reactionMs: 300,
    });
    const marked = after([...running, over("backchannel", "Yeah."), over("backchannel", ""), over("noise", "Tss")]);
    expect(marked.entries).toMatchObject([{ asides: ["Yeah."] }]);
  });

  test("[P10] a turn that is announced again after a resume shows its text once", () => {
    const again = after([
      ...running,
      { type: "agent-turn-start", turn: 1 },
      { type: "agent-text-delta", turn: 1, text: "Good morning." },
    ]);
    expect(again.entries).toMatchObject([{ text: "Good morning." }]);
  });

  test("a cut turn keeps heard and unheard text apart", () => {
    const cut = after([
      ...running,
      { type: "agent-turn-end", turn: 1, heardText: "Good", unheardText: " morning.", reason: "interrupted" },
    ]);
    expect(cut.entries).toMatchObject([{ text: "Good", unheardText: " morning.", outcome: "interrupted" }]);
  });

  test("[TT14] a turn goes when it was superseded, and stays when it was cut, though nothing was heard", () => {
    const end = (reason: "superseded" | "interrupted", heardText = ""): ServerMessage => ({
      type: "agent-turn-end",
      turn: 1,
      heardText,
      unheardText: "Good morning.".slice(heardText.length),
      reason,
    });
    expect(after([...running, end("superseded")]).entries).toEqual([]);
    expect(after([...running, end("superseded", "Good")]).entries).toEqual([]);
    expect(after([...running, end("interrupted")]).entries).toMatchObject([{ text: "", unheardText: "Good morning." }]);
  });

  test("text of a turn that was never started is ignored", () => {
    expect(after([{ type: "agent-text-delta", turn: 9, text: "?" }])).toBe(EMPTY_CONVERSATION);
  });
});
