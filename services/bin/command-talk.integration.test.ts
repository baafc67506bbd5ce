import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { systemClock } from "#adapters/system/system-clock";
import type { TalkEvent } from "#contracts/events/talk-event";
import { rms } from "#core/audio/pcm";
import { writeWav } from "#core/audio/wav";
import { wordErrors } from "#core/text/word-error-rate";
import { builtinBrainConfig, runInTest, testFolder, userClip, userTexts } from "#testing/parley-app";
import { descendants, isRunning } from "#testing/parley-process";

const inputFile = path.join(testFolder, "user.wav");
writeFileSync(inputFile, writeWav([userClip.pcm], 16_000));

describe("parley talk", () => {
  it("a recorded human is heard, answered by voice, and both stand in one stereo file on one clock", async () => {
    const out = path.join(testFolder, "conversation.wav");
    const eventsFile = path.join(testFolder, "events.jsonl");
    const talk = runInTest([
      "talk",
      "--in",
      inputFile,
      "--out",
      out,
      "--events",
      eventsFile,
      "--config",
      builtinBrainConfig,
      "--tail-ms",
      "500",
      "--json",
    ]);
    expect(await talk.ended).toBe(0);
    const events = readFileSync(eventsFile, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as TalkEvent);
    const { errors, referenceWords } = wordErrors(userClip.reference, userTexts(events));
    expect(errors).toBeLessThanOrEqual(2);
    expect(referenceWords).toBe(8);

    const wav = readFileSync(out);
    expect([wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt16LE(34)]).toEqual([2, 48_000, 16]);
    const channel = (index: number, fromMs: number, toMs: number): number => {
      const samples = Float32Array.from(
        { length: (toMs - fromMs) * 48 },
        (_, i) => wav.readInt16LE(44 + ((fromMs * 48 + i) * 2 + index) * 2) / 32768,
      );
      return rms(samples);
    };
    const startMs = Math.ceil(events.find((event) => event.type === "agent-playout-start")?.atMs ?? 0);
    expect(channel(0, 500, 2_500)).toBeGreaterThan(0.01);
    expect(channel(1, 0, startMs - 20)).toBe(0);
    expect(channel(1, startMs, startMs + 2_000)).toBeGreaterThan(0.03);

    const summary = JSON.parse(talk.stdout) as { turns: { heardText: string; reason: string }[] };
    expect(summary.turns.at(-1)?.reason).toBe("completed");
    expect(summary.turns.at(-1)?.heardText).toContain("language model");
  });

  it("leaves no process behind", async () => {
    const talk = runInTest([
      "talk",
      "--in",
      inputFile,
      "--config",
      builtinBrainConfig,
      "--tail-ms",
      "0",
      "--max-ms",
      "3000",
      "--json",
    ]);
    const seen = new Set<number>();
    const watching = systemClock.setRepeating(50, () => descendants(talk.pid).forEach((pid) => seen.add(pid)));
    await talk.ended;
    watching.dispose();
    expect(seen.size).toBeGreaterThanOrEqual(3);
    expect([...seen].filter(isRunning)).toEqual([]);
  });

  it.each([
    ["no WAV", Buffer.from("hello")],
    ["an empty file", Buffer.alloc(0)],
    ["a stereo WAV", Buffer.from(writeWav([userClip.pcm, userClip.pcm], 16_000))],
    ["a truncated WAV", Buffer.from(writeWav([userClip.pcm], 16_000).subarray(0, 1_000))],
  ])("%s is refused with a code and exit 1, before anything is started", async (_name, bytes) => {
    const file = path.join(testFolder, "bad.wav");
    writeFileSync(file, bytes);
    const talk = runInTest(["talk", "--in", file, "--json"]);
    expect(await talk.ended).toBe(1);
    expect(JSON.parse(talk.stdout)).toMatchObject({ error: { code: "bad-wav" } });
  });

  it("a file that is not there, an orchestrator that is not there: exit 1 with a code; wrong usage: exit 2", async () => {
    const missing = runInTest(["talk", "--in", path.join(testFolder, "nothing.wav"), "--json"]);
    const refused = runInTest(["talk", "--in", inputFile, "--url", "ws://127.0.0.1:1/", "--json"]);
    const usage = runInTest(["talk"]);
    expect(await Promise.all([missing.ended, refused.ended, usage.ended])).toEqual([1, 1, 2]);
    expect(missing.stdout).toContain("file-unreadable");
    expect(refused.stdout).toContain("connect-failed");
    expect(usage.stderr).toContain("--in");
  });
});

describe("parley say", () => {
  it("speaks through a worker of its own when there is no fleet", async () => {
    const out = path.join(testFolder, "said.wav");
    const say = runInTest(["say", "The quick brown fox.", "--voice", "flite-awb", "--out", out, "--json"]);
    expect(await say.ended).toBe(0);
    expect(JSON.parse(say.stdout)).toMatchObject({ voice: "flite-awb" });
    expect(readFileSync(out).length).toBeGreaterThan(48_000 * 2);
  });

  it("refuses text without words and unknown voices", async () => {
    const empty = runInTest(["say", "🎉", "--out", path.join(testFolder, "x.wav"), "--json"]);
    const unknown = runInTest(["say", "hello", "--voice", "nobody", "--out", path.join(testFolder, "x.wav"), "--json"]);
    expect(await Promise.all([empty.ended, unknown.ended])).toEqual([1, 1]);
    expect(empty.stdout).toContain("text-empty");
    expect(unknown.stdout).toContain("unknown-voice");
  });
});
