import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { concatFloat } from "#core/audio/pcm";
import type { SpeechDecoder } from "#core/ports/speech-decoder";
import { wordErrors } from "#core/text/word-error-rate";
import { loadSpeechClip, loadSpeechClips } from "#testing/speech-fixtures";
import { createMoonshineDecoder } from "./moonshine-decoder";
import { resolveMoonshineModels } from "./resolve-moonshine-models";

const HALF_SECOND_SAMPLES = 8_000;

describe("moonshine tiny", () => {
  let decoder: SpeechDecoder;
  const folder = mkdtempSync(path.join(tmpdir(), "parley-moonshine-"));
  beforeAll(async () => {
    decoder = await createMoonshineDecoder(resolveMoonshineModels());
  });
  afterAll(async () => {
    await decoder.close();
    rmSync(folder, { recursive: true });
  });

  it("hears recorded sentences with at most 6 % wrong words, decoded in one go and with partials every 500 ms alike", async () => {
    let plainErrors = 0;
    let partialErrors = 0;
    let referenceWords = 0;
    for (const clip of loadSpeechClips()) {
      const plain = await decoder.decode(clip.samples, []);
      const grown = await decodeGrowing(decoder, clip.samples);
      expect(grown, clip.name).toEqual(plain.text);
      plainErrors += wordErrors(clip.reference, plain.text).errors;
      partialErrors += wordErrors(clip.reference, grown).errors;
      referenceWords += wordErrors(clip.reference, "").referenceWords;
    }
    expect(plainErrors / referenceWords).toBeLessThanOrEqual(0.06);
    expect(partialErrors / referenceWords).toBeLessThanOrEqual(0.06);
  });

  it("gives the plain decode's text for any tokens it is handed", async () => {
    const { samples } = loadSpeechClip("0880");
    const plain = await decoder.decode(samples, []);
    const other = await decoder.decode(loadSpeechClip("0930").samples, []);
    const longer = [...plain.tokens, ...other.tokens];
    for (const tokens of [
      plain.tokens,
      other.tokens,
      longer,
      plain.tokens.slice(0, 3),
      Array.from({ length: 500 }, () => 7),
    ]) {
      expect(await decoder.decode(samples, tokens)).toEqual(plain);
    }
  });

  it("hears nothing in silence, in noise and in a tone", async () => {
    let seed = 1;
    const noise = Float32Array.from(
      { length: 32_000 },
      () => ((seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5) * 0.02,
    );
    const tone = Float32Array.from({ length: 32_000 }, (_, i) => 0.3 * Math.sin((2 * Math.PI * 440 * i) / 16_000));
    for (const samples of [new Float32Array(32_000), noise, tone])
      expect((await decoder.decode(samples, [])).text).toBe("");
  });

  it("never decodes less than 0.4 s, where the model would invent words", async () => {
    const { samples } = loadSpeechClip("0880");
    for (const length of [0, 1, 1_000, 2_400, 6_399]) {
      expect(await decoder.decode(samples.subarray(8_000, 8_000 + length), [])).toEqual({ text: "", tokens: [] });
    }
  });

  it("hears 25 s in one piece and refuses more with utterance-too-long", async () => {
    const speech = concatFloat(loadSpeechClips().map((clip) => clip.samples)).subarray(0, 25 * 16_000);
    const { text } = await decoder.decode(speech, []);
    expect(text).toMatch(/^And Mr\. John Dashwood/);
    expect(text.split(" ").length).toBeGreaterThan(55);
    await expect(decoder.decode(new Float32Array(25 * 16_000 + 1), [])).rejects.toMatchObject({
      code: "utterance-too-long",
    });
  });

  it("refuses a second decode while one runs", async () => {
    const { samples } = loadSpeechClip("001");
    const first = decoder.decode(samples, []);
    await expect(decoder.decode(samples, [])).rejects.toMatchObject({ code: "internal" });
    expect((await first).text).toBe("Ten of clubs.");
  });

  it("ends the decode in progress before it closes, and rejects with cancelled afterwards", async () => {
    const closing = await createMoonshineDecoder(resolveMoonshineModels());
    const { samples } = loadSpeechClip("001");
    const running = closing.decode(samples, []);
    await closing.close();
    expect((await running).text).toBe("Ten of clubs.");
    await expect(closing.decode(samples, [])).rejects.toMatchObject({ code: "cancelled" });
    await closing.close();
  });

  it("says model-missing when a file is absent or damaged", async () => {
    const { encoderPath } = resolveMoonshineModels();
    const damaged = path.join(folder, "damaged.onnx");
    writeFileSync(damaged, Buffer.alloc(1000));
    for (const decoderPath of [path.join(folder, "absent.onnx"), damaged]) {
      await expect(createMoonshineDecoder({ encoderPath, decoderPath })).rejects.toMatchObject({
        code: "model-missing",
      });
    }
  });
});

/** As a conversation does it: a decode every 500 ms, each helped by the one before. */
async function decodeGrowing(decoder: SpeechDecoder, samples: Float32Array): Promise<string> {
  let tokens: readonly number[] = [];
  for (let length = HALF_SECOND_SAMPLES; length < samples.length; length += HALF_SECOND_SAMPLES) {
    tokens = (await decoder.decode(samples.subarray(0, length), tokens)).tokens;
  }
  return (await decoder.decode(samples, tokens)).text;
}
