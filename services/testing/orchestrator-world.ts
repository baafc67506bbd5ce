import type { WorkerInfo } from "#contracts/registry/worker-record";
import { ownEchoCancellers } from "#core/echo/echo-canceller";
import { silentLogger } from "#core/ports/logger";
import { noMetrics } from "#core/ports/metrics";
import type { WorkerRegistry } from "#core/ports/worker-registry";
import type { ResamplerFactory } from "#core/ports/resampler";
import { createFakeAsrEngine } from "./fake-asr-engine";
import { FakeClock } from "./fake-clock";
import { createFakeSpeechDetectorFactory } from "./fake-speech-detector";
import { createFakeVoiceLink } from "./fake-voice-link";
import { createScriptedBrain } from "./scripted-brain";
import { createSequentialIds } from "./sequential-ids";

/** Passes 16 kHz through; all that the tests' clients send. */
const passThrough: ResamplerFactory = {
  create: () => ({ process: (samples) => samples, flush: () => new Float32Array(0), dispose: () => undefined }),
};

export const testWorker: WorkerInfo = {
  name: "worker-a",
  address: "127.0.0.1:7001",
  host: "test",
  device: "cpu",
  protocolVersion: 1,
  languages: ["en"],
  voices: ["flite-slt", "tone"],
  residentVoices: ["flite-slt"],
  startedAt: "2026-03-02T10:00:00Z",
};

const config = {
  endpointDelayMs: 450,
  isPreemptive: false,
  minInterruptionMs: 200,
  holdAfterMs: 300,
  minSilenceMs: 100,
  minSpeechMs: 64,
  activationThreshold: 0.5,
  isEchoCancelled: false,
  listener: {
    preRollMs: 320,
    partialIntervalMs: 400,
    minSpeechMs: 96,
    shortSpeechMs: 400,
    softMaxUtteranceMs: 20_000,
    maxUtteranceMs: 24_900,
    cutPauseMs: 200,
  },
};

/** All that an orchestrator stands on, as fakes under the test's control, with one worker registered. */
export async function createOrchestratorWorld(createRegistry: (clock: FakeClock) => WorkerRegistry) {
  const clock = new FakeClock();
  const ids = createSequentialIds();
  const registry = createRegistry(clock);
  await registry.register({ info: testWorker, nonce: "n1", capacity: 4, ttlMs: 3_600_000 });
  const asr = createFakeAsrEngine();
  const brain = createScriptedBrain({ clock });
  const voiceLink = createFakeVoiceLink({ clock });
  const deps = {
    clock,
    ids,
    random: () => 0.5,
    registry,
    asr,
    brain,
    voiceLink,
    detectors: createFakeSpeechDetectorFactory(),
    resamplers: passThrough,
    echoCancellers: ownEchoCancellers,
    metrics: noMetrics,
    log: silentLogger,
    config,
    leaseTtlMs: 15_000,
    maxSessions: 2,
    token: undefined as string | undefined,
    defaultVoice: "flite-slt",
  };
  return { clock, registry, asr, brain, voiceLink, deps };
}
