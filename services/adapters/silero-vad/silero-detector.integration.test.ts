import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, describe, expect, it } from "vitest";
import { SpeechSegmenter } from "#core/speech/speech-segmenter";
import type { SpeechDetectorFactory } from "#core/ports/speech-detector";
import { DIST_ENTRY_FOLDER } from "#testing/dist-entry";
import { describeSpeechDetectorContract, detectAll } from "#testing/speech-detector.contract";
import { loadSpeechClip, loadSpeechClips } from "#testing/speech-fixtures";
import { resolveSileroModel } from "./resolve-silero-model";
import { createSileroDetectorFactory } from "./silero-detector";
import { SILERO_WINDOW_SAMPLES } from "./silero-model";

const threadUrl = new URL("silero-thread.js", DIST_ENTRY_FOLDER);
const load = () => createSileroDetectorFactory({ modelPath: resolveSileroModel() });
const loadInThread = () => createSileroDetectorFactory({ modelPath: resolveSileroModel(), threadUrl });

describeSpeechDetectorContract("silero v6", async () => ({
  factory: await load(),
  speech: loadSpeechClip("0880").samples,
}));

describeSpeechDetectorContract("silero v6 in a thread", async () => ({
  factory: await loadInThread(),
  speech: loadSpeechClip("0880").samples,
}));

describe("silero v6", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "parley-silero-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("puts the last 64 samples before each window in front of it", async () => {
    const factory = await load();
    const clip = loadSpeechClip("0880").samples;
    expect(await detectAll(factory.create(), clip)).toEqual(await detectByHand(clip));
    factory.dispose();
  });

  it("finds speech in most windows of every recorded sentence; a window without context would give none", async () => {
    const factory = await load();
    for (const clip of loadSpeechClips()) {
      const probabilities = await detectAll(factory.create(), clip.samples);
      const voiced = probabilities.filter((probability) => probability > 0.5).length;
      expect(voiced / probabilities.length, clip.name).toBeGreaterThan(0.4);
    }
    factory.dispose();
  });

  it("takes white noise and a steady tone for silence", async () => {
    const factory = await load();
    let seed = 1;
    const noise = Float32Array.from(
      { length: 32_000 },
      () => ((seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5) * 0.2,
    );
    const tone = Float32Array.from({ length: 32_000 }, (_, i) => 0.3 * Math.sin((2 * Math.PI * 440 * i) / 16_000));
    for (const samples of [noise, tone]) {
      const segmenter = new SpeechSegmenter();
      const probabilities = await detectAll(factory.create(), samples);
      expect(
        probabilities.flatMap((probability, i) =>
          segmenter.push({ probability, endSample: (i + 1) * SILERO_WINDOW_SAMPLES }),
        ),
      ).toEqual([]);
    }
    factory.dispose();
  });

  it("answers in a thread to the bit as on the calling one, with several detectors at once", async () => {
    const [here, there] = [await load(), await loadInThread()];
    const clips = loadSpeechClips().slice(0, 3);
    const all = (factory: SpeechDetectorFactory): Promise<number[][]> =>
      Promise.all(clips.map(({ samples }) => detectAll(factory.create(), samples)));
    expect(await all(there)).toEqual(await all(here));
    for (const factory of [here, there]) factory.dispose();
  });

  it("recovers after a window of numbers that are not finite", async () => {
    const factory = await load();
    const detector = factory.create();
    const clip = loadSpeechClip("0880").samples;
    const expected = await detectAll(factory.create(), clip);
    expect(await detector.detect(new Float32Array(SILERO_WINDOW_SAMPLES).fill(Number.NaN))).toBe(0);
    expect(await detectAll(detector, clip)).toEqual(expected);
    factory.dispose();
  });

  it("says model-missing when the file is absent, damaged or another model", async () => {
    const damaged = path.join(folder, "damaged.onnx");
    writeFileSync(damaged, "not a model");
    const other = resolveSileroModel().replace("_v6", "_legacy");
    for (const modelPath of [path.join(folder, "absent.onnx"), damaged, other]) {
      await expect(createSileroDetectorFactory({ modelPath })).rejects.toMatchObject({ code: "model-missing" });
      await expect(createSileroDetectorFactory({ modelPath, threadUrl })).rejects.toMatchObject({
        code: "model-missing",
      });
    }
  });
});

/** The model's contract written out: the stream with 64 zeros before it, in steps of 512, each taken with the 64 before it. */
async function detectByHand(samples: Float32Array): Promise<number[]> {
  const session = await InferenceSession.create(resolveSileroModel());
  const padded = new Float32Array(64 + samples.length);
  padded.set(samples, 64);
  const probabilities: number[] = [];
  let state: Tensor = new Tensor("float32", new Float32Array(256), [2, 1, 128]);
  for (let at = 0; at + 576 <= padded.length; at += 512) {
    const input = new Tensor("float32", padded.slice(at, at + 576), [1, 576]);
    const { output, stateN } = await session.run({
      input,
      state,
      sr: new Tensor("int64", BigInt64Array.of(16_000n), []),
    });
    if (output === undefined || stateN === undefined) throw new Error("the model has other outputs");
    probabilities.push(Number(output.data[0]));
    state = stateN;
  }
  await session.release();
  return probabilities;
}
