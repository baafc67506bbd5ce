import { expect, it } from "vitest";
import type { SampleWindow } from "#core/audio/window-splitter";
import { SpeechSegmenter } from "#core/speech/speech-segmenter";
import { createFakeSpeechDetectorFactory } from "#testing/fake-speech-detector";
import { settle } from "#testing/session-bench";
import { MicInput, type MicInputDeps } from "./mic-input";
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

interface MicOptions {
  probabilities: number[];
  nextTurn?: () => Promise<void>;
  echo?: MicInputDeps["echo"];
}

function openMic({ probabilities, nextTurn, echo }: MicOptions): {
  mic: MicInput;
  told: string[];
  windows: MicWindow[];
  startSamples: number[];
} {
  const startSamples: number[] = [];
  const told: string[] = [];
  const windows: MicWindow[] = [];
  const mic = new MicInput({
    nextTurn,
    echo,
    detector: createFakeSpeechDetectorFactory({ probabilities }).create(),
    resampler: { process: (samples) => samples, flush: () => new Float32Array(0), dispose: () => undefined },
    segmenter: new SpeechSegmenter({ minSpeechMs: 64, minSilenceMs: 64 }),
    suspicionThreshold: () => 0.3,
    events: {
      onSpeechSuspected: () => told.push("suspected"),
      onSpeechUnconfirmed: () => told.push("unconfirmed"),
      onSpeechStart: (startSample) => {
        told.push("start");
        startSamples.push(startSample);
      },
      onSpeechEnd: () => told.push("end"),
      onWindow: (window) => windows.push(window),
      onDropped: () => undefined,
      onError: () => told.push("error"),
    },
  });
  return { mic, told, windows, startSamples };
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

it("[E16] windows that were held back are looked at in order, each in its own place", async () => {
  const held: SampleWindow[] = [];
  const echo: MicInputDeps["echo"] = {
    process(window) {
      held.push(window);
      if (held.length < 3) return [];
      return held.splice(0).map((one) => ({ ...one, echoLikelihood: 0, isEcho: false }));
    },
  };
  const { mic, windows, startSamples } = openMic({ probabilities: [0.1, 0.9, 0.9], echo });
  for (const count of [0, 0, 3]) {
    mic.push(new Int16Array(512));
    for (let i = 0; i < 4; i++) await settle();
    expect(windows).toHaveLength(count);
  }
  expect(startSamples).toEqual([512]);
  mic.dispose();
});
