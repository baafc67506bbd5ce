import { createBuiltinBrain } from "#adapters/builtin-brain/builtin-brain";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { chooseEchoCancellers } from "#adapters/webrtc-apm/choose-echo-cancellers";
import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { TransportConnector } from "#core/client/client-transport";
import { openAll, type ClosingStack } from "#core/lifecycle/closing-stack";
import type { Brain } from "#core/ports/brain";
import type { Clock } from "#core/ports/clock";
import type { EchoCancellerFactory } from "#core/ports/echo-canceller";
import { silentLogger, type Logger } from "#core/ports/logger";
import { noMetrics } from "#core/ports/metrics";
import { createOrchestrator, type Orchestrator } from "#orchestrator/orchestrator";
import { sessionConfigOf } from "#orchestrator/session-config";
import { createTtsWorker, type TtsWorker } from "#tts-worker/tts-worker";
import { GRPC_MS, measuredComputingTime, SOCKET_MS, type ComputingTime } from "./computing-time";
import { createDirectConnector } from "./direct-connection";
import { createDirectVoiceLink } from "./direct-voice-link";
import { createInProcessEars } from "./in-process-ears";
import { modelDecoder, modelDetectors, modelTtsEngine } from "./modelled-engines";
import { createRepeatableIds } from "./repeatable-ids";
import type { SimulationEngines } from "./simulation-engines";
import type { VirtualClock } from "./virtual-clock";

/** One user; a connection that was lost may still hold its session. */
const MAX_SESSIONS = 4;

export interface SimulatedParleyOptions {
  config: OrchestratorConfig;
  /** Default: the built-in responder. Must wait by this clock only. */
  createBrain?: (clock: Clock) => Brain;
  /** Of the built-in responder; that of the configuration if absent. */
  seed?: number;
  /** Default: as measured on two cores. */
  computingTime?: ComputingTime;
  log?: Logger;
}

export interface SimulatedParley {
  connect: TransportConnector;
  close(): Promise<void>;
}

/** An orchestrator, its ears and one worker, put together in one process on a virtual clock. Ready when it resolves. */
export async function openSimulatedParley(
  deps: SimulationEngines & { clock: VirtualClock },
  options: SimulatedParleyOptions,
): Promise<SimulatedParley> {
  const { clock } = deps;
  return openAll(async (stack) => {
    const shared: Shared = {
      clock,
      log: options.log ?? silentLogger,
      ids: createRepeatableIds(),
      random: () => 0.5,
      registry: createMemoryRegistry({ clock }),
      computingTime: options.computingTime ?? measuredComputingTime,
    };
    const worker = openWorker(deps, shared, { defaultVoice: options.config.voice.default });
    await worker.start();
    stack.add(() => worker.stop());
    const echoCancellers = await chooseEchoCancellers(options.config.echo.canceller);
    const orchestrator = openOrchestrator(deps, { ...shared, echoCancellers, worker, stack }, options);
    await orchestrator.start();
    stack.add(() => orchestrator.stop({ timeoutMs: 0 }));
    const accept = orchestrator.accept.bind(orchestrator);
    return {
      connect: createDirectConnector({ accept, clock, delayMs: SOCKET_MS }),
      close: () => stack.close(),
    };
  });
}

interface Shared {
  clock: VirtualClock;
  log: Logger;
  ids: ReturnType<typeof createRepeatableIds>;
  random: () => number;
  registry: ReturnType<typeof createMemoryRegistry>;
  computingTime: ComputingTime;
}

function openWorker(engines: SimulationEngines, shared: Shared, options: { defaultVoice: string }): TtsWorker {
  return createTtsWorker({
    ...shared,
    engines: [modelTtsEngine(engines.voice, shared)],
    normalizer: engines.normalizer,
    resamplers: engines.resamplers,
    config: { name: "simulated", address: "in-process:0", host: "here", capacity: 8, ...options },
  });
}

function openOrchestrator(
  engines: SimulationEngines,
  shared: Shared & { echoCancellers: EchoCancellerFactory; worker: TtsWorker; stack: ClosingStack },
  options: SimulatedParleyOptions,
): Orchestrator {
  const { clock, worker, stack } = shared;
  const { brain, voice, server } = options.config;
  const { seed = brain.builtin.seed } = options;
  const asr = createInProcessEars({ ...shared, decoder: modelDecoder(engines.decoder, shared) });
  stack.add(() => asr.close());
  return createOrchestrator({
    ...shared,
    asr,
    metrics: noMetrics,
    detectors: modelDetectors(engines.detectors, clock),
    resamplers: engines.resamplers,
    brain: options.createBrain?.(clock) ?? createBuiltinBrain({ clock, seed, timing: brain.builtin }),
    voiceLink: createDirectVoiceLink({ worker, clock, delayMs: GRPC_MS }),
    config: sessionConfigOf(options.config),
    leaseTtlMs: voice.leaseTtlMs,
    maxSessions: server.maxSessions ?? MAX_SESSIONS,
    token: undefined,
    defaultVoice: voice.default,
  });
}
