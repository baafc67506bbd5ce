import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { parseJsonWith } from "#contracts/parse";
import { readMonoWav, writeWav } from "#core/audio/wav";
import { wordErrors } from "#core/text/word-error-rate";
import type { JudgedConversation } from "#sim/replay/replay-recording";
import { loadSpeechClip } from "#testing/speech-fixtures";
import { runParley } from "#testing/parley-process";

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

async function parley(...args: string[]): Promise<{ code: number | null; document: unknown }> {
  const run = runParley([...args, "--json"]);
  const code = await run.ended;
  const parsed = parseJsonWith(z.unknown(), run.stdout);
  return { code, document: parsed.ok ? parsed.value : undefined };
}

async function replay(...args: string[]): Promise<ReplayDocument> {
  const { code, document } = await parley("replay", recording, ...args);
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
    writeFileSync(config, "brain:\n  kind: builtin\n");
    const args = ["--in", input, "--record", recording, "--config", config, "--max-ms", String(LENGTH_MS)];
    expect((await parley("talk", ...args)).code).toBe(0);
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
