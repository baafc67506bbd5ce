import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SpeechSegmenter, type SpeechSegmentEvent, type SpeechSegmenterOptions } from "./speech-segmenter";

const WINDOW_SAMPLES = 512;
const WINDOW_MS = 32;

interface Seen {
  atWindow: number;
  event: SpeechSegmentEvent;
}

function run(probabilities: readonly number[], segmenter = new SpeechSegmenter()): Seen[] {
  return probabilities.flatMap((probability, i) =>
    segmenter.push({ probability, endSample: (i + 1) * WINDOW_SAMPLES }).map((event) => ({ atWindow: i, event })),
  );
}

const repeat = (probability: number, count: number): number[] => Array.from({ length: count }, () => probability);

describe("SpeechSegmenter", () => {
  it("reports speech after minSpeechMs, with the sample at which its first voiced window began", () => {
    expect(run([...repeat(0, 3), 0.6, 0.6, 0.6])).toEqual([
      { atWindow: 4, event: { type: "speech-start", startSample: 3 * WINDOW_SAMPLES } },
    ]);
  });

  it("reports speech at once when minSpeechMs is no more than one window", () => {
    expect(run([0.9], new SpeechSegmenter({ minSpeechMs: 32 }))).toEqual([
      { atWindow: 0, event: { type: "speech-start", startSample: 0 } },
    ]);
  });

  it("never reports a noise shorter than minSpeechMs", () => {
    expect(run([0, 1, 0, 1, 0, 1, 0])).toEqual([]);
  });

  it("ends speech after minSilenceMs, at the end of the last voiced window", () => {
    const seen = run([...repeat(0.9, 5), ...repeat(0, 6)]);
    expect(seen.slice(1)).toEqual([
      { atWindow: 8, event: { type: "speech-end", endSample: 5 * WINDOW_SAMPLES, speechMs: 5 * WINDOW_MS } },
    ]);
  });

  it("bridges a pause shorter than minSilenceMs", () => {
    const seen = run([...repeat(0.9, 5), 0, 0, 0, ...repeat(0.9, 5), ...repeat(0, 4)]);
    expect(seen.map(({ event }) => event.type)).toEqual(["speech-start", "speech-end"]);
    expect(seen[1]?.event).toMatchObject({ speechMs: 13 * WINDOW_MS });
  });

  it("does not begin between the thresholds, and does not end there either", () => {
    expect(run(repeat(0.45, 20))).toEqual([]);
    expect(run([...repeat(0.9, 3), ...repeat(0.4, 20)]).map(({ event }) => event.type)).toEqual(["speech-start"]);
  });

  it("counts both thresholds as voiced when met exactly", () => {
    expect(run([0.5, 0.35]).map(({ event }) => event.type)).toEqual(["speech-start"]);
  });

  it("counts silence from the last voiced window, before and after the end was reported", () => {
    const segmenter = new SpeechSegmenter();
    const silence = [0.9, 0.9, 0.9, 0, 0, 0, 0, 0, 0].map((probability, i) => {
      segmenter.push({ probability, endSample: (i + 1) * WINDOW_SAMPLES });
      return segmenter.silenceMs;
    });
    expect(silence).toEqual([0, 0, 0, 32, 64, 96, 128, 160, 192]);
  });

  it("does not let a noise in the pause restart the count of silence", () => {
    const segmenter = new SpeechSegmenter();
    run([...repeat(0.9, 3), ...repeat(0, 5), 0.9], segmenter);
    expect(segmenter.activity).toBe("starting");
    expect(segmenter.silenceMs).toBe(0);
    segmenter.push({ probability: 0, endSample: 10 * WINDOW_SAMPLES });
    expect(segmenter.silenceMs).toBe(7 * WINDOW_MS);
  });

  it("tells the length of the speech in progress up to the last voiced window", () => {
    const segmenter = new SpeechSegmenter();
    const lengths = [0, 0.9, 0.9, 0.9, 0, 0, 0, 0].map((probability, i) => {
      segmenter.push({ probability, endSample: (i + 1) * WINDOW_SAMPLES });
      return segmenter.speechMs;
    });
    expect(lengths).toEqual([0, 32, 64, 96, 96, 96, 96, 0]);
  });

  it("passes through quiet, starting, speaking and stopping", () => {
    const segmenter = new SpeechSegmenter();
    const activities = [0, 0.9, 0.9, 0, 0.9, 0, 0, 0, 0].map((probability, i) => {
      segmenter.push({ probability, endSample: (i + 1) * WINDOW_SAMPLES });
      return segmenter.activity;
    });
    expect(activities).toEqual([
      "quiet",
      "starting",
      "speaking",
      "stopping",
      "speaking",
      "stopping",
      "stopping",
      "stopping",
      "quiet",
    ]);
  });

  it("ends speech in progress when the stream ends, and reports nothing when there is none", () => {
    const segmenter = new SpeechSegmenter();
    run([...repeat(0.9, 4), 0], segmenter);
    expect(segmenter.flush()).toEqual([{ type: "speech-end", endSample: 4 * WINDOW_SAMPLES, speechMs: 4 * WINDOW_MS }]);
    expect(segmenter.flush()).toEqual([]);
  });

  it("counts a lost stretch of the stream as silence of that length", () => {
    const segmenter = new SpeechSegmenter();
    run(repeat(0.9, 4), segmenter);
    expect(segmenter.push({ probability: 0, endSample: 40 * WINDOW_SAMPLES })).toMatchObject([
      { type: "speech-end", endSample: 4 * WINDOW_SAMPLES },
    ]);
    expect(segmenter.silenceMs).toBe(36 * WINDOW_MS);
  });

  it("counts a probability that is not a number as silence", () => {
    expect(run(repeat(Number.NaN, 10))).toEqual([]);
  });

  it("refuses a window that does not move on, and thresholds in the wrong order", () => {
    const segmenter = new SpeechSegmenter();
    segmenter.push({ probability: 0, endSample: 512 });
    expect(() => segmenter.push({ probability: 0, endSample: 512 })).toThrow(RangeError);
    expect(() => new SpeechSegmenter({ activationThreshold: 0.3, deactivationThreshold: 0.4 })).toThrow(RangeError);
  });

  it("behaves as new after a reset", () => {
    const segmenter = new SpeechSegmenter();
    run(repeat(0.9, 7), segmenter);
    segmenter.reset();
    expect(run([0, 0.9, 0.9], segmenter)).toEqual(run([0, 0.9, 0.9]));
  });
});

