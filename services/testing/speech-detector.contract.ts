import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SpeechDetector, SpeechDetectorFactory } from "#core/ports/speech-detector";

export interface SpeechDetectorHarness {
  factory: SpeechDetectorFactory;
  /** At least a second of speech, 16 kHz. */
  speech: Float32Array;
}

/** What every speech detector must do. */
export function describeSpeechDetectorContract(name: string, setUp: () => Promise<SpeechDetectorHarness>): void {
  describe(`speech detector: ${name}`, () => {
    let harness: SpeechDetectorHarness;
    beforeAll(async () => {
      harness = await setUp();
    });
    afterAll(() => harness.factory.dispose());

    it("gives a probability for each window: high in speech, low in silence", async () => {
      const detector = harness.factory.create();
      const silence = await detectAll(detector, new Float32Array(detector.windowSamples * 20));
      const speech = await detectAll(detector, harness.speech);
      expect(Math.max(...silence)).toBeLessThan(0.35);
      expect(Math.max(...speech)).toBeGreaterThan(0.8);
      for (const probability of [...silence, ...speech]) {
        expect(probability).toBeGreaterThanOrEqual(0);
        expect(probability).toBeLessThanOrEqual(1);
      }
    });

    it("answers as a new one after a reset", async () => {
      const detector = harness.factory.create();
      const first = await detectAll(detector, harness.speech);
      detector.reset();
      expect(await detectAll(detector, harness.speech)).toEqual(first);
    });

    it("forgets a window that was being examined when it was reset", async () => {
      const detector = harness.factory.create();
      const first = await detectAll(detector, harness.speech);
      const running = detector.detect(harness.speech.subarray(0, detector.windowSamples));
      detector.reset();
      await running;
      expect(await detectAll(detector, harness.speech)).toEqual(first);
    });

    it("keeps the detectors of one factory apart", async () => {
      const [left, right] = [harness.factory.create(), harness.factory.create()];
      const alone = await detectAll(harness.factory.create(), harness.speech);
      const together: number[] = [];
      for (const window of windowsOf(left, harness.speech)) {
        await right.detect(new Float32Array(right.windowSamples));
        together.push(await left.detect(window));
      }
      expect(together).toEqual(alone);
    });

    it("lets the caller reuse the window's memory", async () => {
      const alone = await detectAll(harness.factory.create(), harness.speech);
      const detector = harness.factory.create();
      const reused = new Float32Array(detector.windowSamples);
      const seen: number[] = [];
      for (const window of windowsOf(detector, harness.speech)) {
        reused.set(window);
        const answer = detector.detect(reused);
        reused.fill(1);
        seen.push(await answer);
      }
      expect(seen).toEqual(alone);
    });

    it("refuses a window of another length", async () => {
      const detector = harness.factory.create();
      await expect(detector.detect(new Float32Array(detector.windowSamples - 1))).rejects.toThrow(RangeError);
    });

    it("refuses a second window while the first is being examined, and goes on afterwards", async () => {
      const detector = harness.factory.create();
      const window = new Float32Array(detector.windowSamples);
      const first = detector.detect(window);
      await expect(detector.detect(window)).rejects.toMatchObject({ code: "internal" });
      await first;
      await expect(detector.detect(window)).resolves.toBeLessThan(0.35);
    });

    it("rejects with cancelled after dispose", async () => {
      const detector = harness.factory.create();
      detector.dispose();
      await expect(detector.detect(new Float32Array(detector.windowSamples))).rejects.toMatchObject({
        code: "cancelled",
      });
    });

    it("rejects with cancelled after its factory was disposed, and answers what was running", async () => {
      const { factory } = await setUp();
      const detector = factory.create();
      const running = detector.detect(new Float32Array(detector.windowSamples));
      factory.dispose();
      factory.dispose();
      await expect(running).resolves.toBeLessThan(0.35);
      await expect(detector.detect(new Float32Array(detector.windowSamples))).rejects.toMatchObject({
        code: "cancelled",
      });
    });
  });
}

function windowsOf(detector: SpeechDetector, samples: Float32Array): Float32Array[] {
  const count = Math.floor(samples.length / detector.windowSamples);
  return Array.from({ length: count }, (_, i) =>
    samples.slice(i * detector.windowSamples, (i + 1) * detector.windowSamples),
  );
}

/** The probability of each full window, in order. */
export async function detectAll(detector: SpeechDetector, samples: Float32Array): Promise<number[]> {
  const probabilities: number[] = [];
  for (const window of windowsOf(detector, samples)) probabilities.push(await detector.detect(window));
  return probabilities;
}
