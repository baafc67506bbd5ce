import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AsrEngine } from "#core/ports/asr-engine";

export interface AsrEngineHarness {
  engine: AsrEngine;
  /** 1 to 10 s of speech in which the engine hears words, and all of them within its first 90 %. */
  speech: Float32Array;
}

/** What every ASR engine must do. `setUp` is called more than once. */
export function describeAsrEngineContract(name: string, setUp: () => Promise<AsrEngineHarness>): void {
  describe(`ASR engine: ${name}`, () => {
    let engine: AsrEngine;
    let speech: Float32Array;
    beforeAll(async () => {
      ({ engine, speech } = await setUp());
    });
    afterAll(() => engine.close());

    const hear = async (...parts: Float32Array[]): Promise<string> => {
      const utterance = engine.openUtterance();
      for (const part of parts) utterance.append(part);
      const { text } = await utterance.transcribe();
      utterance.dispose();
      return text;
    };

    it("hears words in speech and none in silence", async () => {
      expect(await hear(speech)).toMatch(/\w/);
      expect(await hear(new Float32Array(16_000))).toBe("");
    });

    it("is ready once it has answered", async () => {
      await hear(speech);
      expect(engine.isReady()).toBe(true);
    });

    it("hears the same however the audio is cut", async () => {
      expect(await hear(speech.subarray(0, 3_001), new Float32Array(0), speech.subarray(3_001))).toBe(
        await hear(speech),
      );
    });

    it("covers everything appended before the call", async () => {
      const utterance = engine.openUtterance();
      utterance.append(speech.subarray(0, 8_000));
      const first = utterance.transcribe();
      expect((await first).audioMs).toBe(500);
      utterance.append(speech.subarray(8_000, 16_000));
      expect((await utterance.transcribe()).audioMs).toBe(1_000);
      utterance.dispose();
    });

    it("gives an empty text before any audio, and below 0.4 s", async () => {
      expect(await hear()).toBe("");
      expect(await hear(speech.subarray(0, 6_399))).toBe("");
    });

    it("hears silence after the audio when asked to, and does not count it", async () => {
      const utterance = engine.openUtterance();
      utterance.append(speech);
      const [plain, padded] = await Promise.all([
        utterance.transcribe(),
        utterance.transcribe({ trailingSilenceMs: 300 }),
      ]);
      expect(padded.text).toMatch(/\w/);
      expect(padded.audioMs).toBe(plain.audioMs);
      utterance.dispose();
      const short = engine.openUtterance();
      short.append(new Float32Array(3_200));
      expect((await short.transcribe({ trailingSilenceMs: 300 })).text).toBe("");
      short.dispose();
    });

    it("answers the calls on one utterance in the order asked, each one", async () => {
      const utterance = engine.openUtterance();
      const order: number[] = [];
      const answers = [0, 1, 2, 3].map(async (index) => {
        utterance.append(speech.subarray(index * 4_000, (index + 1) * 4_000));
        const { audioMs } = await utterance.transcribe();
        order.push(index);
        return audioMs;
      });
      const lengths = await Promise.all(answers);
      expect(order).toEqual([0, 1, 2, 3]);
      lengths.forEach((audioMs, index) => expect(audioMs).toBeGreaterThanOrEqual(250 * (index + 1)));
      utterance.dispose();
    });

    it("keeps utterances apart", async () => {
      const [spoken, silent] = [engine.openUtterance(), engine.openUtterance()];
      for (let at = 0; at < speech.length; at += 4_000) {
        spoken.append(speech.subarray(at, at + 4_000));
        silent.append(new Float32Array(4_000));
      }
      const [heard, nothing] = await Promise.all([spoken.transcribe(), silent.transcribe()]);
      expect(heard.text).toBe(await hear(speech));
      expect(nothing.text).toBe("");
      spoken.dispose();
      silent.dispose();
    });

    it("lets the caller reuse the memory of appended samples", async () => {
      const reused = speech.slice();
      const utterance = engine.openUtterance();
      utterance.append(reused);
      reused.fill(0);
      expect((await utterance.transcribe()).text).toBe(await hear(speech));
      utterance.dispose();
    });

    it("refuses more than 25 s with utterance-too-long and goes on", async () => {
      const utterance = engine.openUtterance();
      for (let second = 0; second < 40; second++) utterance.append(new Float32Array(16_000));
      await expect(utterance.transcribe()).rejects.toMatchObject({ code: "utterance-too-long" });
      utterance.dispose();
      expect(await hear(speech)).toMatch(/\w/);
    });

    it("rejects with cancelled what waits when an utterance is disposed, and what is asked of it afterwards", async () => {
      const utterance = engine.openUtterance();
      utterance.append(speech);
      const waiting = utterance.transcribe();
      utterance.dispose();
      utterance.dispose();
      utterance.append(speech);
      await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
      await expect(utterance.transcribe()).rejects.toMatchObject({ code: "cancelled" });
      expect(await hear(speech)).toMatch(/\w/);
    });

    it("rejects with cancelled what waits when it is closed, and whatever is asked afterwards; closing again is harmless", async () => {
      const { engine: closing } = await setUp();
      const utterance = closing.openUtterance();
      utterance.append(speech);
      const waiting = expect(utterance.transcribe()).rejects.toMatchObject({ code: "cancelled" });
      await Promise.all([closing.close(), closing.close(), waiting]);
      expect(closing.isReady()).toBe(false);
      await expect(utterance.transcribe()).rejects.toMatchObject({ code: "cancelled" });
      await expect(closing.openUtterance().transcribe()).rejects.toMatchObject({ code: "cancelled" });
      await closing.close();
    });
  });
}