describe("SpeechSegmenter, for any probabilities", () => {
  const probabilities = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 200 });
  const options: fc.Arbitrary<SpeechSegmenterOptions> = fc.record({
    minSpeechMs: fc.integer({ min: 0, max: 300 }),
    minSilenceMs: fc.integer({ min: 0, max: 300 }),
  });

  it("starts and ends alternate, in order, on window borders and never overlapping", () => {
    fc.assert(
      fc.property(probabilities, options, (script, settings) => {
        const segmenter = new SpeechSegmenter(settings);
        const events = [...run(script, segmenter).map(({ event }) => event), ...segmenter.flush()];
        let lastEndSample = 0;
        events.forEach((event, i) => {
          expect(event.type).toBe(i % 2 === 0 ? "speech-start" : "speech-end");
          const atSample = event.type === "speech-start" ? event.startSample : event.endSample;
          expect(atSample % WINDOW_SAMPLES).toBe(0);
          expect(atSample).toBeGreaterThanOrEqual(lastEndSample);
          lastEndSample = atSample;
        });
        expect(events.length % 2).toBe(0);
      }),
    );
  });

  it("no reported speech is shorter than minSpeechMs and no reported pause shorter than minSilenceMs", () => {
    fc.assert(
      fc.property(probabilities, options, (script, settings) => {
        let lastEndSample: number | undefined;
        for (const { event } of run(script, new SpeechSegmenter(settings))) {
          if (event.type === "speech-end") {
            expect(event.speechMs).toBeGreaterThanOrEqual(settings.minSpeechMs ?? 0);
            lastEndSample = event.endSample;
          } else if (lastEndSample !== undefined) {
            expect(event.startSample - lastEndSample).toBeGreaterThanOrEqual(
              Math.max(WINDOW_SAMPLES, (settings.minSilenceMs ?? 0) * 16),
            );
          }
        }
      }),
    );
  });
});
