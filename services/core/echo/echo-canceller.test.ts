import { beforeAll, describe, expect, test } from "vitest";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { concatFloat, floatToPcm, rms } from "#core/audio/pcm";
import type { ResamplerFactory } from "#core/ports/resampler";
import { gainToDb } from "#contracts/units";
import { describeEchoCancellerContract } from "#testing/echo-canceller.contract";
import { loadSpeechClips } from "#testing/speech-fixtures";
import { echoOf, seededRandom, type SimulatedRoomOptions } from "#testing/simulated-room";
import { ECHO_WINDOW_SAMPLES } from "../ports/echo-canceller";
import { KalmanEchoCanceller, ownEchoCancellers } from "./echo-canceller";
import { PlayedReference } from "./played-reference";

const RATE_HZ = 16_000;
/** How long a client takes from the first frame to its first sample. */
const START_DELAY_SAMPLES = 960;
const room: SimulatedRoomOptions = { returnDb: -5, delayMs: 80, tailMs: 250 };

let resamplers: ResamplerFactory;
let readings: Float32Array[];
let phrases: Float32Array[];
beforeAll(async () => {
  resamplers = await createSpeexResamplerFactory();
  const clips = loadSpeechClips().map((clip) => clip.samples);
  readings = clips.slice(0, 5);
  phrases = clips.slice(5);
});

interface Heard {
  /** After the canceller. */
  rest: Float32Array;
  /** Of each window. */
  likelihoods: number[];
  /** How many were held back after each window. */
  waitingWindows: number[];
  driftPpm: number;
}

/** Plays turns, each from its own second on, to a client whose reports are up to 20 ms late; the microphone is given. */
function listen(turns: { atSample: number; samples: Float32Array }[], microphone: Float32Array, seed = 1): Heard {
  const random = seededRandom(seed);
  const played = new PlayedReference(resamplers);
  const canceller = new KalmanEchoCanceller(played);
  const rest = new Float32Array(microphone.length);
  const likelihoods: number[] = [];
  const waitingWindows: number[] = [];
  let voiceSample = 0;
  const waiting = turns.map((turn) => {
    const firstSample = voiceSample;
    voiceSample += Math.ceil(turn.samples.length / 320) * 960;
    return { ...turn, firstSample, sent: 0 };
  });
  for (let endSample = ECHO_WINDOW_SAMPLES; endSample <= microphone.length; endSample += ECHO_WINDOW_SAMPLES) {
    for (const turn of waiting) {
      const playedSamples = endSample - turn.atSample;
      const due = Math.min(turn.samples.length, playedSamples + START_DELAY_SAMPLES + 6_400);
      for (; playedSamples >= -START_DELAY_SAMPLES && turn.sent < due; turn.sent += 320) {
        const pcm = floatToPcm(tripled(turn.samples.subarray(turn.sent, turn.sent + 320)));
        const isLast = turn.sent + 320 >= turn.samples.length;
        played.frameSent({ sampleIndex: turn.firstSample + turn.sent * 3, pcm, isLast }, endSample);
      }
      const position = playedSamples - Math.floor(random() * 320);
      if (position > 0 && position < turn.samples.length) played.reported(turn.firstSample + position * 3, endSample);
    }
    const samples = microphone.slice(endSample - ECHO_WINDOW_SAMPLES, endSample);
    for (const cleaned of canceller.process({ samples, endSample })) {
      rest.set(cleaned.samples, cleaned.endSample - ECHO_WINDOW_SAMPLES);
      likelihoods.push(cleaned.echoLikelihood ?? 0);
    }
    waitingWindows.push(endSample / ECHO_WINDOW_SAMPLES - likelihoods.length);
  }
  return { rest, likelihoods, waitingWindows, driftPpm: canceller.driftPpm };
}

/** Frames of 320 samples at 48 kHz: straight lines between the samples. */
function tripled(samples: Float32Array): Float32Array {
  return Float32Array.from({ length: 960 }, (_, i) => {
    const from = samples[Math.floor(i / 3)] ?? 0;
    const to = samples[Math.floor(i / 3) + 1] ?? from;
    return from + ((to - from) * (i % 3)) / 3;
  });
}

