import { beforeEach, describe, expect, it } from "vitest";
import type { EarsRequest } from "#contracts/child/ears";
import { AppError, toWireError } from "#contracts/errors";
import type { AsrEngine } from "#core/ports/asr-engine";
import { silentLogger } from "#core/ports/logger";
import { createFakeChildStarter, type FakeChildStarter } from "#testing/fake-child-starter";
import { FakeClock } from "#testing/fake-clock";
import { createEarsProcess } from "./ears-process";

const speech = Float32Array.of(0.1, 0.2, 0.3);
/** Also keeps a rejection from counting as unhandled. */
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "answered",
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

describe("ears process", () => {
  let clock: FakeClock;
  let starter: FakeChildStarter;
  let engine: AsrEngine;
  let states: string[];

  beforeEach(() => {
    clock = new FakeClock();
    starter = createFakeChildStarter();
    states = [];
    engine = createEarsProcess({
      starter,
      clock,
      log: silentLogger,
      maxUtterances: 4,
      onStateChange: (state) => states.push(state),
    });
  });

  const becomeReady = (): void => starter.latest.emit({ type: "ready" });
  const sent = (): EarsRequest[] => starter.latest.sent as EarsRequest[];
  const requestIds = (): number[] =>
    sent().flatMap((message) => (message.type === "transcribe" ? [message.requestId] : []));
  const answer = (requestId: number, text: string): void =>
    starter.latest.emit({
      type: "transcript",
      utteranceId: "utterance-1",
      requestId,
      text,
      decodeMs: 12,
      audioMs: 500,
    });
  /** The current child dies; its successor is there but not yet ready. */
  const crash = (): void => {
    starter.latest.exit({ signal: "SIGKILL" });
    clock.advanceMs(2_000);
  };
  /** Crashes so often that the engine gives up. */
  const exhaust = (): void => {
    for (let i = 0; i < 6; i++) {
      starter.latest.exit({ code: 1 });
      if (i < 5) clock.advanceMs(2_000);
    }
  };

  it("is ready when the child says so", () => {
    expect(engine.isReady()).toBe(false);
    becomeReady();
    expect(engine.isReady()).toBe(true);
    expect(starter.latest.spec.entry).toBe("ears");
    expect(states).toEqual(["starting", "ready"]);
  });

  it("asks once the child is ready what was asked before, with all the audio in front", async () => {
    const utterance = engine.openUtterance();
    utterance.append(speech);
    const transcript = utterance.transcribe();
    expect(sent()).toEqual([]);
    becomeReady();
    expect(sent()).toEqual([
      { type: "append", utteranceId: "utterance-1", samples: speech },
      { type: "transcribe", utteranceId: "utterance-1", requestId: 1 },
    ]);
    answer(1, "Hello.");
    expect(await transcript).toEqual({ text: "Hello.", decodeMs: 12, audioMs: 500 });
  });

  it("gives a new child the whole audio and every unanswered question, in their order", async () => {
    becomeReady();
    const utterance = engine.openUtterance();
    utterance.append(speech);
    const first = utterance.transcribe();
    utterance.append(Float32Array.of(0.4));
    const second = utterance.transcribe();
    crash();
    utterance.append(Float32Array.of(0.5));
    becomeReady();
    expect(sent()).toEqual([
      { type: "append", utteranceId: "utterance-1", samples: Float32Array.of(...speech, 0.4, 0.5) },
      { type: "transcribe", utteranceId: "utterance-1", requestId: 1 },
      { type: "transcribe", utteranceId: "utterance-1", requestId: 2 },
    ]);
    answer(1, "One.");
    answer(2, "Two.");
    expect([(await first).text, (await second).text]).toEqual(["One.", "Two."]);
  });

  it("tells a new child nothing of disposed utterances", () => {
    becomeReady();
    const utterance = engine.openUtterance();
    utterance.append(speech);
    utterance.dispose();
    crash();
    becomeReady();
    expect(sent()).toEqual([]);
  });

  it("tells the child to forget a disposed utterance", () => {
    becomeReady();
    engine.openUtterance().dispose();
    expect(sent()).toEqual([{ type: "forget", utteranceId: "utterance-1" }]);
  });

  it("restarts after 50 ms, doubling with each failure in a row up to 2 s", () => {
    const waits: number[] = [];
    const patient = createFakeChildStarter();
    createEarsProcess({ starter: patient, clock, log: silentLogger, restart: { maxFailures: 20 } });
    for (let failure = 1; failure <= 8; failure++) {
      patient.latest.exit({ code: 1 });
      const startMs = clock.nowMs();
      while (patient.children.length === failure) clock.advanceMs(1);
      waits.push(clock.nowMs() - startMs);
    }
    expect(waits).toEqual([50, 100, 200, 400, 800, 1_600, 2_000, 2_000]);
  });

  it.each([
    [
      "a transcript",
      (): void => {
        void engine.openUtterance().transcribe();
        answer(1, "Hello.");
      },
      0,
    ],
    ["10 s of life", (): void => clock.advanceMs(10_000), 0],
    ["less than that", (): void => clock.advanceMs(7_000), 1],
  ])("after %s, waits again the first time or one doubling more (%#)", (_, live, expectedDoublings) => {
    crash();
    becomeReady();
    live();
    starter.latest.exit({ code: 1 });
    const count = starter.children.length;
    clock.advanceMs(50 * 2 ** expectedDoublings - 1);
    expect(starter.children).toHaveLength(count);
    clock.advanceMs(1);
    expect(starter.children).toHaveLength(count + 1);
  });

  it("gives up after 6 failures in a row: what waits and what comes is refused with ears-unavailable", async () => {
    const utterance = engine.openUtterance();
    const waiting = codeOf(utterance.transcribe());
    exhaust();
    expect(await waiting).toBe("ears-unavailable");
    expect(await codeOf(utterance.transcribe())).toBe("ears-unavailable");
    expect(states.at(-1)).toBe("failed");
  });

  it("tries again 15 s after it gave up, and works when that child does", async () => {
    const utterance = engine.openUtterance();
    exhaust();
    clock.advanceMs(14_999);
    expect(starter.children).toHaveLength(6);
    clock.advanceMs(1);
    becomeReady();
    const transcript = utterance.transcribe();
    answer(1, "Back.");
    expect((await transcript).text).toBe("Back.");
  });

  it("gives up at once, with the child's own error, when trying again cannot help", async () => {
    const waiting = codeOf(engine.openUtterance().transcribe());
    starter.latest.emit({ type: "fatal", error: toWireError(new AppError("model-missing")) });
    starter.latest.exit({ code: 1 });
    expect(await waiting).toBe("model-missing");
    clock.advanceMs(60_000);
    expect(starter.children).toHaveLength(1);
  });

  it("kills a child that answers nothing for 8 s while it was asked, and asks the next one", async () => {
    becomeReady();
    const transcript = engine.openUtterance().transcribe();
    clock.advanceMs(7_999);
    expect(starter.latest.hasExited).toBe(false);
    clock.advanceMs(1);
    expect(starter.latest.hasExited).toBe(true);
    clock.advanceMs(50);
    becomeReady();
    answer(1, "Hello.");
    expect((await transcript).text).toBe("Hello.");
  });

  it("never kills a child that was asked nothing, or nothing any more", async () => {
    becomeReady();
    const utterance = engine.openUtterance();
    const answered = utterance.transcribe();
    answer(1, "Hello.");
    await answered;
    const cancelled = codeOf(utterance.transcribe());
    utterance.dispose();
    expect(await cancelled).toBe("cancelled");
    clock.advanceMs(60_000);
    expect(starter.latest.hasExited).toBe(false);
  });

  it("gives a child that keeps answering all the time it needs for many questions", async () => {
    becomeReady();
    const utterance = engine.openUtterance();
    const transcripts = [1, 2, 3].map(() => utterance.transcribe());
    for (const requestId of [1, 2, 3]) {
      clock.advanceMs(7_000);
      answer(requestId, `${requestId}`);
    }
    expect((await Promise.all(transcripts)).map(({ text }) => text)).toEqual(["1", "2", "3"]);
    expect(starter.children).toHaveLength(1);
  });

  it("kills a child that is not ready within 30 s", () => {
    clock.advanceMs(30_000);
    expect(starter.children[0]?.hasExited).toBe(true);
    clock.advanceMs(50);
    expect(starter.children).toHaveLength(2);
  });

  it("gives up only the utterance whose decode ended the child three times", async () => {
    const [bad, good] = [engine.openUtterance(), engine.openUtterance()];
    const refused = codeOf(bad.transcribe());
    const transcript = good.transcribe();
    for (let i = 0; i < 3; i++) {
      becomeReady();
      crash();
    }
    expect(await refused).toBe("ears-unavailable");
    expect(await codeOf(bad.transcribe())).toBe("ears-unavailable");
    becomeReady();
    expect(requestIds()).toEqual([2]);
    answer(2, "Fine.");
    expect((await transcript).text).toBe("Fine.");
  });

  it("passes on the child's refusals by code", async () => {
    becomeReady();
    const refused = codeOf(engine.openUtterance().transcribe());
    starter.latest.emit({
      type: "failed",
      utteranceId: "utterance-1",
      requestId: 1,
      error: toWireError(new AppError("utterance-too-long")),
    });
    expect(await refused).toBe("utterance-too-long");
  });

  it.each([
    undefined,
    7,
    { type: "transcript", requestId: 1 },
    { type: "transcript", utteranceId: "x", requestId: 99, text: "", decodeMs: 0, audioMs: 0 },
  ])("ignores the child's odd message %j", async (message) => {
    becomeReady();
    const transcript = engine.openUtterance().transcribe();
    starter.latest.emit(message);
    answer(1, "Hello.");
    expect((await transcript).text).toBe("Hello.");
  });

  it("ignores what a child says after its successor was started", () => {
    const [old] = starter.children;
    crash();
    old?.emit({ type: "ready" });
    expect(engine.isReady()).toBe(false);
  });

  it("refuses more utterances than it may hold with at-capacity, until one is disposed", () => {
    const utterances = [1, 2, 3, 4].map(() => engine.openUtterance());
    expect(() => engine.openUtterance()).toThrow(expect.objectContaining({ code: "at-capacity" }));
    utterances[0]?.dispose();
    expect(() => engine.openUtterance()).not.toThrow();
  });

  it("refuses the 33rd unanswered question about one utterance with ears-unavailable", async () => {
    const utterance = engine.openUtterance();
    const answers = Array.from({ length: 33 }, () => codeOf(utterance.transcribe()));
    expect(await answers[32]).toBe("ears-unavailable");
    utterance.dispose();
    expect(new Set(await Promise.all(answers.slice(0, 32)))).toEqual(new Set(["cancelled"]));
  });

  describe("close", () => {
    it("asks the child to stop and waits until it has ended", async () => {
      becomeReady();
      const closing = engine.close();
      expect(sent()).toEqual([{ type: "stop" }]);
      expect(await Promise.race([closing, new Promise((resolve) => setImmediate(resolve, "waits"))])).toBe("waits");
      starter.latest.exit({ code: 0 });
      await closing;
      expect(clock.pendingCount).toBe(0);
      expect(starter.children).toHaveLength(1);
    });

    it("kills a child that does not stop within 3 s", async () => {
      becomeReady();
      const closing = engine.close();
      clock.advanceMs(3_000);
      await closing;
      expect(starter.latest.hasExited).toBe(true);
    });

    it.each([
      ["starting", (): void => undefined],
      ["waiting to restart", (): void => starter.latest.exit({ code: 1 })],
      ["given up", exhaust],
    ])("ends with no timer left while %s", async (_, prepare) => {
      prepare();
      const closing = engine.close();
      starter.latest.exit({ code: 0 });
      await closing;
      const count = starter.children.length;
      clock.advanceMs(60_000);
      expect(starter.children).toHaveLength(count);
      expect(clock.pendingCount).toBe(0);
    });
  });
});
