import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JitterBuffer, type PlayoutFrame } from "./jitter-buffer";

/** 1 kHz makes one sample one millisecond. */
const RATE_HZ = 1000;

/** Each sample's value names its index, exactly representable and never 0. */
const valueAt = (index: number): number => (index + 1) / 2 ** 20;

function frameAt(sampleIndex: number, length: number, isLast = false): PlayoutFrame {
  return { sampleIndex, samples: Float32Array.from({ length }, (_, i) => valueAt(sampleIndex + i)), isLast };
}

const constantFrame = (sampleIndex: number, length: number, isLast = false): PlayoutFrame => ({
  sampleIndex,
  samples: new Float32Array(length).fill(0.5),
  isLast,
});

const heard = (block: Float32Array): number[] => [...block].filter((sample) => sample !== 0);

describe("start", () => {
  test("holds a turn back until the target delay is there", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ, targetDelayMs: 40 });
    buffer.push(frameAt(0, 20));
    expect(heard(buffer.pull(10))).toEqual([]);
    buffer.push(frameAt(20, 20));
    expect(heard(buffer.pull(2))).toEqual([valueAt(0), valueAt(1)]);
  });

  test("starts at once when the last frame is there", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ });
    buffer.push(frameAt(0, 5, true));
    expect(heard(buffer.pull(10))).toHaveLength(5);
  });

  test("starts after the longest wait with what is there", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ, maxStartWaitMs: 100 });
    buffer.push(frameAt(0, 20));
    expect(heard(buffer.pull(100))).toEqual([]);
    expect(heard(buffer.pull(10))).toHaveLength(10);
  });

  test("reports start and end of the playout on both clocks", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ });
    buffer.pull(30);
    buffer.push(frameAt(500, 50, true));
    buffer.pull(100);
    expect(buffer.takeTransitions()).toEqual([
      { type: "playout-start", positionSamples: 500, pulledSamples: 30 },
      { type: "playout-end", positionSamples: 550, pulledSamples: 80 },
    ]);
    expect(buffer.takeTransitions()).toEqual([]);
  });

  test("plays the next turn after the one before in the same block", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ });
    buffer.push(frameAt(0, 20, true));
    buffer.push(frameAt(100, 20, true));
    expect(heard(buffer.pull(50))).toHaveLength(40);
    expect(buffer.positionSamples).toBe(120);
    expect(buffer.turnStartSamples).toBe(100);
    expect(buffer.underrunCount).toBe(0);
  });
});

describe("underrun", () => {
  test("gives silence, counts once, and fills up again before going on", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ, targetDelayMs: 40 });
    buffer.push(frameAt(0, 40));
    expect(heard(buffer.pull(60))).toHaveLength(40);
    buffer.push(frameAt(40, 20));
    expect(heard(buffer.pull(10))).toEqual([]);
    buffer.push(frameAt(60, 20));
    expect(heard(buffer.pull(40))).toHaveLength(40);
    expect(buffer.underrunCount).toBe(1);
    expect(buffer.takeTransitions().map(({ type }) => type)).toEqual(["playout-start"]);
  });

  test("is not counted after the last frame", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ });
    buffer.push(frameAt(0, 40, true));
    buffer.pull(100);
    expect(buffer.underrunCount).toBe(0);
  });

  test("ends the playout when no more audio comes for half a second", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ });
    buffer.push(frameAt(0, 40));
    buffer.pull(40 + 499);
    expect(buffer.takeTransitions().map(({ type }) => type)).toEqual(["playout-start"]);
    buffer.pull(1);
    expect(buffer.takeTransitions().map(({ type }) => type)).toEqual(["playout-end"]);
  });

  test("an empty last frame ends the turn", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ });
    buffer.push(frameAt(0, 40));
    buffer.push(frameAt(40, 0, true));
    buffer.pull(41);
    expect(buffer.takeTransitions().at(-1)).toMatchObject({ type: "playout-end", positionSamples: 40 });
    expect(buffer.underrunCount).toBe(0);
  });
});

