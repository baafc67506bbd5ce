import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { parseJsonWith } from "#contracts/parse";
import { readMonoWav, writeWav } from "#core/audio/wav";
import { wordErrors } from "#core/text/word-error-rate";
import type { TalkEvent } from "#contracts/events/talk-event";
import { judge, type JudgedConversation } from "#sim/replay/replay-recording";
import { loadSpeechClip } from "#testing/speech-fixtures";
import { runParley } from "#testing/parley-process";
import { readRecording } from "./read-recording";

const PAUSE_MS = 2_500;
const LENGTH_MS = 11_500;
/** Real processes on a busy computer are later than the virtual clock by any amount, but not earlier by more than this. */
const EARLIER_MS = 150;

interface ReplayDocument {
  settings: Record<string, unknown>;
  recorded: JudgedConversation;
  replayed: JudgedConversation;
  changed?: JudgedConversation;
  notices: string[];
}

const folder = mkdtempSync(path.join(os.tmpdir(), "parley-replay-"));
const recording = path.join(folder, "recording");
const eventsFile = path.join(folder, "events.jsonl");
/** Where the orchestrator of the same conversation keeps it. */
const kept = path.join(folder, "kept");

async function parley(...args: string[]): Promise<{ code: number | null; document: unknown }> {
  const run = runParley([...args, "--json"]);
  const code = await run.ended;
  const parsed = parseJsonWith(z.unknown(), run.stdout);
  return { code, document: parsed.ok ? parsed.value : undefined };
}

const replay = (...args: string[]): Promise<ReplayDocument> => replayOf(recording, ...args);

async function replayOf(which: string, ...args: string[]): Promise<ReplayDocument> {
  const { code, document } = await parley("replay", which, ...args);
  expect(code).toBe(0);
  return document as ReplayDocument;
}

/** Asks, and asks something else while the answer is spoken. */
function question(): Int16Array {
  const first = loadSpeechClip("0880").pcm;
  const second = loadSpeechClip("0870").pcm.subarray(0, 3 * 16_000);
  const pcm = new Int16Array((LENGTH_MS + 500) * 16);
  pcm.set(first, 500 * 16);
  pcm.set(second, (500 + PAUSE_MS) * 16 + first.length);
  return pcm;
}