function placed(parts: { atSample: number; samples: Float32Array }[], lengthSamples: number): Float32Array {
  const whole = new Float32Array(lengthSamples);
  for (const { atSample, samples } of parts) whole.set(samples.subarray(0, lengthSamples - atSample), atSample);
  return whole;
}

const fromOnset = (voice: Float32Array): Float32Array =>
  voice.subarray(voice.findIndex((sample) => Math.abs(sample) > 0.03));
const sum = (a: Float32Array, b: Float32Array): Float32Array => a.map((sample, i) => sample + (b[i] ?? 0));
/** A microphone hears its own noise, −68 dBFS. */
const noisy = (near: Float32Array): Float32Array => {
  const random = seededRandom(3);
  return near.map((sample) => sample + 7e-4 * (2 * random() - 1));
};
const windowOf = (ms: number): number => Math.floor((ms * RATE_HZ) / 1000 / ECHO_WINDOW_SAMPLES);
/** Likelihoods of the windows in which this signal is louder than −45 dBFS. */
const during = (signal: Float32Array, likelihoods: number[], { fromMs, toMs }: { fromMs: number; toMs: number }) =>
  likelihoods.slice(windowOf(fromMs), windowOf(toMs)).filter((_, i) => {
    const at = (windowOf(fromMs) + i) * ECHO_WINDOW_SAMPLES;
    return gainToDb(rms(signal.subarray(at, at + ECHO_WINDOW_SAMPLES))) > -45;
  });
const share = (values: number[], isCounted: (value: number) => boolean): number =>
  values.filter(isCounted).length / values.length;

/** 25 s of reading from the first second on, and its echo. */
function reading(options: Partial<SimulatedRoomOptions> = {}, lengthSamples = 27 * RATE_HZ) {
  const turns = [{ atSample: RATE_HZ, samples: concatFloat(readings) }];
  return { turns, echo: echoOf(placed(turns, lengthSamples), { ...room, ...options }, seededRandom(7)) };
}

describeEchoCancellerContract("our own", () => Promise.resolve(ownEchoCancellers));

describe("what is played comes back from the room", () => {
  test.each([
    ["near", { delayMs: 20, tailMs: 150 }],
    ["far", { delayMs: 250, tailMs: 300 }],
    ["a clock that runs 50 ppm faster", { driftPpm: 50 }],
    ["a clock that runs 100 ppm slower", { driftPpm: -100 }],
  ])("%s: 15 dB and more are taken away after five seconds, and what is left is known as echo", (_, options) => {
    const { turns, echo } = reading(options);
    const { rest, likelihoods, driftPpm } = listen(turns, echo);
    const later = [6 * RATE_HZ, 25 * RATE_HZ] as const;
    expect(gainToDb(rms(echo.subarray(...later))) - gainToDb(rms(rest.subarray(...later)))).toBeGreaterThan(15);
    expect(share(during(echo, likelihoods, { fromMs: 1_500, toMs: 26_000 }), (value) => value > 0.5)).toBeGreaterThan(
      0.95,
    );
    expect(Math.abs(driftPpm - ("driftPpm" in options ? options.driftPpm : 0))).toBeLessThan(10);
  });

  test("the next turn is cancelled from its start on, although the reports place it anew", () => {
    const lengthSamples = 29 * RATE_HZ;
    const first = concatFloat(readings.slice(0, 3));
    const secondAtSample = first.length + 3 * RATE_HZ;
    const turns = [
      { atSample: RATE_HZ, samples: first },
      { atSample: secondAtSample, samples: concatFloat(readings.slice(3)) },
    ];
    const echo = echoOf(placed(turns, lengthSamples), room, seededRandom(7));
    for (const seed of [1, 2, 3]) {
      const { likelihoods } = listen(turns, echo, seed);
      const fromMs = (secondAtSample * 1000) / RATE_HZ;
      const second = during(echo, likelihoods, { fromMs, toMs: fromMs + 3_000 });
      expect(share(second, (value) => value > 0.5)).toBeGreaterThan(0.95);
    }
  });
});

