import { spawnSync } from "node:child_process";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import { hasCode, type AppError } from "#contracts/errors";
import type { TalkEvent } from "#contracts/events/talk-event";
import { RecordedSession } from "#contracts/recording/recording";
import { readMonoWav } from "#core/audio/wav";
import { silentLogger } from "#core/ports/logger";
import type { RecordingStart } from "#core/ports/session-recorder";
import { FakeClock } from "#testing/fake-clock";
import { openFlightRecorder, type FlightRecorder } from "./flight-recorder";
import { readEvents } from "./recording-folder";

const { turn, vad, echo } = OrchestratorConfig.parse({});
const SESSION: RecordingStart["session"] = {
  sessionId: "session-1",
  recordedBy: "orchestrator",
  voice: "flite-slt",
  brainLabel: "Built-in responder",
  hasAudio: true,
  micSampleRateHz: 16_000,
  config: { turn, vad, echo },
};
const ROOMY = { maxTotalBytes: 2_000_000_000, maxAgeDays: 30 };
const DAY_MS = 86_400_000;

let base: string;
let root: string;
let clock: FakeClock;
let lastId = 0;
let failures: AppError[];
const ids = { next: (prefix: string) => `${prefix}-${(++lastId).toString(16).padStart(12, "0")}`, secret: () => "" };

beforeEach(async () => {
  base = await mkdtemp(path.join(tmpdir(), "parley-recordings-"));
  root = path.join(base, "data", "recordings");
  clock = new FakeClock();
  failures = [];
});
afterEach(() => rm(base, { recursive: true }));

const openAt = (folder: string, limits = ROOMY): FlightRecorder =>
  openFlightRecorder({ folder, limits, clock, ids, log: silentLogger });

function begin(recorder: FlightRecorder, session: Partial<RecordingStart["session"]> = {}) {
  return recorder.begin({ session: { ...SESSION, ...session }, onFailed: (error) => void failures.push(error) });
}

const said = (text: string, atMs = 500): TalkEvent => ({ atMs, type: "user-transcript-end", text });

/** A whole recording of one sentence; returns its id. */
async function keep(recorder: FlightRecorder, text: string, session: Partial<RecordingStart["session"]> = {}) {
  const recording = begin(recorder, session);
  recording.addEvent(said(text));
  recording.addMic(160, new Int16Array(160).fill(7));
  recording.addSpeaker(4_800, new Int16Array(960).fill(-9));
  await recording.end(1_000);
  const [newest] = (await recorder.archive.list("")).conversations;
  if (newest === undefined) throw new Error("nothing was kept");
  return newest.id;
}

const folders = async (): Promise<string[]> => (await readdir(root)).filter((name) => name !== ".deleted").sort();

describe("[RC1] one folder for a session", () => {
  test("both sounds on one clock, as long as the session; gaps are silence", async () => {
    const recorder = openAt(root);
    const folder = path.join(root, await keep(recorder, "Hello."));
    const mic = readMonoWav(await readFile(path.join(folder, "mic.wav")));
    expect([mic.sampleRateHz, mic.pcm.length]).toEqual([16_000, 16_000]);
    expect([mic.pcm[159], mic.pcm[160], mic.pcm[319], mic.pcm[320]]).toEqual([0, 7, 7, 0]);
    const speaker = readMonoWav(await readFile(path.join(folder, "speaker.wav")));
    expect([speaker.sampleRateHz, speaker.pcm.length]).toEqual([48_000, 48_000]);
    expect([speaker.pcm[4_799], speaker.pcm[4_800], speaker.pcm[5_760]]).toEqual([0, -9, 0]);
    expect(await readEvents(folder, ["user-transcript-end"])).toEqual([said("Hello.")]);
    const session = RecordedSession.parse(JSON.parse(await readFile(path.join(folder, "session.json"), "utf8")));
    expect(session).toMatchObject({ durationMs: 1_000, startedAt: clock.wallTime().toISOString(), ...SESSION });
    expect(session.writerPid).toBeUndefined();
  });

  test("[RC4] for this user alone", async () => {
    const id = await keep(openAt(root), "Hello.");
    const modeOf = async (...names: string[]) => (await stat(path.join(root, ...names))).mode & 0o777;
    expect(await modeOf()).toBe(0o700);
    expect(await modeOf(id)).toBe(0o700);
    for (const name of await readdir(path.join(root, id))) expect(await modeOf(id, name)).toBe(0o600);
  });

  test("[RC2] text alone leaves no sound", async () => {
    const id = await keep(openAt(root), "Hello.", { hasAudio: false });
    expect((await readdir(path.join(root, id))).sort()).toEqual(["events.jsonl", "session.json"]);
  });

  test("nothing is made before something is kept", async () => {
    const recorder = openAt(root);
    expect(await recorder.archive.list("")).toEqual({ conversations: [], skippedCount: 0 });
    await recorder.close();
    await expect(stat(root)).rejects.toThrow();
  });
});