describe("drops", () => {
  test("late and repeated frames, and keeps the part of a frame that is not late", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ });
    buffer.push(frameAt(0, 40));
    buffer.push(frameAt(0, 40));
    buffer.pull(30);
    buffer.push(frameAt(0, 20));
    buffer.push(frameAt(20, 40, true));
    expect(buffer.droppedFrameCount).toBe(2);
    expect(heard(buffer.pull(50))).toEqual(Array.from({ length: 30 }, (_, i) => valueAt(30 + i)));
  });

  test("the newest frame when full, so that what plays stays in order", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ, capacityMs: 100 });
    for (let i = 0; i < 6; i++) buffer.push(frameAt(i * 20, 20));
    expect(buffer.droppedFrameCount).toBe(1);
    expect(buffer.bufferedMs).toBe(100);
    expect(heard(buffer.pull(20))[0]).toBe(valueAt(0));
  });

  test("frames whose place is no place", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ });
    for (const index of [-1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER]) buffer.push(constantFrame(index, 20, true));
    expect(buffer.droppedFrameCount).toBe(4);
    expect(buffer.bufferedMs).toBe(0);
  });
});

describe("flush", () => {
  test("fades out over 5 ms without a step, then is silent and ends the turn", () => {
    const buffer = new JitterBuffer();
    buffer.push(constantFrame(0, 4800));
    buffer.pull(480);
    buffer.flushFrom(480);
    const block = buffer.pull(480);
    const steps = block.map((sample, i) => Math.abs(sample - (i === 0 ? 0.5 : (block[i - 1] ?? 0))));
    expect(Math.max(...steps)).toBeLessThan(0.005);
    expect(heard(block.subarray(240))).toEqual([]);
    expect(buffer.positionSamples).toBe(720);
    expect(buffer.takeTransitions().at(-1)).toEqual({ type: "playout-end", positionSamples: 720, pulledSamples: 720 });
    expect(buffer.underrunCount).toBe(0);
  });

  test("plays up to a sample that is still to come", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ });
    buffer.push(frameAt(0, 100));
    buffer.pull(10);
    buffer.flushFrom(60);
    buffer.pull(100);
    expect(buffer.positionSamples).toBe(60);
  });

  test("the next turn's position jumps to its own index", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ });
    buffer.push(frameAt(0, 100));
    buffer.pull(10);
    buffer.flushFrom(10);
    buffer.pull(100);
    buffer.push(frameAt(1000, 50, true));
    expect(buffer.positionSamples).toBe(15);
    buffer.pull(1);
    expect(buffer.positionSamples).toBe(1001);
  });

  test("during an underrun ends the turn", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ });
    buffer.push(frameAt(0, 40));
    buffer.pull(60);
    buffer.flushFrom(40);
    expect(buffer.takeTransitions().at(-1)).toMatchObject({ type: "playout-end", positionSamples: 40 });
  });

  test("beyond the queue throws nothing away", () => {
    const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ });
    buffer.push(frameAt(0, 40));
    buffer.flushFrom(41);
    buffer.push(frameAt(40, 40, true));
    expect(heard(buffer.pull(100))).toHaveLength(80);
  });
});

describe("duck", () => {
  test("moves to the gain in a ramp of 10 ms and back", () => {
    const buffer = new JitterBuffer({ sampleRateHz: 48_000 });
    buffer.push(constantFrame(0, 9600));
    buffer.pull(480);
    buffer.duck(-20);
    const down = buffer.pull(480);
    expect(Math.max(...down.map((sample, i) => Math.abs(sample - (down[i - 1] ?? 0.5))))).toBeLessThan(0.002);
    expect(buffer.pull(1)[0]).toBeCloseTo(0.05, 5);
    buffer.unduck();
    buffer.pull(480);
    expect(buffer.pull(1)[0]).toBeCloseTo(0.5, 5);
  });

  test("ends with a flush, so that the next turn is heard in full", () => {
    const buffer = new JitterBuffer({ sampleRateHz: 48_000 });
    buffer.push(constantFrame(0, 9600));
    buffer.duck(-20);
    buffer.pull(960);
    buffer.flushFrom(960);
    buffer.pull(4800);
    buffer.push(constantFrame(20_000, 960, true));
    expect(buffer.pull(960)[480]).toBeCloseTo(0.5, 5);
  });
});

