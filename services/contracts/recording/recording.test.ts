import { expect, test } from "vitest";
import { parseWith } from "../parse";
import { RecordedSession, RecordingId } from "./recording";

const SESSION = {
  version: 1,
  sessionId: "session-0a1b2c3d4e5f",
  startedAt: "2026-03-02T10:15:00.000Z",
  recordedBy: "orchestrator",
  voice: "flite-slt",
  brainLabel: "Built-in responder",
  hasAudio: true,
  micSampleRateHz: 48_000,
  config: { turn: {}, vad: {} },
};

test("a session of this version is read; settings it does not name have their defaults", () => {
  const parsed = parseWith(RecordedSession, SESSION);
  expect(parsed.ok && parsed.value.config.turn.minInterruptionMs).toBe(200);
  expect(parsed.ok && parsed.value.config.echo.cancel).toBe(true);
});

test("a later version is not guessed at", () => {
  expect(parseWith(RecordedSession, { ...SESSION, version: 2 }).ok).toBe(false);
});

test.each(["..", "", "20260302T101500000Z-0a1b2c3d4e5f/..", "20260302T101500000Z-0A1B2C3D4E5F", ".deleted"])(
  "%j is no name of a recording",
  (name) => expect(RecordingId.safeParse(name).success).toBe(false),
);

test("a name is when it began and random digits", () => {
  expect(RecordingId.safeParse("20260302T101500000Z-0a1b2c3d4e5f").success).toBe(true);
});
