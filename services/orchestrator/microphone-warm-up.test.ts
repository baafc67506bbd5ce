import { expect, test } from "vitest";
import { createLoopTurns } from "#adapters/system/loop-turns";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import { ownEchoCancellers } from "#core/echo/echo-canceller";
import type { EchoCancellerFactory } from "#core/ports/echo-canceller";
import { settle } from "#testing/session-bench";
import { FakeClock } from "#testing/fake-clock";
import { warmUpMicrophone, type MicrophoneWarmUpDeps } from "./microphone-warm-up";
import { sessionConfigOf } from "./session-config";

interface Work {
  deps: MicrophoneWarmUpDeps;
  /** Windows judged; those of them in which an echo was looked for; detectors and cancellers that are still open. */
  done: { windows: number; echoes: number; open: number };
}

async function setUp(): Promise<Work> {
  const done = { windows: 0, echoes: 0, open: 0 };
  const echoCancellers: EchoCancellerFactory = {
    create: (played) => {
      const canceller = ownEchoCancellers.create(played);
      done.open++;
      return {
        process: (window) => {
          const cleaned = canceller.process(window);
          done.echoes += cleaned.filter(({ levels }) => levels !== undefined).length;
          return cleaned;
        },
        dispose: () => void done.open--,
      };
    },
  };
  const detectors: MicrophoneWarmUpDeps["detectors"] = {
    create: () => {
      done.open++;
      return {
        windowSamples: 512,
        detect: () => Promise.resolve(++done.windows % 20 < 10 ? 0.9 : 0),
        reset: () => undefined,
        dispose: () => void done.open--,
      };
    },
    dispose: () => undefined,
  };
  const resamplers = await createSpeexResamplerFactory();
  const config = sessionConfigOf(OrchestratorConfig.parse({}));
  return {
    done,
    deps: { clock: new FakeClock(), detectors, echoCancellers, resamplers, config, nextTurn: createLoopTurns() },
  };
}

test("runs all that hears a conversation often enough to be compiled, and leaves nothing open", async () => {
  const { deps, done } = await setUp();
  await warmUpMicrophone(deps, new AbortController().signal);
  await settle();
  expect(done.windows).toBeGreaterThan(50);
  expect(done.echoes).toBeGreaterThan(50);
  expect(done.open).toBe(0);
});

test("computes no more than 20 ms of sound in a turn of the loop", async () => {
  const { deps, done } = await setUp();
  const perTurn: number[] = [];
  let isOver = false;
  const warmUp = warmUpMicrophone(deps, new AbortController().signal).then(() => (isOver = true));
  while (!isOver) {
    const before = done.windows;
    await new Promise<void>((resolve) => setImmediate(resolve));
    perTurn.push(done.windows - before);
  }
  await warmUp;
  expect(Math.max(...perTurn)).toBe(1);
});

test("ends at the next turn once it is no longer wanted", async () => {
  const { deps, done } = await setUp();
  const stopped = new AbortController();
  const warmUp = warmUpMicrophone(deps, stopped.signal);
  await settle();
  stopped.abort();
  await warmUp;
  await settle();
  expect(done.windows).toBeLessThan(10);
  expect(done.open).toBe(0);
});