describe("parley replay", () => {
  let plain: ReplayDocument;

  beforeAll(async () => {
    const input = path.join(folder, "user.wav");
    const config = path.join(folder, "orchestrator.yaml");
    writeFileSync(input, writeWav([question()], 16_000));
    // JSON is YAML.
    const keeping = { enabled: true, keepAudio: true, folder: kept };
    writeFileSync(config, JSON.stringify({ brain: { kind: "builtin" }, recording: keeping }));
    const args = ["--in", input, "--record", recording, "--events", eventsFile, "--config", config];
    expect((await parley("talk", ...args, "--max-ms", String(LENGTH_MS))).code).toBe(0);
    plain = await replay();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("`talk --record` keeps both sides on one clock", () => {
    const microphone = readMonoWav(readFileSync(path.join(recording, "mic.wav")));
    const speaker = readMonoWav(readFileSync(path.join(recording, "speaker.wav")));
    expect(microphone.pcm.length / 16).toBeCloseTo(speaker.pcm.length / 48, 0);
    expect([...microphone.pcm.subarray(8_000, 9_000)]).toEqual([...question().subarray(8_000, 9_000)]);
  });

  it("[SM1] the virtual clock decides what real processes in real time decided", () => {
    const { recorded, replayed } = plain;
    const [real] = recorded.turns;
    const [virtual] = replayed.turns;
    expect(real?.reason).toBe("interrupted");
    expect(virtual?.reason).toBe("interrupted");
    expect(replayed.figures.userTurnCount).toBe(recorded.figures.userTurnCount);
    expect(wordErrors(real?.userText ?? "", virtual?.userText ?? "").errors).toBeLessThanOrEqual(1);
    const [realLatencyMs = 0, virtualLatencyMs = 0] = [real, virtual].map((turn) => turn?.firstAudioLatencyMs);
    expect(virtualLatencyMs).toBeGreaterThan(200);
    expect(virtualLatencyMs).toBeLessThan(realLatencyMs + EARLIER_MS);
    expect(replayed.figures.interruptionCount).toBe(recorded.figures.interruptionCount);
    const [shorter = "", longer = ""] = [real?.heardText ?? "", virtual?.heardText ?? ""].sort(
      (a, b) => a.length - b.length,
    );
    expect(longer.startsWith(shorter)).toBe(true);
    const heardWords = (text = ""): number => text.split(" ").length;
    expect(Math.abs(heardWords(real?.heardText) - heardWords(virtual?.heardText))).toBeLessThanOrEqual(4);
  });

  it("[SM2] says the same each time, and what a setting changes", async () => {
    const other = await replay("--set", "turn.endpointDelayMs=1000", "--set", "turn.preemptive=false");
    expect(other.replayed).toEqual(plain.replayed);
    expect(other.settings).toEqual({ "turn.endpointDelayMs": 1000, "turn.preemptive": false });
    const latencyMs = (conversation?: JudgedConversation): number => conversation?.turns[0]?.firstAudioLatencyMs ?? 0;
    expect(latencyMs(other.changed)).toBeGreaterThan(latencyMs(other.replayed) + 300);
  });

  it("one reader reads events, recordings of `talk` and those of an orchestrator alike", async () => {
    expect(readFileSync(eventsFile, "utf8")).toBe(readFileSync(path.join(recording, "events.jsonl"), "utf8"));
    const [name = ""] = readdirSync(kept);
    const [client, orchestrator] = await Promise.all([recording, path.join(kept, name)].map(readRecording));
    const turnsOf = (events: readonly TalkEvent[] = []) =>
      judge(events).turns.map(({ userText, heardText, reason }) => ({ userText, heardText, reason }));
    // The client leaves during the second answer and does not hear how it ends.
    expect(turnsOf(client?.events)).toHaveLength(1);
    expect(turnsOf(orchestrator?.events).slice(0, 1)).toEqual(turnsOf(client?.events));
    expect(orchestrator?.session.config).toEqual(client?.session.config);
  });

  it("[SM10] another brain's recorded answers are given, and a setting of the echo can be changed", async () => {
    const other = path.join(folder, "other-brain");
    cpSync(recording, other, { recursive: true });
    const session = path.join(other, "session.json");
    writeFileSync(
      session,
      readFileSync(session, "utf8").replace(/"brainLabel": ".*"/, '"brainLabel": "Ollama: small"'),
    );
    const answer = "I am a language model, and I was not asked again.";
    const events = path.join(other, "events.jsonl");
    writeFileSync(events, readFileSync(events, "utf8").replaceAll(/"heardText":"[^"]*"/g, `"heardText":"${answer}"`));
    const { replayed, changed, notices } = await replayOf(other, "--set", "echo.cancel=false");
    for (const conversation of [replayed, changed])
      expect(conversation?.turns[0]?.agentText.startsWith(answer)).toBe(true);
    expect(notices).toEqual(['"Ollama: small" is not asked again: its recorded answers are given.']);
  });

  it("replays with WebRTC's echo canceller: the same turns, though it blurs what is said over the agent", async () => {
    const { changed } = await replay("--set", "echo.canceller=apm");
    expect(changed?.turns).toHaveLength(plain.replayed.turns.length);
    expect(changed?.turns[0]?.userText).toBe(plain.replayed.turns[0]?.userText);
  });

  it("refuses what it cannot replay, in words", async () => {
    const unknown = await parley("replay", recording, "--set", "turn.endpontDelayMs=1");
    expect(unknown.code).toBe(1);
    expect(unknown.document).toMatchObject({
      error: { code: "bad-config", message: expect.stringContaining("did you mean turn.endpointDelayMs?") },
    });
    expect(await parley("replay", folder)).toMatchObject({
      code: 1,
      document: { error: { code: "file-unreadable", message: expect.stringContaining("holds no recording") } },
    });
  });
});