describe("[RC5] what cannot be written", () => {
  test("is told once, with what to do, and nothing throws", async () => {
    await writeFile(path.join(base, "data"), "a file where the folder should be");
    const recording = begin(openAt(root));
    recording.addEvent(said("Hello."));
    await recording.end(1_000);
    recording.addEvent(said("Again."));
    expect(failures.map(({ code }) => code)).toEqual(["recording-failed"]);
  });

  test("a disk that is too slow costs no more memory than 8 MiB", async () => {
    const recording = begin(openAt(root));
    const second = new Int16Array(48_000);
    for (let i = 0; i < 200; i++) recording.addSpeaker(i * second.length, second);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.message).toContain("too slow");
    await recording.end(0);
  });
});

describe("[RC6] after a crash", () => {
  /** A recording whose writer was killed in the middle of writing. */
  async function killed(writerPid: number): Promise<string> {
    const id = await keep(openAt(root), "Hello.");
    const file = (name: string) => path.join(root, id, name);
    const { durationMs: _, ...session } = JSON.parse(await readFile(file("session.json"), "utf8")) as RecordedSession;
    await writeFile(file("session.json"), JSON.stringify({ ...session, writerPid }));
    await appendFile(file("events.jsonl"), '{"atMs":900,"type":"user-tran');
    await appendFile(file("mic.wav"), Buffer.alloc(16_001, 1));
    return id;
  }
  const deadPid = (): number => spawnSync(process.execPath, ["--version"]).pid;

  test("it is read as far as it goes, and whole after the next start", async () => {
    const id = await killed(deadPid());
    const recorder = openAt(root);
    expect((await recorder.archive.get(id)).messages.map(({ text }) => text)).toEqual(["Hello."]);
    await recorder.ready;
    const wav = readMonoWav(await readFile(path.join(root, id, "mic.wav")));
    expect(wav.pcm.length).toBe(24_000);
    expect(await readFile(path.join(root, id, "events.jsonl"), "utf8")).toBe(`${JSON.stringify(said("Hello."))}\n`);
    expect(await recorder.archive.get(id)).toMatchObject({ durationMs: 1_500, isRunning: false });
  });

  test("one that another process still writes is left alone", async () => {
    const id = await killed(process.ppid);
    const recorder = openAt(root);
    await recorder.ready;
    expect(await readFile(path.join(root, id, "events.jsonl"), "utf8")).toContain("user-tran");
    expect((await recorder.archive.get(id)).isRunning).toBe(true);
    await expect(recorder.archive.delete(id)).rejects.toSatisfy((error) => hasCode(error, "recording-running"));
  });
});