describe("somebody speaks over it", () => {
  test("[E5] from the start of a turn on, and its echo is found all the same", () => {
    const first = concatFloat(readings.slice(0, 1));
    const secondAtSample = first.length + 3 * RATE_HZ;
    const turns = [
      { atSample: RATE_HZ, samples: first },
      { atSample: secondAtSample, samples: concatFloat(readings.slice(3)) },
    ];
    const echo = echoOf(placed(turns, secondAtSample + 5 * RATE_HZ), room, seededRandom(7));
    const fromMs = (secondAtSample * 1000) / RATE_HZ;
    // Of five phrases the one after which, without a second look at the place, half of the echo passes for a voice.
    const samples = (phrases[3] ?? new Float32Array(0)).subarray(0, RATE_HZ).map((sample) => 2 * sample);
    const near = placed([{ atSample: secondAtSample, samples }], echo.length);
    const { likelihoods } = listen(turns, sum(echo, near), 3);
    const later = during(echo, likelihoods, { fromMs: fromMs + 2_000, toMs: fromMs + 5_000 });
    expect(share(later, (value) => value > 0.5)).toBeGreaterThan(0.95);
  });

  test("[E16] from the start of a turn on, and is heard from the first syllable on", () => {
    const first = concatFloat(readings.slice(0, 2));
    const secondAtSample = first.length + 3 * RATE_HZ;
    const turns = [
      { atSample: RATE_HZ, samples: first },
      { atSample: secondAtSample, samples: fromOnset(concatFloat(readings.slice(3))) },
    ];
    const lengthSamples = secondAtSample + 2 * RATE_HZ;
    const echo = echoOf(placed(turns, lengthSamples), room, seededRandom(7));
    const fromSample = secondAtSample + (100 * RATE_HZ) / 1000;
    const found = phrases.map((voice, index) => {
      const near = placed([{ atSample: fromSample, samples: fromOnset(voice) }], lengthSamples);
      const { rest } = listen(turns, sum(echo, near), index + 1);
      const begun = [fromSample, fromSample + 0.3 * RATE_HZ] as const;
      const voiced = near.subarray(...begun);
      return gainToDb(
        rms(voiced) /
          rms(
            sum(
              rest.subarray(...begun),
              voiced.map((sample) => -sample),
            ),
          ),
      );
    });
    // 17 dB where the first windows are taken before their place is known.
    expect(found.reduce((total, db) => total + db) / found.length).toBeGreaterThan(20);
  });

  test("and is heard, as loud as the echo", () => {
    const { turns, echo } = reading();
    const user = phrases.map((samples, i) => ({ atSample: (5 + 4 * i) * RATE_HZ, samples }));
    const near = placed(user, echo.length);
    const { likelihoods, rest } = listen(turns, sum(echo, near));
    const voiced = likelihoods.flatMap((value, i) => {
      const at = i * ECHO_WINDOW_SAMPLES;
      return gainToDb(rms(near.subarray(at, at + ECHO_WINDOW_SAMPLES))) > -30 ? [{ value, at }] : [];
    });
    expect(
      share(
        voiced.map(({ value }) => value),
        (value) => value < 0.5,
      ),
    ).toBeGreaterThan(0.85);
    const error = voiced.flatMap(({ at }) =>
      Array.from(rest.subarray(at, at + 512), (sample, i) => sample - (near[at + i] ?? 0)),
    );
    const voice = voiced.flatMap(({ at }) => Array.from(near.subarray(at, at + 512)));
    expect(gainToDb(rms(Float32Array.from(voice)) / rms(Float32Array.from(error)))).toBeGreaterThan(8);
  });

  test("over headphones, and is heard as it is", () => {
    const { turns } = reading();
    const near = noisy(placed([{ atSample: 4 * RATE_HZ, samples: concatFloat(phrases) }], 27 * RATE_HZ));
    const { rest, likelihoods } = listen(turns, near);
    const spoken = [windowOf(4_200), windowOf(12_000)] as const;
    expect(share(likelihoods.slice(...spoken), (value) => value < 0.5)).toBeGreaterThan(0.7);
    const loss = sum(
      rest,
      near.map((sample) => -sample),
    ).subarray(4 * RATE_HZ, 12 * RATE_HZ);
    expect(gainToDb(rms(near.subarray(4 * RATE_HZ, 12 * RATE_HZ)) / rms(loss))).toBeGreaterThan(15);
  });

  test("[E15] over headphones whose microphone gives digital silence between words: nothing was learned, most is heard", () => {
    const { turns } = reading();
    for (const gain of [1, 0.25]) {
      const samples = concatFloat(phrases).map((sample) => gain * sample);
      const near = placed([{ atSample: 4 * RATE_HZ, samples }], 27 * RATE_HZ);
      const { likelihoods } = listen(turns, near);
      const spoken = during(near, likelihoods, { fromMs: 4_000, toMs: 12_000 });
      expect(share(spoken, (value) => value < 0.5)).toBeGreaterThan(0.7);
    }
  });
});

