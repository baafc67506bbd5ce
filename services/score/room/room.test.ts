import { expect, it } from "vitest";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { gainToDb } from "#contracts/units";
import { concatFloat, rms } from "#core/audio/pcm";
import { createSeededRandom } from "#core/random/seeded-random";
import { Room, type EchoPath } from "./room";

const resamplers = await createSpeexResamplerFactory();
const FRAME = 320;
const QUIET_DB = -120;

/** What the microphone hears of `frames` frames in which the speaker plays what `playedAt` says, sample by sample at 48 kHz. */
function listen(
  options: { echo?: Partial<EchoPath>; noiseDb?: number; user?: number },
  frames: number,
  playedAt: (sample: number) => number,
): Float32Array {
  const echo =
    options.echo === undefined
      ? undefined
      : { returnDb: 0, delayMs: 40, tailMs: 200, driftPpm: 0, isDistorting: false, ...options.echo };
  const room = new Room(
    { echo, noiseDb: options.noiseDb ?? QUIET_DB },
    { random: createSeededRandom(1, "room"), resamplers },
  );
  const heard = Array.from({ length: frames }, (_, frame) => {
    // The speaker is one frame ahead of the microphone.
    const played = Float32Array.from({ length: 960 }, (_, at) => playedAt((frame - 1) * 960 + at));
    return room.hear(new Float32Array(FRAME).fill(options.user ?? 0), played);
  });
  room.dispose();
  return concatFloat(heard);
}
const tone = (sample: number): number => (sample < 0 ? 0 : 0.3 * Math.sin((2 * Math.PI * 700 * sample) / 48_000));
const noise = (): ((sample: number) => number) => {
  const random = createSeededRandom(7, "played");
  return (sample) => (sample < 0 ? 0 : (random() - 0.5) * 0.4);
};

it("[SC30] headphones: the user alone", () => {
  const heard = listen({ user: 0.25 }, 10, tone);
  expect(Math.max(...heard.map((sample) => Math.abs(sample - 0.25)))).toBeLessThan(1e-4);
});
it("[SC31] the echo comes back as loud as its return says", () => {
  const heard = listen({ echo: { returnDb: -5 } }, 200, noise());
  const playedInBandDb = gainToDb(rms(listen({ echo: { returnDb: 0 } }, 200, noise())));
  expect(gainToDb(rms(heard.subarray(16_000))) - playedInBandDb).toBeCloseTo(-5, 0);
});
it("[SC31] the echo comes after the frame of 20 ms and the delay, and its tail dies away", () => {
  // A click at 100 ms.
  const heard = listen({ echo: { delayMs: 60, tailMs: 200 } }, 60, (sample) => (sample === 4_800 ? 0.9 : 0));
  const first = heard.findIndex((sample) => Math.abs(sample) > 0.01);
  expect(first / 16).toBeGreaterThan(178);
  expect(first / 16).toBeLessThan(182);
  expect(rms(heard.subarray(6_400, 9_600))).toBeLessThan(rms(heard.subarray(first, 3_200)) / 30);
});
it("[SC31] drift moves the echo by the difference of the clocks", () => {
  const click = (atMs: number) => (sample: number) => (sample === atMs * 48 ? 0.9 : 0);
  const placeOf = (driftPpm: number): number => {
    const heard = listen({ echo: { driftPpm } }, 1_050, click(20_000));
    return heard.reduce((loudest, sample, at) => (Math.abs(sample) > Math.abs(heard[loudest] ?? 0) ? at : loudest), 0);
  };
  // 100 parts in a million of 20 s are 2 ms, 32 samples.
  expect(placeOf(100) - placeOf(0)).toBeGreaterThan(29);
  expect(placeOf(100) - placeOf(0)).toBeLessThan(35);
});
it("[SC33] a loudspeaker that distorts plays what is quiet as it is, and makes noise and overtones of what is loud", () => {
  const quietly = (sample: number): number => tone(sample) / 10;
  const errorDb = (played: (sample: number) => number): number => {
    const clean = listen({ echo: { isDistorting: false } }, 60, played);
    const heard = listen({ echo: { isDistorting: true } }, 60, played);
    return gainToDb(rms(heard.map((sample, at) => sample - (clean[at] ?? 0))) / rms(clean));
  };
  expect(errorDb(quietly)).toBeLessThan(-35);
  expect(errorDb(tone)).toBeGreaterThan(-8);
});
it("[SC32] the noise has its level, and the same seed hears the same", () => {
  const heard = listen({ noiseDb: -60 }, 100, () => 0);
  expect(gainToDb(rms(heard))).toBeCloseTo(-60, 0);
  expect(listen({ noiseDb: -60 }, 100, () => 0)).toEqual(heard);
});
