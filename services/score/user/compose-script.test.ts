import { describe, expect, it } from "vitest";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { createSeededRandom } from "#core/random/seeded-random";
import { activeLevelDb } from "../audio/level";
import { composeAsides, composeListening, composeQuestions, composeStory, itemsOf, type Half } from "./compose-script";
import { NOISES, laugh, mmHm } from "./noises";
import { SoundMaker } from "./sound-maker";
import { BACKCHANNELS, INTERRUPTIONS, PAUSED_QUESTIONS, QUESTIONS, SIDE_TALK } from "./texts";
import type { ScriptStep, UserSound } from "./user-sound";

const resamplers = await createSpeexResamplerFactory();

/** Says each text as a tone with silence around it, 100 ms for each letter. */
const speech = {
  voices: ["one", "two"],
  speak: (_voice: string, parts: readonly string[]) =>
    Promise.resolve(
      parts.map((text) =>
        Float32Array.from({ length: 3_200 + text.length * 160 }, (_, at) =>
          at < 1_600 || at >= 1_600 + text.length * 160 ? 0 : 0.3 * Math.sin(at / 3),
        ),
      ),
    ),
};

function depsFor(seed: number, half: Half = "held-out") {
  const random = createSeededRandom(seed, half);
  return { maker: new SoundMaker({ speech, resamplers, random }), random, half };
}
function soundsOf(steps: readonly ScriptStep[]): UserSound[] {
  return steps.flatMap((step) =>
    step.type === "listen" ? [step.prompt] : step.type === "overlap" ? [step.prompt, step.sound] : [step.sound],
  );
}

describe("a composed script", () => {
  it("is the same for the same seed and another one for another", async () => {
    const first = await composeStory(depsFor(1), 5);
    expect(await composeStory(depsFor(1), 5)).toEqual(first);
    expect(await composeStory(depsFor(2), 5)).not.toEqual(first);
  });
  it("has pauses of 200 to 600 ms in two of three questions, and silence in them", async () => {
    const sounds = soundsOf(await composeQuestions(depsFor(4), 9));
    const paused = sounds.filter(({ pauses }) => pauses.length > 0);
    expect(paused).toHaveLength(6);
    for (const { pauses, samples } of paused) {
      for (const { startSample, endSample } of pauses) {
        expect(endSample - startSample).toBeGreaterThanOrEqual(200 * 16);
        expect(endSample - startSample).toBeLessThanOrEqual(600 * 16);
        expect(samples.subarray(startSample, endSample).every((sample) => sample === 0)).toBe(true);
      }
    }
  });
  it("every sound starts with its onset, ends with its end, and has its level", async () => {
    const steps = [
      ...(await composeStory(depsFor(5), 12)),
      ...(await composeAsides(depsFor(6), 4)),
      ...(await composeListening(depsFor(7), { count: 1, listenMs: 1_000 })),
    ];
    for (const { samples, levelDb, kind } of soundsOf(steps)) {
      expect(samples.length).toBeGreaterThan(0);
      const edge = Math.max(...samples.subarray(0, 160).map(Math.abs));
      expect(edge).toBeGreaterThan(0);
      // A sharp tick at a high level is clipped a little.
      if (kind !== "noise") expect(activeLevelDb(samples, 16_000)).toBeCloseTo(levelDb, 0);
    }
  });
  it("the halves share no text", () => {
    for (const list of [
      ...Object.values(QUESTIONS),
      ...Object.values(PAUSED_QUESTIONS),
      ...Object.values(INTERRUPTIONS),
      BACKCHANNELS,
      SIDE_TALK,
    ]) {
      const items: readonly string[] = list;
      expect(new Set(items).size).toBe(items.length);
      expect(itemsOf(items, "tuning").filter((text) => itemsOf(items, "held-out").includes(text))).toEqual([]);
      expect(itemsOf(items, "tuning").length).toBeGreaterThanOrEqual(2);
      expect(itemsOf(items, "held-out").length).toBeGreaterThanOrEqual(2);
    }
  });
});

describe("synthesised sounds", () => {
  it.each([...Object.entries(NOISES), ["mm-hm", mmHm], ["laugh", laugh]] as const)(
    "%s: within full scale, never twice the same",
    (_name, make) => {
      const [first, again, other] = [
        make(createSeededRandom(1, "x")),
        make(createSeededRandom(1, "x")),
        make(createSeededRandom(2, "x")),
      ];
      expect(again).toEqual(first);
      expect(other).not.toEqual(first);
      expect(first.every((sample) => Math.abs(sample) <= 1)).toBe(true);
      expect(Math.max(...first.map(Math.abs))).toBeGreaterThan(0.3);
    },
  );
});
