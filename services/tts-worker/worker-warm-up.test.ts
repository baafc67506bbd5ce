import { expect, test } from "vitest";
import { createSpeakableText } from "#adapters/speakable-text/speakable-text";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { createToneEngine } from "#adapters/tone-tts/tone-engine";
import { FakeClock } from "#testing/fake-clock";
import { warmUpWorker } from "./worker-warm-up";

async function setUp() {
  const clock = new FakeClock();
  const tone = createToneEngine({ clock });
  const done = { clauses: 0, turns: 0 };
  const engine: typeof tone = { ...tone, synthesize: (clause) => (done.clauses++, tone.synthesize(clause)) };
  const nextTurn = async (): Promise<void> => {
    done.turns++;
    await new Promise((resolve) => setImmediate(resolve));
  };
  const resamplers = await createSpeexResamplerFactory();
  return { done, deps: { clock, engines: [engine], normalizer: createSpeakableText(), resamplers, nextTurn } };
}

test("speaks some seconds without waiting for the time they last, one frame in a turn of the loop", async () => {
  const { deps, done } = await setUp();
  await warmUpWorker(deps, { voice: "tone", signal: new AbortController().signal });
  expect(done.clauses).toBeGreaterThanOrEqual(3);
  expect(done.turns).toBeGreaterThan(100);
});

test("ends without an error once it is no longer wanted", async () => {
  const { deps, done } = await setUp();
  const stopped = new AbortController();
  const warmUp = warmUpWorker(deps, { voice: "tone", signal: stopped.signal });
  stopped.abort();
  await warmUp;
  expect(done.turns).toBeLessThan(10);
});

test("tells of a voice that nobody has", async () => {
  const { deps } = await setUp();
  const warmUp = warmUpWorker(deps, { voice: "none", signal: new AbortController().signal });
  await expect(warmUp).rejects.toMatchObject({ code: "unknown-voice" });
});
