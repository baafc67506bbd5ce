import { describe, expect, it } from "vitest";
import { EARS_SAMPLE_RATE_HZ, samplesToMs } from "#contracts/units";
import { FakeClock } from "#testing/fake-clock";
import { createFakeAsrEngine } from "#testing/fake-asr-engine";
import { defaultListenerConfig, UserListener } from "./user-listener";

const WINDOW_SAMPLES = 512;
const WINDOW_MS = samplesToMs(WINDOW_SAMPLES, EARS_SAMPLE_RATE_HZ);
const PRE_ROLL_WINDOWS = 10;

/** The ears write nothing in the first decode of an utterance; returns how much of it they then heard again, ms. */
async function sayUnheard({ speechMs, echoLikelihood }: { speechMs: number; echoLikelihood?: number }) {
  const heardAgainMs: number[] = [];
  const asr = createFakeAsrEngine({
    hear: (samples, utteranceIndex) => {
      if (utteranceIndex === 0) return "";
      heardAgainMs.push(samplesToMs(samples.length, EARS_SAMPLE_RATE_HZ));
      return "Go on.";
    },
  });
  const listener = new UserListener({
    asr,
    clock: new FakeClock(),
    config: defaultListenerConfig,
    onPartial: () => undefined,
    onError: () => undefined,
  });
  const samples = new Float32Array(WINDOW_SAMPLES);
  for (let i = 0; i < PRE_ROLL_WINDOWS; i++) listener.addWindow({ samples, speechMs: 0, silenceMs: 0 });
  listener.begin();
  for (let spokenMs = WINDOW_MS; spokenMs <= speechMs; spokenMs += WINDOW_MS)
    listener.addWindow({ samples, speechMs: spokenMs, silenceMs: 0, echoLikelihood });
  const text = await listener.transcribe();
  listener.dispose();
  return { text, heardAgainMs, openCount: asr.openCount };
}

describe("a turn in which no word was heard", () => {
  it("[TT20] is heard once more without the beginning of its pre-roll", async () => {
    const heard = await sayUnheard({ speechMs: 640 });
    expect(heard).toEqual({ text: "Go on.", heardAgainMs: [PRE_ROLL_WINDOWS * WINDOW_MS + 640 - 224], openCount: 0 });
  });

  it.each([
    ["short", { speechMs: 320 }],
    ["long", { speechMs: 6_400 }],
    ["likely to be echo", { speechMs: 640, echoLikelihood: 0.4 }],
  ])("[TT20] is not heard again when it is %s", async (_, speech) => {
    expect(await sayUnheard(speech)).toEqual({ text: "", heardAgainMs: [], openCount: 0 });
  });
});