describe("whatever the arrival pattern", () => {
  const action = fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constant("push" as const) }) },
    {
      weight: 4,
      arbitrary: fc.record({ type: fc.constant("pull" as const), samples: fc.integer({ min: 1, max: 130 }) }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("repeat" as const), back: fc.nat(5) }) },
  );

  test("every sample plays once and in order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }),
        fc.array(action),
        (lengths, actions) => {
          const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ });
          let total = 0;
          const frames = lengths.map((length, i) =>
            frameAt((total += length) - length, length, i === lengths.length - 1),
          );
          const played: number[] = [];
          let pushedCount = 0;
          for (const step of actions) {
            if (step.type === "pull") played.push(...heard(buffer.pull(step.samples)));
            else {
              const frame = frames[step.type === "push" ? pushedCount++ : Math.max(0, pushedCount - 1 - step.back)];
              if (frame !== undefined && (step.type === "push" || pushedCount > 0)) buffer.push(frame);
            }
          }
          for (const frame of frames.slice(pushedCount)) buffer.push(frame);
          played.push(...heard(buffer.pull(total + 200)));
          expect(played).toEqual(Array.from({ length: total }, (_, i) => valueAt(i)));
          expect(buffer.positionSamples).toBe(total);
          expect(buffer.bufferedMs).toBe(0);
        },
      ),
    );
  });

  const hostile = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constant("push" as const),
        at: fc.integer({ min: -5, max: 900 }),
        length: fc.nat(60),
        isLast: fc.boolean(),
        isBroken: fc.boolean(),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ type: fc.constant("pull" as const), samples: fc.integer({ min: 1, max: 130 }) }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("flush" as const), at: fc.integer({ min: 0, max: 900 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant("duck" as const), gainDb: fc.integer({ min: -40, max: 6 }) }),
    },
    { weight: 1, arbitrary: fc.record({ type: fc.constant("unduck" as const) }) },
  );

  test("the position never goes back, nothing is louder than it was sent, and no sample is not a number", () => {
    fc.assert(
      fc.property(fc.array(hostile, { maxLength: 120 }), (steps) => {
        const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ, capacityMs: 400 });
        let position = 0;
        for (const step of steps) {
          if (step.type === "push") {
            const frame = constantFrame(step.at, step.length, step.isLast);
            if (step.isBroken) frame.samples.fill(Number.NaN, 0, 3);
            buffer.push(frame);
          } else if (step.type === "flush") buffer.flushFrom(step.at);
          else if (step.type === "duck") buffer.duck(step.gainDb);
          else if (step.type === "unduck") buffer.unduck();
          else expect(buffer.pull(step.samples).every((sample) => sample >= 0 && sample <= 0.5)).toBe(true);
          expect(buffer.positionSamples).toBeGreaterThanOrEqual(position);
          expect(buffer.bufferedMs).toBeLessThanOrEqual(400);
          position = buffer.positionSamples;
        }
        const types = buffer.takeTransitions().map(({ type }) => type);
        expect(types).toEqual(types.map((_, i) => (i % 2 === 0 ? "playout-start" : "playout-end")));
      }),
      { numRuns: 300 },
    );
  });

  test("in any order of arrival, no sample plays twice or out of order", () => {
    const shuffled = fc.shuffledSubarray(
      Array.from({ length: 20 }, (_, i) => i * 20),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(
        shuffled,
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 20, maxLength: 20 }),
        (starts, pulls) => {
          const buffer = new JitterBuffer({ sampleRateHz: RATE_HZ });
          const played: number[] = [];
          starts.forEach((start, i) => {
            buffer.push(frameAt(start, 20));
            played.push(...heard(buffer.pull(pulls[i] ?? 0)));
          });
          for (let i = 0; i < 40; i++) played.push(...heard(buffer.pull(200)));
          expect(played.every((sample, i) => i === 0 || sample > (played[i - 1] ?? 0))).toBe(true);
          expect(played).toHaveLength((starts.length - buffer.droppedFrameCount) * 20);
        },
      ),
    );
  });
});