describe("[E9] before the room is learned", () => {
  test.each([600, 700, 900])(
    "somebody quiet who cuts in %d ms into the first answer is heard over headphones within 0.3 s",
    (afterMs) => {
      const { turns } = reading({}, 3 * RATE_HZ);
      for (const voice of phrases) {
        const onset = voice.findIndex((sample) => Math.abs(sample) > 0.03);
        const samples = voice.subarray(onset).map((sample) => sample / 4);
        const near = placed([{ atSample: RATE_HZ + (afterMs * RATE_HZ) / 1000, samples }], 3 * RATE_HZ);
        const { likelihoods } = listen(turns, noisy(near));
        const from = windowOf(1_000 + afterMs);
        const heardAt = likelihoods.findIndex(
          (value, i) => i >= from && value < 0.5 && (likelihoods[i + 1] ?? 1) < 0.5,
        );
        expect(heardAt).toBeGreaterThanOrEqual(from);
        expect((heardAt - from) * 32).toBeLessThanOrEqual(300);
      }
    },
  );

  test.each([600, 2_000, 6_000])(
    "[E15] who cuts in %d ms into the first answer is heard where the microphone has given digital silence so far",
    (afterMs) => {
      const { turns } = reading({}, 8 * RATE_HZ);
      for (const gain of [1, 0.25])
        for (const voice of phrases) {
          const samples = fromOnset(voice).map((sample) => gain * sample);
          const near = placed([{ atSample: RATE_HZ + (afterMs * RATE_HZ) / 1000, samples }], 9 * RATE_HZ);
          const { likelihoods } = listen(turns, near);
          const begun = { fromMs: 1_000 + afterMs, toMs: 1_500 + afterMs };
          expect(share(during(near, likelihoods, begun), (value) => value < 0.5)).toBeGreaterThan(0.8);
        }
    },
  );

  test.each([20, 80, 140, 250])(
    "an echo after %d ms, strong or faint, is known as echo from its start on",
    (delayMs) => {
      for (const returnDb of [-5, -15, -25]) {
        const { turns, echo } = reading({ delayMs, returnDb }, 4 * RATE_HZ);
        const { likelihoods } = listen(turns, echo);
        expect(
          share(during(echo, likelihoods, { fromMs: 1_000, toMs: 4_000 }), (value) => value > 0.5),
        ).toBeGreaterThan(0.95);
      }
    },
  );
});

describe("[E15] the microphone is muted while the agent speaks, and opened while it goes on", () => {
  const muted = (samples: Float32Array, { fromMs, toMs }: { fromMs: number; toMs: number }): Float32Array =>
    samples.map((sample, i) => (i >= (fromMs * RATE_HZ) / 1000 && i < (toMs * RATE_HZ) / 1000 ? 0 : sample));
  const isKnown = (value: number): boolean => value > 0.5;

  test.each([
    ["for ten seconds, once the room is known", { fromMs: 8_000, toMs: 18_000 }],
    ["in the middle of a window", { fromMs: 8_013, toMs: 11_007 }],
  ])("%s: what comes back is known as echo at once", (_, pause) => {
    for (const returnDb of [-5, -15]) {
      const { turns, echo } = reading({ returnDb });
      const { likelihoods } = listen(turns, muted(echo, pause));
      const { toMs } = pause;
      expect(share(during(echo, likelihoods, { fromMs: toMs, toMs: toMs + 1_000 }), isKnown)).toBeGreaterThan(0.9);
      expect(share(during(echo, likelihoods, { fromMs: toMs, toMs: toMs + 8_000 }), isKnown)).toBeGreaterThan(0.97);
    }
  });

  test("from the first word on, for what was heard there was no echo: what comes back is known as one within a second", () => {
    for (const returnDb of [-5, -15]) {
      const { turns, echo } = reading({ returnDb });
      const { likelihoods } = listen(turns, muted(echo, { fromMs: 0, toMs: 8_000 }));
      expect(share(during(echo, likelihoods, { fromMs: 9_000, toMs: 16_000 }), isKnown)).toBeGreaterThan(0.97);
    }
  });

  test("in the middle of the user's own word: the rest of it is heard, and no echo passes for it", () => {
    const { turns, echo } = reading();
    const pause = { fromMs: 8_000, toMs: 11_000 };
    const word = phrases[1] ?? new Float32Array(0);
    const near = placed(
      [pause.fromMs, pause.toMs].map((atMs) => ({ atSample: ((atMs - 300) * RATE_HZ) / 1000, samples: word })),
      echo.length,
    );
    const { likelihoods } = listen(turns, muted(sum(echo, near), pause));
    const spokenUntilMs = pause.toMs - 300 + (word.length * 1000) / RATE_HZ;
    const spoken = during(near, likelihoods, { fromMs: pause.toMs, toMs: spokenUntilMs });
    expect(share(spoken, (value) => value < 0.5)).toBeGreaterThan(0.8);
    const later = during(echo, likelihoods, { fromMs: spokenUntilMs, toMs: 26_000 });
    expect(share(later, isKnown)).toBeGreaterThan(0.97);
  });
});

