import { expect, it } from "vitest";
import { createQueueMicrophone } from "./queue-microphone";

const silence = new Float32Array(0);

it("says what was queued, without a gap, then is silent", () => {
  const microphone = createQueueMicrophone(16_000);
  microphone.say(Int16Array.of(1, 2, 3));
  microphone.say(Int16Array.of(4, 5));
  expect([...microphone.read(4, silence)]).toEqual([1, 2, 3, 4]);
  expect([...microphone.read(4, silence)]).toEqual([5, 0, 0, 0]);
});
it("has ended only when everything has been said", () => {
  const microphone = createQueueMicrophone(16_000);
  microphone.say(Int16Array.of(1, 2, 3));
  microphone.end();
  microphone.read(2, silence);
  expect(microphone.endSample).toBeUndefined();
  microphone.read(2, silence);
  microphone.read(2, silence);
  expect(microphone.endSample).toBe(4);
});
it("does not end by itself in a silence", () => {
  const microphone = createQueueMicrophone(16_000);
  microphone.read(100, silence);
  expect(microphone.endSample).toBeUndefined();
});
