import { beforeAll, describe, expect, it } from "vitest";
import { gainToDb } from "#contracts/units";
import { concatFloat, rms } from "#core/audio/pcm";
import { ECHO_WINDOW_SAMPLES, type EchoCancellerFactory, type PlayedSound } from "#core/ports/echo-canceller";
import { echoOf, seededRandom } from "./simulated-room";
import { loadSpeechClips } from "./speech-fixtures";

const RATE_HZ = 16_000;
const ROOM = { returnDb: -5, delayMs: 80, tailMs: 250 };
const PLAYED_FROM_SAMPLE = RATE_HZ / 2;
/** A canceller may give out the microphone so much later. */
const MAX_LATENCY_SAMPLES = RATE_HZ / 50;

/** What every echo canceller must do. */
export function describeEchoCancellerContract(name: string, setUp: () => Promise<EchoCancellerFactory>): void {
  describe(`echo canceller: ${name}`, () => {
    let factory: EchoCancellerFactory;
    let readings: Float32Array;
    let phrases: Float32Array;
    beforeAll(async () => {
      factory = await setUp();
      const clips = loadSpeechClips().map(({ samples }) => samples);
      readings = concatFloat([new Float32Array(PLAYED_FROM_SAMPLE), ...clips.slice(0, 3)]);
      phrases = concatFloat(clips.slice(5));
    });

    const clean = (played: Float32Array, microphone: Float32Array) => {
      const canceller = factory.create(playedFrom(played));
      const windows = [];
      for (let endSample = ECHO_WINDOW_SAMPLES; endSample <= microphone.length; endSample += ECHO_WINDOW_SAMPLES) {
        const samples = microphone.slice(endSample - ECHO_WINDOW_SAMPLES, endSample);
        windows.push(...canceller.process({ samples, endSample }));
      }
      canceller.dispose();
      return { windows, rest: concatFloat(windows.map(({ samples }) => samples)) };
    };

    it("takes at least 10 dB of a linear echo away after 2 s, and knows it as echo", () => {
      const echo = echoOf(readings, ROOM, seededRandom(7));
      const { windows, rest } = clean(readings, echo);
      const fromSample = PLAYED_FROM_SAMPLE + 2 * RATE_HZ;
      expect(gainToDb(rms(echo.subarray(fromSample)) / rms(rest.subarray(fromSample)))).toBeGreaterThan(10);
      const loud = windows.filter(({ levels }) => levels !== undefined && gainToDb(levels.microphone) > -35);
      const known = loud.filter(({ echoLikelihood = 0 }) => echoLikelihood > 0.5);
      expect(known.length / loud.length).toBeGreaterThan(0.9);
    });

    it("lets a near voice through as it is while nothing is played", () => {
      const { windows, rest } = clean(new Float32Array(phrases.length), phrases);
      expect(Math.abs(gainToDb(rms(rest) / rms(phrases.subarray(0, rest.length))))).toBeLessThan(3);
      expect(windows.every(({ echoLikelihood, levels }) => (echoLikelihood ?? levels) === undefined)).toBe(true);
    });

    it("lets the near voice through in its own time, within 20 ms", () => {
      const click = new Float32Array(10 * ECHO_WINDOW_SAMPLES);
      const atSample = 4.3 * ECHO_WINDOW_SAMPLES;
      click.fill(0.5, atSample, atSample + 16);
      const { rest } = clean(new Float32Array(click.length), click);
      expect(rms(rest.subarray(0, atSample - 16))).toBeLessThan(1e-3);
      expect(rms(rest.subarray(atSample, atSample + MAX_LATENCY_SAMPLES))).toBeGreaterThan(0.05);
    });

    it("makes no sound of silence, whether something is played or not", () => {
      const silence = new Float32Array(4 * RATE_HZ);
      for (const played of [silence, readings]) expect(rms(clean(played, silence).rest)).toBeLessThan(1e-4);
    });

    it("gives windows of the length it is given, and leaves those alone", () => {
      const given = phrases.slice(0, ECHO_WINDOW_SAMPLES);
      const canceller = factory.create(playedFrom(readings));
      const windows = canceller.process({ samples: given, endSample: ECHO_WINDOW_SAMPLES });
      expect(windows.map(({ samples }) => samples.length)).toEqual([ECHO_WINDOW_SAMPLES]);
      canceller.dispose();
      expect(given).toEqual(phrases.slice(0, ECHO_WINDOW_SAMPLES));
    });

    it("is freed by dispose, which may come twice: hundreds in turn need no more than a few", () => {
      const useOne = (): void => {
        const canceller = factory.create(playedFrom(readings));
        canceller.process({ samples: new Float32Array(ECHO_WINDOW_SAMPLES), endSample: ECHO_WINDOW_SAMPLES });
        canceller.dispose();
        canceller.dispose();
      };
      for (let i = 0; i < 50; i++) useOne();
      const before = process.memoryUsage().rss;
      for (let i = 0; i < 300; i++) useOne();
      expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(60);
    });
  });
}

function playedFrom(samples: Float32Array): PlayedSound {
  return {
    startCount: 1,
    moveCount: 0,
    isDated: true,
    read(fromSample, out) {
      for (let i = 0; i < out.length; i++) out[i] = samples[Math.round(fromSample) + i] ?? 0;
      return out.some((sample) => sample !== 0);
    },
  };
}
