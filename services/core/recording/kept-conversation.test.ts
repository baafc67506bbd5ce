import { describe, expect, test } from "vitest";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { TalkEvent } from "#contracts/events/talk-event";
import type { RecordedSession } from "#contracts/recording/recording";
import { exportConversation } from "./export-conversation";
import { toConversation } from "./kept-conversation";
import { excerptOf, matchesQuery } from "./search-conversation";

const { turn, vad, echo } = OrchestratorConfig.parse({});
const SESSION: RecordedSession = {
  version: 1,
  sessionId: "session-1",
  startedAt: "2026-03-02T10:15:00.000Z",
  durationMs: 70_000,
  recordedBy: "orchestrator",
  voice: "flite-slt",
  brainLabel: "Built-in responder",
  hasAudio: true,
  micSampleRateHz: 48_000,
  config: { turn, vad, echo },
};

const STORY: TalkEvent[] = [
  { atMs: 1_000, type: "user-speech-start" },
  { atMs: 2_400, type: "user-transcript-end", text: "Tell me a *story*." },
  { atMs: 2_410, type: "agent-turn-start", turn: 1 },
  { atMs: 3_900, type: "user-speech-start" },
  {
    atMs: 4_000,
    type: "agent-turn-end",
    turn: 1,
    heardText: "Once there was a café",
    unheardText: " by the <sea>.",
    reason: "interrupted",
  },
  { atMs: 65_000, type: "user-transcript-end", text: "Wait." },
];

const read = (events: TalkEvent[], session = SESSION) =>
  toConversation({ id: "20260302T101500000Z-0a1b2c3d4e5f", session, events, isRunning: false });

describe("the words of a recording", () => {
  test("each side's words stand where they began; what was not heard stands apart", () => {
    expect(read(STORY).messages).toEqual([
      { role: "user", text: "Tell me a *story*.", atMs: 1_000 },
      {
        role: "agent",
        text: "Once there was a café",
        unheardText: " by the <sea>.",
        isInterrupted: true,
        atMs: 2_410,
      },
      { role: "user", text: "Wait.", atMs: 3_900 },
    ]);
  });

  test("title, length and number of answers", () => {
    expect(read(STORY)).toMatchObject({ title: "Tell me a *story*.", durationMs: 70_000, turnCount: 1 });
  });

  test("[TT14] words that were answered too early stand there once, with what followed them", () => {
    const { messages } = read([
      { atMs: 1_000, type: "user-speech-start" },
      { atMs: 1_800, type: "user-transcript-end", text: "I want" },
      { atMs: 1_810, type: "agent-turn-start", turn: 1 },
      { atMs: 2_000, type: "agent-turn-end", turn: 1, heardText: "", unheardText: "What?", reason: "superseded" },
      { atMs: 1_900, type: "user-speech-start" },
      { atMs: 3_000, type: "user-transcript-end", text: "I want tea." },
    ]);
    expect(messages.map(({ text, atMs }) => ({ text, atMs }))).toEqual([{ text: "I want tea.", atMs: 1_000 }]);
  });

  test("a conversation that broke off is as long as what is known of it", () => {
    const { durationMs: _, ...cut } = SESSION;
    expect(read(STORY, cut).durationMs).toBe(65_000);
  });

  test("one without words has an empty title", () => {
    expect(read([])).toMatchObject({ title: "", turnCount: 0, messages: [] });
  });
});

describe("search", () => {
  test.each(["", "  ", "STORY", "cafe", "sea", "wait story", "Café SEA"])("%j finds it", (query) => {
    expect(matchesQuery(read(STORY), query)).toBe(true);
  });
  test.each(["lake", "story lake"])("%j does not", (query) => {
    expect(matchesQuery(read(STORY), query)).toBe(false);
  });
  test("an excerpt shows words that the title does not", () => {
    expect(excerptOf(read(STORY), "sea")).toBe("Once there was a café by the <sea>.");
    expect(excerptOf(read(STORY), "story")).toBeUndefined();
    const long = `${"word ".repeat(40)}needle ${"word ".repeat(40)}`;
    const found = excerptOf(read([...STORY, { atMs: 1, type: "user-transcript-end", text: long }]), "needle");
    expect(found).toMatch(/^… (word )+needle( word)+ …$/);
    expect(found?.length).toBeLessThan(100);
  });
});

describe("export", () => {
  test("Markdown: heard and unheard words apart, the cut marked, signs as they were said", () => {
    expect(exportConversation(read(STORY), "markdown")).toEqual({
      name: "parley-20260302T1015-tell-me-a-story.md",
      mimeType: "text/markdown",
      text: [
        "# Tell me a \\*story\\*.",
        "2026-03-02T10:15:00.000Z · Built-in responder · voice flite-slt",
        "**You** (0:01): Tell me a \\*story\\*.",
        "**Parley** (0:02): Once there was a café _(interrupted)_ ~~by the \\<sea\\>.~~",
        "**You** (0:03): Wait.\n",
      ].join("\n\n"),
    });
  });

  test("JSON is the record itself", () => {
    const record = read(STORY);
    const file = exportConversation(record, "json");
    expect(JSON.parse(file.text)).toEqual(record);
    expect(file.name).toBe("parley-20260302T1015-tell-me-a-story.json");
  });

  test("a file's name holds nothing but letters, digits and lines", () => {
    const said = (text: string) => read([{ atMs: 0, type: "user-transcript-end", text }]);
    expect(exportConversation(said("../../etc/passwd\n…"), "json").name).toBe("parley-20260302T1015-etc-passwd.json");
    expect(exportConversation(said("…"), "markdown").name).toBe("parley-20260302T1015.md");
  });
});