describe("[RC7] retention", () => {
  test("what is too old goes with the next start, what is not stays", async () => {
    const old = await keep(openAt(root), "Old.");
    clock.advanceMs(20 * DAY_MS);
    const young = await keep(openAt(root), "Young.");
    clock.advanceMs(11 * DAY_MS);
    await openAt(root).ready;
    expect(await folders()).toEqual([young]);
    expect(old < young).toBe(true);
  });

  test("the oldest go when all together take too much; the one that runs stays", async () => {
    const recorder = openAt(root, { ...ROOMY, maxTotalBytes: 1 });
    const running = begin(recorder);
    running.addEvent(said("Now."));
    clock.advanceMs(1);
    const recording = begin(recorder);
    await recording.end(0);
    expect(await folders()).toHaveLength(1);
    expect(failures.map(({ code }) => code)).toEqual(["recording-failed"]);
    await running.end(0);
  });

  test("folders of others are never touched", async () => {
    const recorder = openAt(root, { ...ROOMY, maxTotalBytes: 1 });
    const id = await keep(openAt(root), "Mine.");
    await mkdir(path.join(root, "holiday-photos"));
    await writeFile(path.join(root, id, "note.txt"), "put here by somebody");
    await recorder.ready;
    const other = begin(recorder);
    await other.end(0);
    expect(await folders()).toEqual([id, "holiday-photos"].sort());
    expect(await readdir(path.join(root, id))).toEqual(["note.txt"]);
  });
});

describe("[RC8] the archive", () => {
  test("newest first; found by words; what is no recording is skipped and counted", async () => {
    const recorder = openAt(root);
    const first = await keep(recorder, "The lighthouse.");
    clock.advanceMs(1_000);
    const second = await keep(recorder, "The café.");
    clock.advanceMs(1_000);
    const broken = await keep(recorder, "Broken.");
    await writeFile(path.join(root, broken, "session.json"), "{");
    await mkdir(path.join(root, "foreign"));
    const idsOf = async (query: string) => (await recorder.archive.list(query)).conversations.map(({ id }) => id);
    expect(await recorder.archive.list("")).toMatchObject({ skippedCount: 2 });
    expect(await idsOf("")).toEqual([second, first]);
    expect(await idsOf("CAFE")).toEqual([second]);
    await truncate(path.join(root, first, "events.jsonl"), 0);
    expect(await idsOf("lighthouse")).toEqual([]);
  });

  test("deleted is out of the list; restored it is all there; later it is gone for good", async () => {
    const recorder = openAt(root);
    const id = await keep(recorder, "Secret.");
    await recorder.archive.delete(id);
    expect(await recorder.archive.list("")).toEqual({ conversations: [], skippedCount: 0 });
    await recorder.archive.restore(id);
    expect((await recorder.archive.get(id)).title).toBe("Secret.");
    await recorder.archive.delete(id);
    await recorder.close();
    expect(await readdir(path.join(root, ".deleted"))).toEqual([]);
    await expect(recorder.archive.restore(id)).rejects.toSatisfy((error) => hasCode(error, "unknown-conversation"));
  });

  test.each(["../data", "", ".", "a/b", "20260302T101500000Z-0a1b2c3d4e5f/..", "20990302T101500000Z-0a1b2c3d4e5f"])(
    "%j leads nowhere",
    async (id) => {
      const { archive } = openAt(root);
      for (const act of ["get", "delete", "restore"] as const)
        await expect(archive[act](id)).rejects.toSatisfy((error) => hasCode(error, "unknown-conversation"));
    },
  );

  test("the same stretch of both sounds", async () => {
    const recorder = openAt(root);
    const id = await keep(recorder, "Hello.");
    const { user, agent } = await recorder.archive.readSound(id, { fromMs: 100, lengthMs: 10 });
    expect([user.sampleRateHz, user.pcm.length, agent.sampleRateHz, agent.pcm.length]).toEqual([
      16_000, 320, 48_000, 960,
    ]);
    expect(new Int16Array(agent.pcm.slice().buffer)[0]).toBe(-9);
    const beyond = await recorder.archive.readSound(id, { fromMs: 990, lengthMs: 100 });
    expect(beyond.agent.pcm.length).toBe(960);
  });
});
