import { expect, it } from "vitest";
import type { TalkEvent } from "#contracts/events/talk-event";
import {
  createInteractiveMicrophone,
  type SimulatedMicrophone,
  type SimulatedMicrophoneContext,
} from "./simulated-microphone";

const STEP_SAMPLES = 160;

function listen(say: (context: SimulatedMicrophoneContext) => Float32Array | undefined) {
  const contexts: SimulatedMicrophoneContext[] = [];
  const user: SimulatedMicrophone = {
    sampleRateHz: 16_000,
    next(context) {
      contexts.push({ ...context, events: [...context.events] });
      return say(context);
    },
  };
  return { contexts, microphone: createInteractiveMicrophone(user) };
}

/** A block of the speaker whose every sample says which step it was. */
const played = (step: number): Float32Array => new Float32Array(480).fill(step / 100);

it("a user is asked every 20 ms, and knows what the speaker played in the 20 ms before", () => {
  const { contexts, microphone } = listen(({ frameSamples }) => new Float32Array(frameSamples));
  for (let step = 0; step < 6; step++) microphone.read(STEP_SAMPLES, played(step));
  expect(contexts.map(({ atMs, frameSamples }) => [atMs, frameSamples])).toEqual([
    [0, 320],
    [20, 320],
    [40, 320],
  ]);
  expect(contexts.map((context) => [context.played[0], context.played[480], context.played.length])).toEqual([
    [0, 0, 960],
    [0, Math.fround(0.01), 960],
    [Math.fround(0.02), Math.fround(0.03), 960],
  ]);
});

it("what is said arrives in order, a short frame filled up and a long one cut", () => {
  const lengths = [320, 100, 400];
  const { microphone } = listen(() => {
    const length = lengths.shift();
    return length === undefined ? undefined : new Float32Array(length).fill(0.5);
  });
  const blocks = Array.from({ length: 10 }, () => microphone.read(STEP_SAMPLES, played(0)));
  const heard = blocks.flatMap((block) => [...block]);
  expect(heard.length).toBe(1_600);
  expect(heard.map((sample, at) => (sample === 0 ? -1 : at)).filter((at) => at >= 0).length).toBe(320 + 100 + 320);
  expect(heard[320 + 99]).toBe(16_384);
  expect(heard[320 + 100]).toBe(0);
  expect(microphone.endSample).toBe(960);
  expect([...microphone.saidPcm]).toEqual(heard);
});

it("nobody is asked again once the input is over", () => {
  const { contexts, microphone } = listen(() => undefined);
  for (let step = 0; step < 8; step++) microphone.read(STEP_SAMPLES, played(0));
  expect(contexts).toHaveLength(1);
  expect(microphone.endSample).toBe(0);
});

it("the agent is audible from the start to the end of its playout, on the recording's clock", () => {
  const { contexts, microphone } = listen(({ frameSamples }) => new Float32Array(frameSamples));
  const events: TalkEvent[] = [
    { type: "agent-playout-start", atMs: 30, positionSamples: 0 },
    { type: "agent-playout-end", atMs: 70, positionSamples: 1_920 },
  ];
  for (let step = 0; step < 10; step++) {
    for (const event of events) if (event.atMs - 10 === step * 10) microphone.noteEvent(event);
    microphone.read(STEP_SAMPLES, played(0));
  }
  expect(contexts.map((context) => context.agentIsAudible)).toEqual([false, false, true, true, false]);
  expect(contexts.map((context) => context.events.length)).toEqual([0, 1, 1, 2, 2]);
});