test("while nothing is played, the microphone goes through untouched", () => {
  const near = concatFloat(phrases);
  const { rest, likelihoods } = listen([], near);
  const whole = Math.floor(near.length / ECHO_WINDOW_SAMPLES) * ECHO_WINDOW_SAMPLES;
  expect(rest.subarray(0, whole)).toEqual(near.subarray(0, whole));
  expect(likelihoods.every((value) => value === 0)).toBe(true);
});

describe("[E17] the room that was learned is no longer there", () => {
  const AT_SAMPLE = 10 * RATE_HZ;
  const isHeard = (value: number): boolean => value < 0.5;
  test.each([
    ["headphones come off", undefined, 0],
    ["another microphone, nearer to the loudspeaker, after 0.3 s without one", { delayMs: 40 }, 300],
    ["another microphone that takes longer, after 0.3 s without one", { delayMs: 200 }, 300],
    ["another microphone, 10 dB less sensitive, after 0.3 s without one", { returnDb: -15 }, 300],
  ])("%s: the echo is known as echo again after 0.6 s of it", (_, other, gapMs) => {
    const { turns, echo: first } = reading();
    const quiet = noisy(new Float32Array(first.length));
    const before = other === undefined ? quiet : first;
    const after = echoOf(placed(turns, first.length), { ...room, ...other }, seededRandom(9));
    const openSample = AT_SAMPLE + (gapMs * RATE_HZ) / 1000;
    const microphone = before.map((sample, i) => (i < AT_SAMPLE ? sample : i < openSample ? 0 : (after[i] ?? 0)));
    const { likelihoods } = listen(turns, microphone);
    const [fromMs, toMs] = [(openSample * 1000) / RATE_HZ, 26_000];
    expect(during(after, likelihoods, { fromMs, toMs }).filter(isHeard).length * 32).toBeLessThan(600);
    expect(during(after, likelihoods, { fromMs: fromMs + 1_500, toMs }).filter(isHeard)).toEqual([]);
  });
});

test("[E16] nothing is held back 0.1 s after the last sound, though its place was not found", () => {
  const [first] = readings;
  const spoken = fromOnset(first ?? new Float32Array(0)).subarray(0, 3 * RATE_HZ);
  const syllable = placed([{ atSample: 0, samples: spoken.subarray(0, RATE_HZ / 20) }], RATE_HZ);
  const turns = [
    { atSample: RATE_HZ, samples: spoken },
    { atSample: 6 * RATE_HZ, samples: syllable },
  ];
  // The second turn comes out of headphones.
  const echo = echoOf(placed(turns.slice(0, 1), 7 * RATE_HZ), room, seededRandom(7));
  const waiting = listen(turns, noisy(echo)).waitingWindows;
  expect(Math.max(...waiting.slice(windowOf(6_000), windowOf(6_200)))).toBeGreaterThan(0);
  expect(Math.max(...waiting.slice(windowOf(6_220)))).toBe(0);
});
