import { beforeEach, describe, expect, it } from "vitest";
import type { EarsReply } from "#contracts/child/ears";
import { AppError } from "#contracts/errors";
import { createDeferred, type Deferred } from "#core/lifecycle/deferred";
import type { DecodedSpeech, SpeechDecoder } from "#core/ports/speech-decoder";
import { silentLogger } from "#core/ports/logger";
import { FakeClock } from "#testing/fake-clock";
import { createEarsServer, type EarsServer } from "./ears-server";

interface Call {
  samples: number;
  previousTokens: readonly number[];
  answer: Deferred<DecodedSpeech>;
}

const settle = (): Promise<void> => new Promise(setImmediate);

describe("ears server", () => {
  let calls: Call[];
  let replies: EarsReply[];
  let isClosed: boolean;
  let server: EarsServer;
  const clock = new FakeClock();
  const decoder: SpeechDecoder = {
    decode(audio, previousTokens) {
      const answer = createDeferred<DecodedSpeech>();
      calls.push({ samples: audio.length, previousTokens, answer });
      return answer.promise;
    },
    close: () => Promise.resolve(void (isClosed = true)),
  };

  beforeEach(() => {
    calls = [];
    replies = [];
    isClosed = false;
    server = createEarsServer({
      decoder,
      reply: (message) => replies.push(message),
      clock,
      log: silentLogger,
      maxUtterances: 3,
      maxQueuedRequests: 4,
    });
  });

  const append = (utteranceId: string, length: number): void =>
    server.handle({ type: "append", utteranceId, samples: new Float32Array(length) });
  const transcribe = (utteranceId: string, requestId: number): void =>
    server.handle({ type: "transcribe", utteranceId, requestId });
  const call = (index: number): Call => {
    const found = calls[index];
    if (found === undefined) throw new Error(`no decode number ${index}`);
    return found;
  };
  const answer = async (index: number, decoded: DecodedSpeech): Promise<void> => {
    call(index).answer.resolve(decoded);
    await settle();
  };
  const codesOf = (): (string | undefined)[] =>
    replies.map((reply) => (reply.type === "failed" ? reply.error.code : undefined));

  it("decodes all that was appended, with the tokens of the last decode of this utterance", async () => {
    append("a", 100);
    transcribe("a", 1);
    clock.advanceMs(30);
    await answer(0, { text: "Hello", tokens: [5, 6] });
    append("a", 60);
    transcribe("a", 2);
    await answer(1, { text: "Hello there", tokens: [5, 6, 7] });
    expect(calls.map(({ samples, previousTokens }) => ({ samples, previousTokens }))).toEqual([
      { samples: 100, previousTokens: [] },
      { samples: 160, previousTokens: [5, 6] },
    ]);
    expect(replies).toEqual([
      { type: "transcript", utteranceId: "a", requestId: 1, text: "Hello", decodeMs: 30, audioMs: 6.25 },
      { type: "transcript", utteranceId: "a", requestId: 2, text: "Hello there", decodeMs: 0, audioMs: 10 },
    ]);
  });

  it("runs one decode at a time, first come, first served", async () => {
    for (const [index, id] of ["a", "b", "c"].entries()) {
      append(id, 10 + index);
      transcribe(id, index);
    }
    await settle();
    expect(calls).toHaveLength(1);
    await answer(0, { text: "A", tokens: [] });
    expect(calls).toHaveLength(2);
    await answer(1, { text: "B", tokens: [] });
    await answer(2, { text: "C", tokens: [] });
    expect(replies.map((reply) => reply.type === "transcript" && reply.text)).toEqual(["A", "B", "C"]);
  });

  it("answers every superseded request of an utterance with one decode", async () => {
    append("other", 10);
    transcribe("other", 1);
    for (const requestId of [2, 3, 4]) {
      append("a", 10);
      transcribe("a", requestId);
    }
    await answer(0, { text: "", tokens: [] });
    await answer(1, { text: "Yes", tokens: [] });
    expect(calls.map(({ samples }) => samples)).toEqual([10, 30]);
    expect(replies.slice(1)).toMatchObject([2, 3, 4].map((requestId) => ({ requestId, text: "Yes" })));
  });

  it("does not decode again when nothing was appended", async () => {
    append("a", 10);
    transcribe("a", 1);
    await answer(0, { text: "Yes", tokens: [] });
    transcribe("a", 2);
    await settle();
    expect(calls).toHaveLength(1);
    expect(replies[1]).toMatchObject({ requestId: 2, text: "Yes", decodeMs: 0 });
  });

  it("knows nothing of an utterance that was forgotten", async () => {
    append("a", 10);
    transcribe("a", 1);
    await answer(0, { text: "Yes", tokens: [5] });
    server.handle({ type: "forget", utteranceId: "a" });
    transcribe("a", 2);
    await settle();
    expect(call(1)).toMatchObject({ samples: 0, previousTokens: [] });
  });

  it("reports a failed decode by its code and goes on", async () => {
    append("a", 10);
    transcribe("a", 1);
    transcribe("a", 2);
    call(0).answer.reject(new AppError("utterance-too-long"));
    await settle();
    call(1).answer.reject(new Error("of the model"));
    await settle();
    transcribe("a", 3);
    await answer(2, { text: "Yes", tokens: [] });
    expect(codesOf()).toEqual(["utterance-too-long", "internal", undefined]);
  });

  it("keeps no more than its number of utterances, dropping the one untouched for longest", async () => {
    for (const id of ["a", "b", "c"]) append(id, 10);
    append("a", 10);
    append("d", 10);
    for (const [index, id] of ["b", "a"].entries()) transcribe(id, index);
    await answer(0, { text: "", tokens: [] });
    await answer(1, { text: "", tokens: [] });
    expect(calls.map(({ samples }) => samples)).toEqual([0, 20]);
  });

  it("refuses requests above the length of its queue with ears-unavailable", () => {
    for (let requestId = 0; requestId < 7; requestId++) transcribe("a", requestId);
    expect(replies).toMatchObject(
      [5, 6].map((requestId) => ({ type: "failed", requestId, error: { code: "ears-unavailable" } })),
    );
  });

  it.each([
    undefined,
    "text",
    {},
    { type: "transcribe" },
    { type: "append", utteranceId: "a", samples: [1, 2] },
    { type: "other" },
  ])("ignores the malformed message %j", async (message) => {
    server.handle(message);
    append("a", 10);
    transcribe("a", 1);
    await answer(0, { text: "Yes", tokens: [] });
    expect(replies).toMatchObject([{ type: "transcript", audioMs: 0.625 }]);
  });

  it("on stop ends the decode in progress, cancels what waits, and only then frees the model", async () => {
    transcribe("a", 1);
    transcribe("b", 2);
    server.handle({ type: "stop" });
    transcribe("c", 3);
    await settle();
    expect(isClosed).toBe(false);
    await answer(0, { text: "Yes", tokens: [] });
    await Promise.all([server.stopped, server.stop()]);
    expect(isClosed).toBe(true);
    expect(calls).toHaveLength(1);
    expect(replies).toMatchObject([
      { requestId: 2, error: { code: "cancelled" } },
      { requestId: 3, error: { code: "cancelled" } },
      { requestId: 1, text: "Yes" },
    ]);
  });
});
