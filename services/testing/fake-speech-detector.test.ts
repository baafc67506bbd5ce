import { expect, it } from "vitest";
import { createFakeSpeechDetectorFactory } from "./fake-speech-detector";
import { describeSpeechDetectorContract, detectAll } from "./speech-detector.contract";

const tone = Float32Array.from({ length: 16_000 }, (_, i) => 0.3 * Math.sin(i / 5));

describeSpeechDetectorContract("fake, by loudness", () =>
  Promise.resolve({ factory: createFakeSpeechDetectorFactory(), speech: tone }),
);

it("a scripted fake answers its list, then silence, and the list again after a reset", async () => {
  const detector = createFakeSpeechDetectorFactory({ probabilities: [0.1, 0.9] }).create();
  expect(await detectAll(detector, new Float32Array(512 * 3))).toEqual([0.1, 0.9, 0.01]);
  detector.reset();
  expect(await detectAll(detector, new Float32Array(512))).toEqual([0.1]);
});
