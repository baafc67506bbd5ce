import { expect, it } from "vitest";
import { SpeechSegmenter } from "#core/speech/speech-segmenter";
import { createFakeSpeechDetectorFactory } from "#testing/fake-speech-detector";
import { settle } from "#testing/session-bench";
import { MicInput } from "./mic-input";
import type { MicWindow } from "./user-listener";

async function hear(probabilities: number[]): Promise<string[]> {
  return (await hearWindows(probabilities)).told;
}

async function hearWindows(probabilities: number[]): Promise<{ told: string[]; windows: MicWindow[] }> {
  const { mic, told, windows } = openMic({ probabilities });
  mic.push(new Int16Array(512 * probabilities.length));
  for (const _ of probabilities) await settle();
  mic.dispose();
  return { told, windows };
}

function openMic({ probabilities, nextTurn }: { probabilities: number[]; nextTurn?: () => Promise<void> }): {
  mic: MicInput;
  told: string[];
  windows: MicWindow[];
} {
  const told: string[] = [];
  const windows: MicWindow[] = [];
  const mic = new MicInput({
    nextTurn,
    detector: createFakeSpeechDetectorFactory({ probabilities }).create(),
    resampler: { process: (samples) => samples, flush: () => new Float32Array(0), dispose: () => undefined },
    segmenter: new SpeechSegmenter({ minSpeechMs: 64, minSilenceMs: 64 }),
    suspicionThreshold: () => 0.3,
    events: {
      onSpeechSuspected: () => told.push("suspected"),
      onSpeechUnconfirmed: () => told.push("unconfirmed"),
      onSpeechStart: () => told.push("start"),
      onSpeechEnd: () => told.push("end"),
      onWindow: (window) => windows.push(window),
      onDropped: () => undefined,
      onError: () => told.push("error"),
    },
  });
  return { mic, told, windows };
}

it("[TT11] one window that may be speech is told at once, and that it was nothing 128 ms later", async () => {
  expect(await hear([0.1, 0.4, 0.1, 0.1, 0.1])).toEqual(["suspected"]);
  expect(await hear([0.1, 0.4, 0.1, 0.1, 0.1, 0.1])).toEqual(["suspected", "unconfirmed"]);
  expect(await hear([0.1, 0.9, 0.1, 0.1, 0.1, 0.1])).toEqual(["suspected", "unconfirmed"]);
});

it("[TT11] speech that comes and goes at its start is one suspicion", async () => {
  expect(await hear([0.4, 0.1, 0.1, 0.4, 0.1, 0.9, 0.9])).toEqual(["suspected", "start"]);
});

it("[TT11] speech is suspected once, before its start", async () => {
  expect(await hear([0.4, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1])).toEqual(["suspected", "start", "end"]);
});

it.each([
  [[0.1, 0.9, 0.9], 0],
  [[0.1, 0.4, 0.9, 0.9], 32],
  [[0.4, 0.1, 0.4, 0.9, 0.9], 96],
  [[0.4, 0.4, 0.4, 0.4, 0.4, 0.4, 0.9, 0.9], 128],
  [[0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.9, 0.9], 0],
])("[TT49] the soft start of speech of %j is %i ms long", async (probabilities, leadMs) => {
  expect((await hearWindows(probabilities)).windows.at(-1)?.leadMs).toBe(leadMs);
});

it("each window waits for its turn, and none is looked at after the end", async () => {
  const turns: (() => void)[] = [];
  const nextTurn = (): Promise<void> => new Promise((resolve) => turns.push(resolve));
  const { mic, windows } = openMic({ probabilities: [0.1, 0.1, 0.1], nextTurn });
  mic.push(new Int16Array(512 * 3));
  for (const served of [0, 1]) {
    await settle();
    expect(windows).toHaveLength(served);
    turns[served]?.();
  }
  await settle();
  expect(turns).toHaveLength(3);
  mic.dispose();
  turns[2]?.();
  await settle();
  expect(windows).toHaveLength(2);
});
